package main

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/hoinq/hoinq/corpus"
	"github.com/hoinq/hoinq/corpus/ingest"
)

// ingestCommand takes documents into the data folder.
type ingestCommand struct {
	Path []string `arg:"" sep:"none" help:"Tệp hoặc thư mục."`
}

// Run takes in every file it can, all at once, and fails at the end when there
// was one that it could not.
func (c *ingestCommand) Run(ctx context.Context, p *program) error {
	return p.changeDocuments(ctx, func(p *program, store *corpus.Store) error {
		return store.Alone(ctx, func() error { return c.ingest(ctx, p, store) })
	})
}

// ingest is Run while nobody else takes documents in: which id a document gets
// depends on those that are there.
func (c *ingestCommand) ingest(ctx context.Context, p *program, store *corpus.Store) error {
	present, err := store.Load(ctx)
	if err != nil {
		return err
	}
	var taken []*corpus.Edition
	failed := 0
	for _, file := range c.files(p, &failed) {
		e, err := p.readFile(ctx, file)
		if err != nil {
			failed++
			say(p.stderr, "hoinq: %s: %s\n", file, explain(err))
			continue
		}
		if !e.Document.ID.Valid() {
			failed++
			say(p.stderr, "hoinq: %s: mã %q không dùng được; hãy đổi tên tệp hoặc ghi id khác ở đầu tệp\n", file, e.Document.ID)
			continue
		}
		e, as := place(e, present, taken)
		if e == nil {
			say(p.stdout, "%s: trùng với một tệp khác trong lần nạp này, đã bỏ qua\n", file)
			continue
		}
		taken = append(taken, e)
		report(p, file, e, as)
	}
	if len(taken) > 0 {
		p.indexAhead(ctx, present, taken)
		if err := store.Put(ctx, taken...); err != nil {
			return err
		}
	}
	say(p.stdout, "Đã nạp %d văn bản", len(taken))
	if failed > 0 {
		say(p.stdout, ", %d tệp không nạp được (xem các dòng báo lỗi)\n", failed)
		return codeError(exitFailure)
	}
	say(p.stdout, ".\n")
	return nil
}

// files lists what the paths name, folders with all that is readable in them.
func (c *ingestCommand) files(p *program, failed *int) []string {
	var files []string
	for _, path := range c.Path {
		if strings.Contains(path, "://") {
			*failed++
			say(p.stderr, "hoinq: %s: chưa nạp được từ địa chỉ mạng; hãy lưu trang thành tệp .md hoặc .txt rồi nạp tệp\n", path)
			continue
		}
		err := filepath.WalkDir(path, func(file string, d fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return err
			case d.IsDir() && file != path && (strings.HasPrefix(d.Name(), ".") || sameFolder(file, p.Data)):
				return fs.SkipDir
			case d.IsDir() || file != path && (strings.HasPrefix(d.Name(), ".") || filepath.Ext(file) == "" || !ingest.Supported(d.Name())):
				return nil
			}
			files = append(files, file)
			return nil
		})
		if path == "-" {
			files, err = append(files, path), nil
		}
		if err != nil {
			*failed++
			say(p.stderr, "hoinq: %s: %s\n", path, explain(err))
		}
	}
	return files
}

// sameFolder reports whether two paths name one folder: the documents of the
// data folder are not taken in again.
func sameFolder(a, b string) bool {
	one, err1 := os.Stat(a)
	other, err2 := os.Stat(b)
	return err1 == nil && err2 == nil && os.SameFile(one, other)
}

// place finds the id under which an edition goes into the data folder, and says
// what it is there. The same text is the same edition wherever it stands; the
// same title or number under the file's name, or under one of the numbered
// names that went to papers of the same file name, is a new edition of that
// paper; anything else is another document. It is nil for a text that was taken
// in already in this run.
func place(e *corpus.Edition, present *corpus.Library, taken []*corpus.Edition) (placed *corpus.Edition, as string) {
	used := map[corpus.DocumentID]bool{}
	for _, t := range taken {
		if t.Digest == e.Digest {
			return nil, ""
		}
		used[t.Document.ID] = true
	}
	for _, have := range present.InForce() {
		switch {
		case have.Digest != e.Digest:
		case slices.Equal(have.Asked, e.Asked):
			return e.WithID(have.Document.ID), "đã có, không đổi"
		default:
			return e.WithID(have.Document.ID), "đã có, thay các câu hỏi kèm đoạn"
		}
	}
	for n := 1; ; n++ {
		id := e.Document.ID
		if n > 1 {
			id = corpus.DocumentID(fmt.Sprintf("%s-%d", e.Document.ID, n))
		}
		have, there := present.Edition(id, "")
		switch {
		case used[id]:
		case !there:
			return e.WithID(id), "văn bản mới"
		case have.Document.Title == e.Document.Title || have.Document.Number != "" && have.Document.Number == e.Document.Number:
			return e.WithID(id), "bản mới"
		}
	}
}

// report prints the line of one document: what was understood of it.
func report(p *program, file string, e *corpus.Edition, as string) {
	asked := ""
	if n := len(e.Asked); n > 0 {
		asked = fmt.Sprintf(", %d câu hỏi kèm đoạn", n)
	}
	say(p.stdout, "%s: %s, mã %s (%s), %d đoạn%s, bản %s (SHA-256 %s)\n",
		file, e.Document.Title, e.Document.ID, as, len(e.Passages), asked, e.ID, e.Digest)
	for _, w := range e.Quality.Warnings {
		say(p.stdout, "  lưu ý: %s\n", w)
	}
}
