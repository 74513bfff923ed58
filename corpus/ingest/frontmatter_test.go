package ingest

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hoinq/hoinq/corpus"
)

func TestFrontMatterDescribesTheDocument(t *testing.T) {
	e := read(t, "tep.md", `---
id: Nghị quyết 11
title: "Nghị quyết:  Đại hội"
kind: nghi-quyet
issuer: Đại hội Đảng bộ
number: 11-NQ/ĐH
date: 2025-09-26
term: 2025-2030
status: amended
from: 2025-10-01
until: 2030-12-31
sources: [https://a.example/, ""]
questions:
  - Có mấy chỉ tiêu?
---
# Tiêu đề khác
`)
	document := corpus.Document{
		ID: "nghi-quyet-11", Title: "Nghị quyết: Đại hội", Kind: corpus.KindResolution, Issuer: "Đại hội Đảng bộ", Number: "11-NQ/ĐH",
		Date: "2025-09-26", Term: "2025-2030", Sources: []string{"https://a.example/"}, Questions: []string{"Có mấy chỉ tiêu?"},
	}
	if diff := cmp.Diff(e.Document, document); diff != "" {
		t.Errorf("document (-got +want):\n%s", diff)
	}
	validity := corpus.Validity{Status: corpus.Amended, From: "2025-10-01", Until: "2030-12-31"}
	if diff := cmp.Diff(e.Validity, validity); diff != "" {
		t.Errorf("validity (-got +want):\n%s", diff)
	}
	if e.Text != "Tiêu đề khác\n" || len(e.Quality.Warnings) > 0 {
		t.Errorf("text %q, warnings %q", e.Text, e.Quality.Warnings)
	}
}

func TestFrontMatterWarnsOfWhatItLeavesOut(t *testing.T) {
	for _, tc := range []struct{ line, warning string }{
		{"tilte: Kế hoạch", `không hiểu mục "tilte" ở đầu tệp, đã bỏ qua`},
		{"kind: sach", `kind "sach" không có; các giá trị dùng được: nghi-quyet, chuong-trinh-hanh-dong, ke-hoach, bao-cao, tin, tom-luoc`},
		{"date: 30/11/2020", `date "30/11/2020" không đúng dạng năm-tháng-ngày, ví dụ 2020-11-30`},
		{"date: 2020-13-01", `date "2020-13-01" không đúng dạng năm-tháng-ngày, ví dụ 2020-11-30`},
		{"until: cuối năm", `until "cuối năm" không đúng dạng năm-tháng-ngày, ví dụ 2020-11-30`},
		{"status: cũ", `status "cũ" không có; dùng in-force, amended, replaced hoặc expired`},
	} {
		e := read(t, "tep.md", "---\n"+tc.line+"\n---\nMột đoạn.\n")
		if diff := cmp.Diff(e.Quality.Warnings, []string{tc.warning}); diff != "" {
			t.Errorf("%s: warnings (-got +want):\n%s", tc.line, diff)
		}
		if diff := cmp.Diff(e.Document, corpus.Document{ID: "tep", Title: "tep.md"}); diff != "" || e.Validity != (corpus.Validity{}) {
			t.Errorf("%s: validity %+v, document (-got +want):\n%s", tc.line, e.Validity, diff)
		}
	}
}

func TestWhereFrontMatterEnds(t *testing.T) {
	for _, tc := range []struct{ file, title, body string }{
		{"---\ntitle: A\n---\nthân\n", "A", "thân\n"},
		{"---  \ntitle: A\n---\t\n---\n", "A", "---\n"},
		{"---\n---\nthân\n", "", "thân\n"},
		{"---\ntitle: A\n---", "A", ""},
		{"\n---\ntitle: A\n---\n", "", "\n---\ntitle: A\n---\n"},
		{"---\ntitle: A\n", "", "---\ntitle: A\n"},
		{"thân\n---\ntitle: A\n---\n", "", "thân\n---\ntitle: A\n---\n"},
	} {
		f, body, err := cutFrontMatter(tc.file)
		if err != nil || f.Title != tc.title || body != tc.body {
			t.Errorf("%q: title %q, body %q, %v; want %q and %q", tc.file, f.Title, body, err, tc.title, tc.body)
		}
	}
}

func FuzzFrontMatter(f *testing.F) {
	for _, s := range []string{
		"---\ntitle: Kế hoạch\nkind: ke-hoach\ndate: 2025-11-30\n---\nthân", "---\nsources:\n  - https://a.example/\nquestions: [Ai làm?]\n---\n",
		"---\ntitle: [\n---\n", "---\na: &a [*a, *a]\nb: *a\n---\n", "---\n\ttitle: A\n---\n", "---\n? {a: b}\n: c\n---\n", "---\ntitle: |\n  Một\n  hai\nid: !!binary 0\n---\n",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, file string) {
		front, body, err := cutFrontMatter(file)
		if err != nil {
			if !errors.Is(err, ErrFrontMatter) || strings.Contains(err.Error(), "\n") {
				t.Errorf("error %q", err)
			}
			return
		}
		if !strings.HasSuffix(file, body) {
			t.Errorf("body %q is not the end of the file", body)
		}
		var d Draft
		front.apply(&d)
		if !d.Document.Kind.Valid() || d.Document.Date != "" && !isDate(d.Document.Date) || d.Document.Title != clean(d.Document.Title) {
			t.Errorf("document %+v", d.Document)
		}
	})
}

func TestASingleSourceNeedsNoList(t *testing.T) {
	f, _, err := cutFrontMatter("---\nsources: https://a.example/\n---\n")
	if err != nil || !slices.Equal(f.Sources, []string{"https://a.example/"}) {
		t.Errorf("sources %q, error %v", f.Sources, err)
	}
}
