package main

import (
	"context"
	"errors"
	"io/fs"
	"path/filepath"
	"syscall"

	"github.com/hoinq/hoinq/corpus"
	"github.com/hoinq/hoinq/retrieval"
)

// indexInUse is the index over the documents in use.
type indexInUse struct {
	*retrieval.Index
	// built is why it was built: an error of [retrieval.Folder.Load]. It is nil
	// for an index that was loaded.
	built error
}

func (p *program) indexFolder() *retrieval.Folder {
	return retrieval.OpenFolder(filepath.Join(p.Data, "index"))
}

// index loads the saved index of the documents in use, and builds it where that
// cannot be done. Only damage is worth a word: an index of other documents is
// what a change of the documents leaves.
func (p *program) index(ctx context.Context, library *corpus.Library) (indexInUse, error) {
	ix, why := p.indexFolder().Load(ctx, library, retrieval.Options{})
	if why == nil {
		return indexInUse{Index: ix}, nil
	}
	if !errors.Is(why, retrieval.ErrNotSaved) && ctx.Err() == nil {
		p.log.Warn("the saved index is of no use, a new one is built", "error", why)
	}
	ix, err := retrieval.NewIndex(ctx, library, retrieval.Options{})
	if err != nil {
		return indexInUse{}, err
	}
	return indexInUse{Index: ix, built: why}, nil
}

// keep saves an index that was built, for the next start. Nothing depends on it,
// so that what keeps it from it is only said, and a folder that is not to be
// written to not even that.
func (p *program) keep(ctx context.Context, ix indexInUse) {
	if err := p.save(ctx, ix); err != nil && !readOnly(err) {
		p.log.Warn("index not saved, the next start builds it again", "error", err)
	}
}

func (p *program) save(ctx context.Context, ix indexInUse) error {
	if ix.built == nil {
		return nil
	}
	return p.indexFolder().Save(ctx, ix.Index)
}

// readOnly reports whether an error is that of a folder that nobody may write
// to, or that we may not.
func readOnly(err error) bool {
	return errors.Is(err, fs.ErrPermission) || errors.Is(err, syscall.EROFS)
}

// indexAhead builds and saves the index of documents that are about to be put in
// force, so that a running serve, which takes them over at once, finds it.
func (p *program) indexAhead(ctx context.Context, present *corpus.Library, taken []*corpus.Edition) {
	library, err := p.beside(corpus.NewLibrary(append(taken[:len(taken):len(taken)], present.All()...)...))
	if err == nil && retrieval.WorthSaving(library) {
		var ix indexInUse
		if ix, err = p.index(ctx, library); err == nil {
			p.keep(ctx, ix)
		}
	}
	if err != nil && ctx.Err() == nil {
		p.log.Warn("index not built ahead", "error", err)
	}
}

// checkIndex says how the saved index is, and mends it.
func (p *program) checkIndex(ctx context.Context, ix indexInUse, check func(name string, err error, well string)) {
	const name = "chỉ mục lưu sẵn"
	if !retrieval.WorthSaving(ix.Library()) {
		check(name, nil, "chưa cần, văn bản còn ít")
		return
	}
	err := p.save(ctx, ix)
	damaged := ix.built != nil && !errors.Is(ix.built, retrieval.ErrNotSaved)
	switch {
	case damaged && err != nil:
		check(name, errors.Join(ix.built, err), "")
	case damaged:
		say(p.stdout, "đã sửa   %s: %s\n", name, explain(ix.built))
	case err != nil && readOnly(err):
		say(p.stdout, "nên có   %s: thư mục dữ liệu không ghi được nên mỗi lần khởi động phải dựng lại chỉ mục\n", name)
	case err != nil:
		check(name, err, "")
	case ix.built != nil:
		check(name, nil, "vừa dựng cho các văn bản đang dùng")
	default:
		check(name, nil, "đúng với các văn bản đang dùng")
	}
}
