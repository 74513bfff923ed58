package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/hoinq/hoinq/corpus"
	"github.com/hoinq/hoinq/internal/answer"
	"github.com/hoinq/hoinq/internal/config"
	"github.com/hoinq/hoinq/retrieval"
)

// doctorCommand checks what the program stands on.
type doctorCommand struct{}

// Run checks everything and says of each part whether it is well, and what to
// mend where it is not.
func (doctorCommand) Run(ctx context.Context, p *program) error {
	healthy := true
	check := func(name string, err error, well string) {
		if err != nil {
			healthy = false
			say(p.stdout, "CẦN SỬA  %s: %s\n", name, explain(err))
			return
		}
		say(p.stdout, "ổn       %s: %s\n", name, well)
	}
	check("cài đặt", unknownSettings(p.environ()), "không có tên cài đặt lạ")
	check("thư mục dữ liệu", checkData(p.Data), p.Data)
	library, err := p.library(ctx, nil)
	if err != nil {
		check("văn bản", err, "")
		return codeError(exitFailure)
	}
	check("văn bản", nil, fmt.Sprintf("%d văn bản đang dùng%s", len(library.InForce()), p.ownOrNot(ctx)))
	check("chỉ mục và trích dẫn", p.tryOut(ctx, library), "mọi câu trích thử đều đúng nguyên văn")
	if p.Office == "" && p.Contact == "" {
		say(p.stdout, "nên có   HOINQ_OFFICE, HOINQ_CONTACT: tên và cách liên hệ của cơ quan, hiện khi không trả lời được\n")
	}
	if !healthy {
		return codeError(exitFailure)
	}
	return nil
}

func unknownSettings(environ []string) error {
	if unknown := config.Unknown(environ); len(unknown) > 0 {
		return fmt.Errorf("chương trình không có cài đặt %v; các cài đặt có: %v", unknown, config.Names())
	}
	return nil
}

// checkData tries whether the data folder can be written, or made.
func checkData(dir string) error {
	info, err := os.Stat(dir)
	for errors.Is(err, fs.ErrNotExist) && dir != filepath.Dir(dir) {
		dir = filepath.Dir(dir) // the first ingest makes the folder in this one
		info, err = os.Stat(dir)
	}
	switch {
	case err != nil:
		return fmt.Errorf("look at data folder: %w", err)
	case !info.IsDir():
		return fmt.Errorf("%s là một tệp; hãy đặt HOINQ_DATA thành một thư mục", dir)
	}
	f, err := os.CreateTemp(dir, ".doctor-*")
	if err != nil {
		return fmt.Errorf("write to data folder: %w", err)
	}
	return errors.Join(f.Close(), os.Remove(f.Name()))
}

// ownOrNot says when the data folder holds nothing, which a slip in its name
// looks like too.
func (p *program) ownOrNot(ctx context.Context) string {
	if own, err := corpus.OpenStore(p.Data).Load(ctx); err == nil && len(own.All()) == 0 {
		return fmt.Sprintf(" (kèm sẵn; thư mục %s chưa có văn bản riêng)", p.Data)
	}
	return ""
}

// tryOut asks each document for its own title and proves what comes back.
func (p *program) tryOut(ctx context.Context, library *corpus.Library) error {
	engine, err := p.engine(ctx, library)
	if err != nil {
		return err
	}
	for _, e := range library.InForce() {
		a, err := engine.Ask(ctx, retrieval.Query{Text: e.Document.Title})
		if err != nil {
			return err
		}
		if err := answer.Proven(library, a); err != nil {
			return fmt.Errorf("%s: %w", e.Document.ID, err)
		}
	}
	return nil
}
