package webchat

import (
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/hoinq/hoinq/bot"
	"github.com/hoinq/hoinq/corpus"
)

func textLogger(w io.Writer) *slog.Logger { return slog.New(slog.NewTextHandler(w, nil)) }

// invented has what the bundled documents lack: lists in lists, tables with
// and without words around them, captions, chapters, remarks of editors.
const invented = `---
title: Quy chế bến Cồn Sò
kind: nghi-quyet
number: 11-NQ/ĐH
date: 2020-10
sources:
  - https://a.example/nghi-quyet?x=1&y=2
  - javascript:alert(1)
  - Công báo số 3
---
# Quy chế bến Cồn Sò

> Bản này do nhóm biên tập soạn.

Các tổ được giao việc như sau:

1. Tổ một lo hậu cần:
   1. nước uống;
   2. thuốc men.

   Tổ một báo cáo hằng ngày.
2. Tổ hai lo đi lại.

## I. Chỉ tiêu <b>năm 2030</b>

Chỉ tiêu nêu ở bảng dưới đây:

| Chỉ tiêu | Đơn vị | Mức |
|---|---|--:|
| Thu ngân sách | tỷ đồng | 26.000 |
| Xuất khẩu | tỷ USD | 1,9 |

| Cảng | Triệu tấn |
|---|---|
| Lạc Hải | 40 |

### 1. Kênh thông tin

- Facebook
- Zalo
  + nhóm khu phố

    Nhóm khu phố có 200 người.
- Đài truyền thanh

#### 1.1. Nhỏ

##### a. Nhỏ hơn

###### Nhỏ nhất

Hết & "hết" (nguồn: [báo](https://a.example/?x=1&y=2)).
`

const stateLaw = "LUẬT GIỮ GÌN BỜ BIỂN\nChương I\nQUY ĐỊNH CHUNG\nĐiều 1. Phạm vi\n1. Luật này gồm:\na) Bến;\nđ) Bãi.\nBến cảng nhìn từ trên cao (Ảnh: PV)\nĐiều 2. Hiệu lực\nLuật này có hiệu lực ngay.\nCác tin khác\nTin một\n"

func TestTheSheetHoldsEveryWordOfTheDocumentOnce(t *testing.T) {
	editions := newAnswerer(t).Library().InForce()
	editions = append(editions, readDocument(t, "quy-che.md", invented), readDocument(t, "luat.txt", stateLaw), readDocument(t, "mot.txt", "Một dòng."))
	for _, e := range editions {
		t.Run(string(e.Document.ID), func(t *testing.T) {
			h := handlerOf(&fakeAsker{library: corpus.NewLibrary(e)})
			half := strings.IndexByte(e.Text[len(e.Text)/2:], ' ') + len(e.Text)/2
			marked := fmt.Sprintf("?tu=%d&den=%d&tim=a", strings.IndexByte(e.Text, ' '), max(half, 4))
			for _, query := range []string{"", "?tu=0&den=" + fmt.Sprint(len(e.Text)), marked} {
				root := get(t, h, documentPath(e.Document.ID)+query, http.StatusOK)
				checkPage(t, root)
				sheet := one(t, root, tag("article"))
				if got, want := solid(textOf(sheet)), solid(e.Text); got != want {
					t.Errorf("%s: sheet differs:\n%s\nwant:\n%s", query, got, want)
				}
				for _, p := range e.Passages {
					at := all(sheet, func(n *html.Node) bool { return attr(n, "id") == bot.Anchor(p.ID) })
					if len(at) != 1 || !strings.Contains(solid(textOf(at[0])), solid(e.Words(p.Span))) {
						t.Errorf("%s: %d elements with the words of %s", query, len(at), p.ID)
					}
				}
			}
		})
	}
}

func TestTablesListsAndHeadingsAreWhatTheyAre(t *testing.T) {
	e := readDocument(t, "quy-che.md", invented)
	h := handlerOf(&fakeAsker{library: corpus.NewLibrary(e)})
	root := get(t, h, documentPath(e.Document.ID), http.StatusOK)
	sheet := one(t, root, tag("article"))
	var tables []string
	for _, table := range all(sheet, tag("table")) {
		tables = append(tables, fmt.Sprintf("%d columns, %d rows", len(all(table, tag("th"))), len(all(table, tag("tr")))))
	}
	if got, want := strings.Join(tables, "; "), "3 columns, 3 rows; 2 columns, 2 rows"; got != want {
		t.Errorf("tables: %s, want %s", got, want)
	}
	lists := all(sheet, tag("ul"))
	if len(lists) < 4 {
		t.Errorf("%d lists", len(lists))
	}
	if got := textOf(one(t, lists[0], tag("li"))); !strings.HasPrefix(got, "1. Tổ một") || !strings.Contains(got, "1. nước uống;") {
		t.Errorf("first item %q", got)
	}
	var levels []string
	for _, head := range all(sheet, tag("h2", "h3", "h4", "h5")) {
		levels = append(levels, head.Data+" "+strings.Fields(textOf(head))[0])
	}
	if got, want := strings.Join(levels, ", "), "h2 I., h3 1., h4 1.1., h5 a., h5 Nhỏ"; got != want {
		t.Errorf("headings: %s, want %s", got, want)
	}
	contents := one(t, root, class("outline"))
	if n := len(all(contents, tag("a"))); n != len(levels) {
		t.Errorf("%d entries in the outline, want %d", n, len(levels))
	}
}

