package ingest

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"github.com/hoinq/hoinq/corpus"
	"github.com/hoinq/hoinq/internal/unaccent"
)

// File reads the document in a file. The error names the file and wraps one of
// this package's or the file system's.
func File(ctx context.Context, path string) (*corpus.Edition, error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read document: %w", err)
	}
	defer f.Close() //nolint:errcheck // nothing was written
	return Reader(filepath.Base(path), f)
}

// Reader reads a document from r. name is the file's name: its extension
// chooses the reader, and where the document has no id or title of its own the
// name lends it one. A name without extension is read as what it looks like.
func Reader(name string, r io.Reader) (*corpus.Edition, error) {
	data, err := io.ReadAll(io.LimitReader(r, MaxFile+1))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	read, err := readerFor(name, data)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	draft, err := read(data)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	return NewEdition(name, draft), nil
}

// Supported reports whether the name of a file is one that Reader reads.
func Supported(name string) bool {
	_, err := readerFor(name, nil)
	return err == nil
}

func readerFor(name string, data []byte) (func([]byte) (Draft, error), error) {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".md", ".markdown":
		return Markdown, nil
	case ".txt", ".text":
		return PlainText, nil
	case "":
		if looksLikeMarkdown(data) {
			return Markdown, nil
		}
		return PlainText, nil
	}
	return nil, ErrFormat
}

// looksLikeMarkdown reports whether data has front matter or a heading of
// Markdown.
func looksLikeMarkdown(data []byte) bool {
	text := strings.TrimPrefix(string(data[:min(len(data), 64<<10)]), "\uFEFF")
	text = "\n" + strings.ReplaceAll(text, "\r\n", "\n")
	return strings.HasPrefix(text, "\n---\n") || strings.Contains(text, "\n# ") || strings.Contains(text, "\n## ")
}

// NewEdition finds the structure of a draft and makes the edition of it.
func NewEdition(name string, d Draft) *corpus.Edition {
	e := &corpus.Edition{
		Document: d.Document,
		Validity: d.Validity,
		Source:   corpus.Source{File: name, Reader: d.Reader},
		Pages:    d.Pages,
		Quality:  d.Quality,
		Passages: Structure(d),
		Text:     d.Text,
	}
	e.Digest, e.ID = corpus.DigestOf(d.Text)
	var warnings []string
	e.Asked, warnings = askedOf(d, e.Passages)
	e.Quality.Warnings = append(e.Quality.Warnings[:len(e.Quality.Warnings):len(e.Quality.Warnings)], warnings...)
	doc := &e.Document
	if doc.ID == "" {
		doc.ID = Slug(strings.TrimSuffix(name, filepath.Ext(name)))
	}
	if doc.ID == "" {
		doc.ID = corpus.DocumentID("van-ban-" + string(e.ID))
	}
	title, kind := headed(e)
	if doc.Title == "" {
		doc.Title = cmp.Or(title, titleOf(e, name))
	}
	if doc.Kind == "" {
		doc.Kind = kind
	}
	if doc.Kind == "" && looksLikeNews(e) {
		doc.Kind = corpus.KindNews
	}
	for i := range e.Passages {
		e.Passages[i].ID = corpus.NewPassageID(doc.ID, e.ID, e.Passages[i].Place)
	}
	return e
}

// headLines is how many lines at the top of a paper may come before the line
// that says what it is: the names of State or Party, of the issuer, number and
// date.
const headLines = 10

// headed finds the name of a paper below the letterhead: a line in capitals
// that says its kind, "NGHỊ QUYẾT", with the line below when it says no more.
func headed(e *corpus.Edition) (title string, kind corpus.Kind) {
	for i := range min(len(e.Passages), headLines) {
		line := e.Words(e.Passages[i].Span)
		if !upperCase(line) {
			continue
		}
		for _, k := range corpus.Kinds() {
			name := strings.ToUpper(k.Name())
			switch {
			case line != name && !strings.HasPrefix(line, name+" "):
				continue
			case line == name && i+1 < len(e.Passages) && len(e.Words(e.Passages[i+1].Span)) <= maxTitle:
				return line + " " + e.Words(e.Passages[i+1].Span), k
			}
			return line, k
		}
	}
	return "", ""
}

// titleOf finds a name for a document that declares none.
func titleOf(e *corpus.Edition, name string) string {
	for _, p := range e.Passages {
		if p.Kind == corpus.PassageTitle {
			return e.Words(p.Span)
		}
	}
	if len(e.Passages) > 0 && e.Passages[0].Kind == corpus.PassageHeading {
		return e.Words(e.Passages[0].Span)
	}
	return name
}

// looksLikeNews reports whether a text without declared kind is a news text:
// it has a caption and none of the marks of an official paper.
func looksLikeNews(e *corpus.Edition) bool {
	captions := 0
	for _, p := range e.Passages {
		switch p.Kind {
		case corpus.PassageCaption:
			captions++
		case corpus.PassageHeading:
			return false
		}
	}
	return captions > 0
}

// maxSlug is the length of the longest slug, in bytes: a document id may be ten
// longer, for a number behind it.
const maxSlug = 70

// Slug makes a document id of a name: "Nghị quyết (bản in)" is
// "nghi-quyet-ban-in". It is empty when the name holds no letter or digit of
// the Latin alphabet.
func Slug(name string) corpus.DocumentID {
	var b strings.Builder
	for _, r := range strings.ToLower(unaccent.String(name)) {
		switch {
		case r < utf8.RuneSelf && (r >= 'a' && r <= 'z' || r >= '0' && r <= '9'):
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
		if b.Len() >= maxSlug {
			break
		}
	}
	return corpus.DocumentID(strings.TrimRight(b.String(), "-"))
}
