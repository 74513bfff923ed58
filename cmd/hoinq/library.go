package main

import (
	"context"
	"fmt"

	"github.com/hoinq/hoinq/corpus"
	"github.com/hoinq/hoinq/corpus/bundled"
	"github.com/hoinq/hoinq/corpus/ingest"
	"github.com/hoinq/hoinq/internal/answer"
	"github.com/hoinq/hoinq/retrieval"
)

// library chooses the documents that answers come from: the given files, else
// the data folder, else the bundled documents.
func (p *program) library(ctx context.Context, files []string) (*corpus.Library, error) {
	if len(files) > 0 {
		library, _, err := p.readFiles(ctx, files)
		return library, err
	}
	own, err := corpus.OpenStore(p.Data).Load(ctx)
	if err != nil {
		return nil, err
	}
	return p.beside(own)
}

// beside adds the bundled documents to those of the data folder, where they
// serve too.
func (p *program) beside(own *corpus.Library) (*corpus.Library, error) {
	editions := own.All()
	if len(editions) > 0 && !p.Bundled {
		return own, nil
	}
	shipped, err := bundled.Library()
	if err != nil {
		return nil, err
	}
	for _, e := range shipped.All() {
		if _, taken := own.Edition(e.Document.ID, ""); !taken {
			editions = append(editions, e)
		}
	}
	return corpus.NewLibrary(editions...), nil
}

// readFiles reads documents for this run alone. A file that cannot be read is
// named on standard error and counted; the others serve.
func (p *program) readFiles(ctx context.Context, files []string) (library *corpus.Library, failed int, err error) {
	var editions []*corpus.Edition
	for _, file := range files {
		e, err := p.readFile(ctx, file)
		if err != nil {
			failed++
			say(p.stderr, "hoinq: %s: %s\n", file, explain(err))
			continue
		}
		for _, w := range e.Quality.Warnings {
			say(p.stderr, "hoinq: %s: %s\n", file, w)
		}
		if e = distinct(e, editions); e != nil {
			editions = append(editions, e)
		}
	}
	if len(editions) == 0 {
		return nil, failed, codeError(exitFailure)
	}
	return corpus.NewLibrary(editions...), failed, nil
}

func (p *program) readFile(ctx context.Context, file string) (*corpus.Edition, error) {
	if file == "-" {
		return ingest.Reader("stdin", p.stdin)
	}
	return ingest.File(ctx, file)
}

// distinct gives an edition an id of its own when one of the others has its id
// and is another paper: two files called nghi-quyet.md from two folders. It is
// nil when the very same text is there already.
func distinct(e *corpus.Edition, others []*corpus.Edition) *corpus.Edition {
	taken := map[corpus.DocumentID]*corpus.Edition{}
	for _, o := range others {
		if o.Digest == e.Digest {
			return nil
		}
		taken[o.Document.ID] = o
	}
	id := e.Document.ID
	for n := 2; taken[id] != nil; n++ {
		id = corpus.DocumentID(fmt.Sprintf("%s-%d", e.Document.ID, n))
	}
	return e.WithID(id)
}

// engine makes ready to answer from an index. The composer in it also knows
// which questions can be offered.
func (p *program) engine(index *retrieval.Index) (*answer.Engine, *answer.Extractive) {
	composer := answer.NewExtractive(index, p.answerOptions())
	return answer.NewEngine(p.log, index, composer), composer
}

// engineFor makes ready to answer from documents that were read for this run
// alone.
func (p *program) engineFor(ctx context.Context, library *corpus.Library) (*answer.Engine, error) {
	index, err := retrieval.NewIndex(ctx, library, retrieval.Options{})
	if err != nil {
		return nil, err
	}
	engine, _ := p.engine(index)
	return engine, nil
}

func (p *program) answerOptions() answer.Options {
	return answer.Options{Office: p.Office, Contact: p.Contact}
}