func TestOnlyWebAddressesAreLinks(t *testing.T) {
	e := readDocument(t, "quy-che.md", invented)
	root := get(t, handlerOf(&fakeAsker{library: corpus.NewLibrary(e)}), documentPath(e.Document.ID), http.StatusOK)
	var links []string
	for _, a := range all(one(t, root, class("facts")), tag("a")) {
		links = append(links, attr(a, "href"))
	}
	if got, want := strings.Join(links, " "), "https://a.example/nghi-quyet?x=1&y=2"; got != want {
		t.Errorf("links %q, want %q", got, want)
	}
	for _, want := range []string{"javascript:alert(1)", "Công báo số 3", "11-NQ/ĐH", "10/2020", "Nghị quyết", e.Digest, string(e.ID)} {
		if !strings.Contains(textOf(root), want) {
			t.Errorf("%q is not shown", want)
		}
	}
}

func TestARangeIsMarkedExactlyOrNotAtAll(t *testing.T) {
	e := readDocument(t, "a.txt", "Điều một.\nĐiều hai đã rõ.\n")
	h := handlerOf(&fakeAsker{library: corpus.NewLibrary(e)})
	second := strings.Index(e.Text, "hai")
	for query, want := range map[string]string{
		"":           "",
		"tu=0&den=6": "Điề",
		fmt.Sprint("tu=", second, "&den=", second+len("hai đã")): "hai đã",
		"tu=0&den=1":                    "", // Đ cut in two
		"tu=1&den=6":                    "",
		"tu=5&den=5":                    "",
		"tu=6&den=2":                    "",
		"tu=-1&den=6":                   "",
		"tu=0&den=4000":                 "",
		"tu=a&den=b":                    "",
		"tu=0":                          "",
		"den=6":                         "",
		"tu=0&den=99999999999999999999": "",
		"tu=%00&den=%ff":                "",
	} {
		var marked strings.Builder
		for _, mark := range all(get(t, h, documentPath(e.Document.ID)+"?"+query, http.StatusOK), tag("mark")) {
			marked.WriteString(textOf(mark))
		}
		if marked.String() != want {
			t.Errorf("%s: marked %q, want %q", query, marked.String(), want)
		}
	}
}

func TestAnEditionNoLongerInForceSaysSoAndLeadsToTheOther(t *testing.T) {
	current := readDocument(t, "quy-che.txt", "Quy chế bến\nBến mở cửa từ 6 giờ.\n")
	old := readDocument(t, "quy-che.txt", "Quy chế bến\nBến mở cửa từ 5 giờ.\n")
	old.Validity = corpus.Validity{Status: corpus.Replaced, Until: "2025-06-30", By: "Quy chế số 12"}
	h := handlerOf(&fakeAsker{library: corpus.NewLibrary(old, current)})
	at := documentPath(current.Document.ID)

	if root := get(t, h, at, http.StatusOK); len(all(root, class("warning"))) != 0 || !strings.Contains(textOf(root), "6 giờ") {
		t.Error("without an edition the page is not the one in force")
	}
	root := get(t, h, at+"?ban="+string(old.ID)+"&tim=gio", http.StatusOK)
	banner := one(t, root, class("warning"))
	for _, want := range []string{"không còn là bản đang dùng", "30/6/2025", "Quy chế số 12"} {
		if got := strings.ReplaceAll(textOf(banner), "30/06/2025", "30/6/2025"); !strings.Contains(got, want) {
			t.Errorf("%q is missing in %q", want, got)
		}
	}
	if link := attr(one(t, banner, tag("a")), "href"); link != at {
		t.Errorf("banner leads to %q", link)
	}
	if got := attr(one(t, one(t, root, class("find")), tag("input")), "value"); got != string(old.ID) {
		t.Errorf("the search goes on in edition %q", got)
	}
	checkPage(t, get(t, h, at+"?ban=00000000", http.StatusNotFound))

	alone := get(t, handlerOf(&fakeAsker{library: corpus.NewLibrary(old)}), at, http.StatusOK)
	if banner := one(t, alone, class("warning")); len(all(banner, tag("a"))) != 0 {
		t.Error("the banner leads to an edition in force that does not exist")
	}
}

func TestSearchingInsideADocument(t *testing.T) {
	e := readDocument(t, "quy-che.md", invented)
	h := handlerOf(&fakeAsker{library: corpus.NewLibrary(e)})
	root := get(t, h, documentPath(e.Document.ID)+"?"+url.Values{searchParam: {" TO  mot "}}.Encode(), http.StatusOK)
	found := one(t, root, class("found-list"))
	if head := textOf(one(t, found, tag("h2"))); head != "2 chỗ có “TO mot”" {
		t.Errorf("heading %q", head)
	}
	items := all(found, tag("li"))
	if len(items) != 2 || !strings.Contains(textOf(items[1]), "Tổ một báo cáo hằng ngày.") {
		t.Fatalf("%d places found", len(items))
	}
	checkLinks(t, h, root)
	for _, mark := range all(one(t, root, tag("article")), class("found")) {
		if got := textOf(mark); got != "Tổ một" {
			t.Errorf("marked %q", got)
		}
	}
	none := get(t, h, documentPath(e.Document.ID)+"?tim=kh%C3%B4ng+c%C3%B3", http.StatusOK)
	if head := textOf(one(t, one(t, none, class("found-list")), tag("h2"))); head != "Không có chỗ nào có “không có”" {
		t.Errorf("heading %q", head)
	}
}
