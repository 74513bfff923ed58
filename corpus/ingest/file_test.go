package ingest

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/hoinq/hoinq/corpus"
)

func TestFileNamesWhatItCannotRead(t *testing.T) {
	for _, tc := range []struct {
		name, content string
		want          error
	}{
		{"rong.txt", "", ErrEmpty},
		{"chi-khoang-trang.txt", "\ufeff \n\t\u200b\n", ErrEmpty},
		{"chi-ky-tu-hong.txt", "\ufffd\n\ufffd", ErrEmpty},
		{"chi-dau-tep.md", "---\ntitle: A\n---\n", ErrEmpty},
		{"chi-ghi-chu.md", "<!-- một -->\n", ErrEmpty},
		{"nhi-phan.txt", "PK\x03\x04\x00\x00", ErrBinary},
		{"utf-16.txt", "\xff\xfeH\x00i\x00", ErrEncoding},
		{"utf-16-be.md", "\xfe\xff\x00H\x00i", ErrEncoding},
		{"utf-16-khong-dau.txt", "H\x00i\x00", ErrBinary},
		{"latin-1.txt", "Ngh\xeB quy\xeAt", ErrEncoding},
		{"qua-lon.txt", strings.Repeat("a", MaxFile+1), ErrTooLarge},
		{"van-ban.docx", "PK\x03\x04", ErrFormat},
		{"dau-tep-hong.md", "---\ntitle: [A\n---\nthân\n", ErrFrontMatter},
		{"dau-tep-sai-kieu.md", "---\nsources: {a: b}\n---\nthân\n", ErrFrontMatter},
	} {
		t.Run(tc.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), tc.name)
			if err := os.WriteFile(path, []byte(tc.content), 0o600); err != nil {
				t.Fatal(err)
			}
			e, err := File(t.Context(), path)
			if e != nil || !errors.Is(err, tc.want) {
				t.Fatalf("File: %v, %v; want %v", e, err, tc.want)
			}
			if line := err.Error(); !strings.Contains(line, tc.name) || strings.Contains(line, "\n") {
				t.Errorf("error %q, want one line that names the file", line)
			}
		})
	}
}

func TestFileNamesWhatTheSystemDoesNotGive(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "thu-muc.txt")
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	var system *fs.PathError
	if _, err := File(t.Context(), folder); !errors.As(err, &system) || !strings.Contains(err.Error(), "thu-muc.txt") {
		t.Errorf("folder: %v", err)
	}
	if _, err := File(t.Context(), folder+".md"); !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), "thu-muc.txt.md") {
		t.Errorf("missing file: %v", err)
	}
	if _, err := Reader("a.txt", iotest.ErrReader(fs.ErrPermission)); !errors.Is(err, fs.ErrPermission) || !strings.Contains(err.Error(), "a.txt") {
		t.Errorf("failing reader: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := File(ctx, folder); !errors.Is(err, context.Canceled) || !strings.Contains(err.Error(), "thu-muc.txt") {
		t.Errorf("canceled: %v", err)
	}
}

func TestTheNameChoosesTheReader(t *testing.T) {
	for _, tc := range []struct{ name, content, reader string }{
		{"a.md", "một", "markdown/2"},
		{"a.MARKDOWN", "một", "markdown/2"},
		{"a.txt", "# một", "text/2"},
		{"a.Text", "# một", "text/2"},
		{"-", "một\n#hai", "text/2"},
		{"-", "một\n\n## hai", "markdown/2"},
		{"-", "---\r\ntitle: A\r\n---\r\nmột", "markdown/2"},
		{"-", "\ufeff# một", "markdown/2"},
	} {
		if got := read(t, tc.name, tc.content).Source; got != (corpus.Source{File: tc.name, Reader: tc.reader}) {
			t.Errorf("%s %q: source %+v, want reader %s", tc.name, tc.content, got, tc.reader)
		}
		if !Supported(tc.name) {
			t.Errorf("%s is not supported", tc.name)
		}
	}
	for _, name := range []string{"a.pdf", "a.doc", "a.md.zip"} {
		if Supported(name) {
			t.Errorf("%s is supported", name)
		}
	}
}

func TestADocumentIsNamedByWhatItHas(t *testing.T) {
	long := strings.Repeat("Nghị quyết ", 12)
	for _, tc := range []struct {
		does, name, content string
		id                  corpus.DocumentID
		title               string
		kind                corpus.Kind
	}{
		{"its front matter", "a.md", "---\nid: B\ntitle: C\nkind: tin\n---\n# D\n\nthân", "b", "C", corpus.KindNews},
		{"its title", "Đề án 06.md", "# Đề án\n\nthân", "de-an-06", "Đề án", ""},
		{"its first heading", "a.md", "## Đề án\n\nthân", "a", "Đề án", ""},
		{"its file", "a.txt", "Chỉ có một đoạn.", "a", "a.txt", ""},
		{"its text", "第.txt", "Chỉ có một đoạn.", "van-ban-e9f008ff", "第.txt", ""},
		{"a caption makes it news", "a.txt", "Tàu cá ra khơi\nTàu ở bến (Ảnh: PV)\n\nSáng nay tàu ra khơi.", "a", "Tàu cá ra khơi", corpus.KindNews},
		{"a heading makes it none", "a.txt", "Tàu cá ra khơi\nTàu ở bến (Ảnh: PV)\nI. Ra khơi\nSáng nay.", "a", "Tàu cá ra khơi", ""},
		{"a long name is cut", long + ".md", "một", corpus.DocumentID(strings.Repeat("nghi-quyet-", 6) + "nghi"), long + ".md", ""},
	} {
		t.Run(tc.does, func(t *testing.T) {
			d := read(t, tc.name, tc.content).Document
			if d.ID != tc.id || d.Title != tc.title || d.Kind != tc.kind {
				t.Errorf("id %q, title %q, kind %q; want %q, %q, %q", d.ID, d.Title, d.Kind, tc.id, tc.title, tc.kind)
			}
		})
	}
}

func TestSlug(t *testing.T) {
	for name, want := range map[string]corpus.DocumentID{
		"Nghị quyết (bản in)":    "nghi-quyet-ban-in",
		"ĐỀ ÁN – 06/CP":          "de-an-06-cp",
		"nghi\u0323 quye\u0302t": "nghi-quyet",
		"../../etc/passwd":       "etc-passwd",
		"--a--":                  "a",
		"第一":                     "",
		"":                       "",
	} {
		if got := Slug(name); got != want {
			t.Errorf("Slug(%q) = %q, want %q", name, got, want)
		}
	}
}

func TestPlacesRepeatNoNumber(t *testing.T) {
	for _, tc := range []struct{ above, own, want string }{
		{"", "1", "1"},
		{"II", "6", "II.6"},
		{"II.6", "6.2", "II.6.2"},
		{"II.6.2", "6.2.1", "II.6.2.1"},
		{"6", "6.2", "6.2"},
		{"II", "6.2", "II.6.2"},
		{"II.16", "6.2", "II.16.6.2"},
		{"II.6~2", "6.2", "II.6~2.2"},
		{"dieu6", "6.2", "dieu6.6.2"},
	} {
		if got := joinPlace(tc.above, tc.own); got != tc.want {
			t.Errorf("%q below %q is %q, want %q", tc.own, tc.above, got, tc.want)
		}
	}
}
