package retrieval

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"

	"github.com/gofrs/flock"

	"github.com/hoinq/hoinq/corpus"
	"github.com/hoinq/hoinq/internal/durable"
	"github.com/hoinq/hoinq/internal/pack"
	"github.com/hoinq/hoinq/retrieval/vector"
	"github.com/hoinq/hoinq/retrieval/vietnamese"
)

// The layout of a folder of saved indexes:
//
//	LOCK                          locked while somebody writes
//	<fingerprint>/manifest.json   a manifest: lengths and checksums of the others
//	<fingerprint>/passages.bin    the first half of the index, see packPassages
//	<fingerprint>/vectors.gob     the vectors, one export of chromem-go
//	.tmp-*                        unfinished; removed by the next writer
//
// A folder that has a name is whole: it was written under another one and then
// renamed. What it depends on is in its name, so that an index of other
// documents, or of an older program, is never looked at. The last two are kept:
// `ask --bundled` beside `serve` has other documents.
const (
	manifestFile = "manifest.json"
	passagesFile = "passages.bin"
	vectorsFile  = "vectors.gob"
	writersLock  = "LOCK"

	tempIndex = ".tmp-index"
	tempOld   = ".tmp-old"

	keptIndexes = 2
)

// LeastSaved is from how many passages on an index is saved. Of 1,000 it is
// loaded in a quarter of the time that building takes, 0.1 s less
// (BenchmarkScale); below, nobody would notice.
const LeastSaved = 1000

// ErrNotSaved is returned, wrapped, when a folder holds no index of a library:
// none was saved, or one of other documents or by another version.
var ErrNotSaved = errors.New("no saved index of these documents")

// ErrDamaged is returned, wrapped, when the saved index of a library is not as
// it was written. Build a new one and save it over the damaged one.
var ErrDamaged = errors.New("saved index is damaged")

// indexName is the form of a fingerprint.
var indexName = regexp.MustCompile(`^[0-9a-f]{16}$`)

// Folder is a folder on disk that holds saved indexes, so that a start need not
// index everything again. All in it is derived and may be deleted at any time.
// Any number of folders, in this process or others, may be on the same path at
// the same time. Make one with [OpenFolder]; a Folder is safe for concurrent
// use.
type Folder struct{ dir string }

// OpenFolder names a folder. It touches nothing: the folder is made by the first
// [Folder.Save].
func OpenFolder(dir string) *Folder { return &Folder{dir: dir} }

// manifest is the content of a manifest.json.
type manifest struct {
	Format      int      `json:"format"`
	Fingerprint string   `json:"fingerprint"`
	Passages    fileSize `json:"passages"`
	Vectors     fileSize `json:"vectors"`
}

// fileSize is what a file must be.
type fileSize struct {
	Bytes  int    `json:"bytes"`
	SHA256 string `json:"sha256"`
}

func sizeOf(data []byte) fileSize {
	sum := sha256.Sum256(data)
	return fileSize{Bytes: len(data), SHA256: hex.EncodeToString(sum[:])}
}

// Load reads the saved index of the editions in force. It gives the results that
// [NewIndex] with the same options would. The error wraps [ErrNotSaved] or
// [ErrDamaged], or is one of reading; after each the caller builds the index.
// With fewer passages than [LeastSaved] nothing is ever saved, nor is an index
// with [Options.Without] or [Options.Wholes].
func (f *Folder) Load(ctx context.Context, library *corpus.Library, opt Options) (*Index, error) {
	if opt.Embedder.Embed == nil {
		opt.Embedder = vector.Local()
	}
	if !savable(library, opt) {
		return nil, fmt.Errorf("load index: %w", ErrNotSaved)
	}
	name := fingerprint(library, vietnamese.NewLexicon(), opt)
	m, err := f.manifest(name)
	if err != nil {
		return nil, err
	}
	ix, err := loadIndex(library, opt,
		func() ([]byte, error) { return f.read(name, passagesFile, m.Passages) },
		func() ([]byte, error) { return f.read(name, vectorsFile, m.Vectors) })
	if errors.Is(err, pack.ErrDamaged) || errors.Is(err, vector.ErrSaved) {
		return nil, fmt.Errorf("load index: %s: %w: %w", f.path(name), ErrDamaged, err)
	}
	if err != nil {
		return nil, fmt.Errorf("load index: %w", err)
	}
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("load index: %w", err)
	}
	return ix, nil
}

