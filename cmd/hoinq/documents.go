package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/hoinq/hoinq/corpus"
)

// documentsCommand shows and removes documents.
type documentsCommand struct {
	List    listCommand    `cmd:"" default:"1" help:"Liệt kê các văn bản đang dùng."`
	Outline outlineCommand `cmd:"" help:"In dàn ý của một văn bản."`
	Text    textCommand    `cmd:"" help:"In toàn bộ chữ của một văn bản."`
	Remove  removeCommand  `cmd:"" help:"Gỡ một văn bản khỏi thư mục dữ liệu."`
}

type listCommand struct{}

// Run lists the documents in force.
func (listCommand) Run(ctx context.Context, p *program) error {
	p.refreshDocuments(ctx)
	library, err := p.library(ctx, nil)
	if err != nil {
		return err
	}
	own, err := corpus.OpenStore(p.Data).Load(ctx)
	if err != nil {
		return err
	}
	for _, e := range library.InForce() {
		from := "kèm sẵn"
		if _, ok := own.Edition(e.Document.ID, ""); ok {
			from = "đã nạp"
		}
		if n := len(e.Asked); n > 0 {
			from += fmt.Sprintf("\t%d câu hỏi kèm đoạn", n)
		}
		say(p.stdout, "%s\t%s\t%s\t%d đoạn\tbản %s\t%s\n",
			e.Document.ID, e.Document.Kind.Name(), e.Document.Title, len(e.Passages), e.ID, from)
	}
	if len(own.All()) > 0 && !p.Bundled {
		say(p.stdout, "Tài liệu kèm sẵn đang không dùng; thêm --bundled để dùng cả.\n")
	}
	return nil
}

type outlineCommand struct {
	ID string `arg:"" help:"Mã văn bản."`
}

// Run prints every passage of a document by its first words, each with its
// place, so that a clerk sees what was understood.
func (c *outlineCommand) Run(ctx context.Context, p *program) error {
	e, err := p.document(ctx, c.ID)
	if err != nil {
		return err
	}
	say(p.stdout, "%s\n", e.Document.Title)
	for i, passage := range e.Passages {
		if passage.Kind == corpus.PassageTitle {
			continue
		}
		depth := len(e.Ancestors(i))
		say(p.stdout, "%s%s\t%s\n", strings.Repeat("  ", depth), firstLine(e.Words(passage.Span)), passage.Location)
	}
	return nil
}

// firstLine is the beginning of a passage, for an outline.
func firstLine(words string) string {
	const longest = 100
	words = strings.ReplaceAll(words, "\n", " ")
	if r := []rune(words); len(r) > longest {
		return string(r[:longest]) + "…"
	}
	return words
}

type textCommand struct {
	ID string `arg:"" help:"Mã văn bản."`
}

// Run prints the canonical text, byte for byte.
func (c *textCommand) Run(ctx context.Context, p *program) error {
	e, err := p.document(ctx, c.ID)
	if err != nil {
		return err
	}
	if _, err := io.WriteString(p.stdout, e.Text); err != nil {
		return fmt.Errorf("print text: %w", err)
	}
	return nil
}

type removeCommand struct {
	ID string `arg:"" help:"Mã văn bản."`
}

// Run removes a document with all its editions.
func (c *removeCommand) Run(ctx context.Context, p *program) error {
	return p.changeDocuments(ctx, func(p *program, store *corpus.Store) error { return c.remove(ctx, p, store) })
}

func (c *removeCommand) remove(ctx context.Context, p *program, store *corpus.Store) error {
	err := store.Remove(ctx, corpus.DocumentID(c.ID))
	if errors.Is(err, corpus.ErrUnknownDocument) {
		if library, lerr := p.library(ctx, nil); lerr == nil {
			if _, ok := library.Edition(corpus.DocumentID(c.ID), ""); ok {
				return fmt.Errorf("%s là tài liệu kèm sẵn trong chương trình, không gỡ được; tài liệu kèm sẵn tự thôi dùng khi đã nạp văn bản riêng", c.ID)
			}
		}
	}
	if errors.Is(err, corpus.ErrUnknownDocument) {
		return fmt.Errorf("%s: %s", c.ID, explain(err))
	}
	if err != nil {
		return err
	}
	say(p.stdout, "Đã gỡ %s.\n", c.ID)
	return nil
}

// document finds a document in force by its id.
func (p *program) document(ctx context.Context, id string) (*corpus.Edition, error) {
	p.refreshDocuments(ctx)
	library, err := p.library(ctx, nil)
	if err != nil {
		return nil, err
	}
	e, ok := library.Edition(corpus.DocumentID(id), "")
	if !ok {
		return nil, fmt.Errorf("%s: %s", id, explain(corpus.ErrUnknownDocument))
	}
	return e, nil
}