// Save puts an index into the folder, where [Folder.Load] finds it, in one step:
// readers see all of it or nothing. It does nothing for an index that Load would
// not look for, for one that Load finds there, and while somebody else is
// writing there. Of the other indexes it leaves the newest one. An error leaves
// what was there; one of a folder that cannot be written to wraps
// [fs.ErrPermission] or syscall.EROFS.
func (f *Folder) Save(ctx context.Context, ix *Index) (err error) {
	if !savable(ix.library, ix.options) {
		return nil
	}
	if err := os.MkdirAll(f.dir, 0o755); err != nil {
		return fmt.Errorf("save index: %w", err)
	}
	lock := flock.New(f.path(writersLock), flock.SetPermissions(0o644))
	locked, err := lock.TryLock()
	if err != nil {
		return fmt.Errorf("save index: %w", err)
	}
	if !locked {
		return nil
	}
	defer func() { err = errors.Join(err, lock.Unlock()) }()

	for _, left := range []string{tempIndex, tempOld} {
		if err := os.RemoveAll(f.path(left)); err != nil {
			return fmt.Errorf("save index: %w", err)
		}
	}
	if _, err := f.Load(ctx, ix.library, ix.options); err == nil {
		return nil // somebody else was faster
	}
	name := fingerprint(ix.library, ix.lexicon, ix.options)
	if err := f.write(name, ix); err != nil {
		return fmt.Errorf("save index: %w", errors.Join(err, os.RemoveAll(f.path(tempIndex))))
	}
	f.prune(name)
	return nil
}

// WorthSaving reports whether a library has as many passages in force as an index
// needs to be saved.
func WorthSaving(library *corpus.Library) bool { return countPassages(library) >= LeastSaved }

// savable reports whether indexes with these options and passages are saved.
func savable(library *corpus.Library, opt Options) bool {
	return WorthSaving(library) && len(opt.Without) == 0 && !opt.Wholes
}

func (f *Folder) path(names ...string) string {
	return filepath.Join(append([]string{f.dir}, names...)...)
}

// manifest reads what the files of an index must be.
func (f *Folder) manifest(name string) (m manifest, err error) {
	data, err := os.ReadFile(f.path(name, manifestFile))
	if errors.Is(err, fs.ErrNotExist) {
		if _, err := os.Stat(f.path(name)); err == nil {
			return m, fmt.Errorf("load index: %s: %w: it has no manifest", f.path(name), ErrDamaged)
		}
		return m, fmt.Errorf("load index: %w", ErrNotSaved)
	}
	if err != nil {
		return m, fmt.Errorf("load index: %w", err)
	}
	if json.Unmarshal(data, &m) != nil || m.Format != savedFormat || m.Fingerprint != name {
		return m, fmt.Errorf("load index: %s: %w", f.path(name, manifestFile), ErrDamaged)
	}
	return m, nil
}

// read reads a file and proves that it is the one that was written.
func (f *Folder) read(name, file string, want fileSize) ([]byte, error) {
	if info, err := os.Stat(f.path(name, file)); err == nil && !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s: %w: it is no file", f.path(name, file), ErrDamaged) // a pipe would never end
	}
	data, err := os.ReadFile(f.path(name, file))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s: %w: the file is missing", f.path(name, file), ErrDamaged)
	}
	if err != nil {
		return nil, err
	}
	if len(data) != want.Bytes || sizeOf(data) != want {
		return nil, fmt.Errorf("%s: %w: another length or checksum", f.path(name, file), ErrDamaged)
	}
	return data, nil
}

// write puts an index in place of what stands under its name.
func (f *Folder) write(name string, ix *Index) error {
	vectors, err := ix.exportVectors()
	if err != nil {
		return err
	}
	passages := ix.packPassages()
	m, err := json.MarshalIndent(manifest{
		Format: savedFormat, Fingerprint: name, Passages: sizeOf(passages), Vectors: sizeOf(vectors),
	}, "", "  ")
	if err != nil {
		return err // unreachable: a manifest is strings and numbers
	}
	if err := os.Mkdir(f.path(tempIndex), 0o755); err != nil {
		return err
	}
	for file, data := range map[string][]byte{passagesFile: passages, vectorsFile: vectors, manifestFile: append(m, '\n')} {
		if err := durable.WriteFile(f.path(tempIndex, file), data); err != nil {
			return err
		}
	}
	return durable.ReplaceFolder(f.path(tempIndex), f.path(name), f.path(tempOld))
}

// prune deletes the indexes besides the one named that are not among the newest.
// One that cannot be deleted now is left for the next time.
func (f *Folder) prune(name string) {
	var others []fs.FileInfo
	entries, _ := os.ReadDir(f.dir)
	for _, e := range entries {
		if info, err := e.Info(); err == nil && indexName.MatchString(e.Name()) && e.Name() != name {
			others = append(others, info)
		}
	}
	slices.SortFunc(others, func(a, b fs.FileInfo) int { return b.ModTime().Compare(a.ModTime()) })
	for _, old := range others[min(len(others), keptIndexes-1):] {
		_ = os.RemoveAll(f.path(old.Name()))
	}
}
