package corpus

import (
	"archive/tar"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/hoinq/hoinq/internal/datafolder"
)

// A set travels as a tar stream, of the names and contents that it has on disk:
//
//	VERSION
//	sets/<hash>.json
//	<document>/<folder>/edition.json    for each edition, in the order of the set
//	<document>/<folder>/text.txt
//
// Nothing else may stand in it. So whoever takes it in knows, from the set on,
// the name of every file that must come next, and follows no name that the
// stream gives.

// formatFile says, as the file of this name in a data folder, by which version of
// its layout the stream was written.
const formatFile = "VERSION"

// MaxStream is the largest stream of a set, in bytes.
const MaxStream = 1 << 30

// maxPart is the largest file in a stream, in bytes: one of them at a time is
// held in memory.
const maxPart = 256 << 20

// ErrStream is returned, wrapped, for a stream that is not a set as [Store.Export]
// writes it: damaged, cut off, too large or made by another.
var ErrStream = errors.New("not a whole set of documents")

// Export writes the set of the given name, as [Store.Current] gives it, with
// all its editions to w. The same set gives the same bytes. It proves what it
// reads and fails where the store is damaged.
func (s *Store) Export(ctx context.Context, name string, w io.Writer) error {
	if err := s.export(ctx, name, &streamWriter{tar.NewWriter(w), MaxStream}); err != nil {
		return fmt.Errorf("export set %q: %w", name, err)
	}
	return nil
}

func (s *Store) export(ctx context.Context, name string, w *streamWriter) error {
	if !setName.MatchString(name) {
		return errors.New("there is no such set")
	}
	entries, err := s.readSet(name)
	if err != nil {
		return err
	}
	data, err := os.ReadFile(s.path(setsFolder, name))
	if err != nil {
		return err
	}
	if err := w.add(formatFile, fmt.Appendln(nil, datafolder.Version)); err != nil {
		return err
	}
	if err := w.add(path.Join(setsFolder, name), data); err != nil {
		return err
	}
	for _, at := range entries {
		p, err := s.readParts(at)
		if err != nil {
			return err
		}
		if _, bad := editionOf(at, p); bad != "" {
			return s.damaged(at, bad)
		}
		for i, name := range streamNames(at) {
			if err := errors.Join(ctx.Err(), w.add(name, p[i])); err != nil {
				return err
			}
		}
	}
	return w.Close()
}

// streamNames are the names of the files of an edition in a stream.
func streamNames(at entry) [2]string {
	names := partNames()
	for i := range names {
		names[i] = path.Join(string(at.Document), at.Folder, names[i])
	}
	return names
}

// Import takes in a stream of [Store.Export] and puts its set, which must be
// the one named name, in force in place of the present one, as a whole and at
// once. Before it has read r to its end, and so every check on the way has
// passed, nothing that readers see has changed: let r fail at its end, and not
// before, when the stream as a whole is not the right one. The error wraps
// [ErrStream] when it is the stream's fault. The set before stays on disk until
// the next Import. It waits for other writers until ctx ends.
func (s *Store) Import(ctx context.Context, name string, r io.Reader) error {
	err := s.locked(ctx, func(old string) error { return s.takeIn(ctx, old, name, r) })
	if err != nil {
		return fmt.Errorf("import set %q: %w", name, err)
	}
	return nil
}

// takeIn is Import while nobody else writes.
func (s *Store) takeIn(ctx context.Context, old, name string, r io.Reader) (err error) {
	staged := s.path(tempStream)
	defer func() { err = errors.Join(err, os.RemoveAll(staged)) }()
	in := &streamReader{tar: tar.NewReader(r), rest: r, left: MaxStream}
	data, entries, err := in.set(name)
	if err != nil {
		return err
	}
	var missing []entry
	for _, at := range entries {
		if err := ctx.Err(); err != nil {
			return err
		}
		p, err := in.edition(at)
		if err != nil {
			return err
		}
		if s.holds(at, p) {
			continue
		}
		if err := writeParts(filepath.Join(staged, string(at.Document), at.Folder), p); err != nil {
			return err
		}
		missing = append(missing, at)
	}
	if err := in.end(); err != nil {
		return err
	}
	for _, at := range missing {
		if err := s.moveIn(filepath.Join(staged, string(at.Document), at.Folder), at); err != nil {
			return err
		}
	}
	if err := s.putInForce(old, name, data); err != nil {
		return err
	}
	before, _ := s.readSet(old) // one that is damaged is of no use to anyone
	s.sweep(slices.Concat(before, entries))
	return nil
}

// sweep deletes the editions that are not among those to keep. What cannot be
// deleted just costs space, and is left for the next time.
func (s *Store) sweep(keep []entry) {
	folders, _ := os.ReadDir(s.path())
	for _, f := range folders {
		if id := DocumentID(f.Name()); f.IsDir() && id.Valid() {
			_ = s.prune(id, nil, keep)
		}
	}
}

// streamWriter writes the files of a stream.
type streamWriter struct {
	*tar.Writer
	left int64 // how many bytes it may still hold
}

func (w *streamWriter) add(name string, data []byte) error {
	size := int64(len(data))
	if w.left -= size; size > maxPart || w.left < 0 {
		return fmt.Errorf("%s: more than a stream of documents may hold", name)
	}
	// No times and owners: the bytes are those of the set alone.
	header := &tar.Header{Typeflag: tar.TypeReg, Name: name, Size: size, Mode: 0o644, ModTime: time.Unix(0, 0), Format: tar.FormatUSTAR}
	if err := w.WriteHeader(header); err != nil {
		return err
	}
	_, err := w.Write(data)
	return err
}

// streamReader reads the files of a stream in the order in which they must
// come.
type streamReader struct {
	tar  *tar.Reader
	rest io.Reader // below tar
	left int64     // how many bytes it may still hold
}

// next is the content of the next file, which must be the one named name.
func (r *streamReader) next(name string) ([]byte, error) {
	header, err := r.tar.Next()
	if err != nil {
		return nil, unusable(name, err)
	}
	// The plain format has no links into contents, no holes and no second names.
	if header.Name != name || header.Typeflag != tar.TypeReg || header.Format != tar.FormatUSTAR {
		return nil, unusable(name, errors.New("something else stands there"))
	}
	if r.left -= header.Size; header.Size > maxPart || r.left < 0 {
		return nil, unusable(name, errors.New("too large"))
	}
	data, err := io.ReadAll(r.tar)
	if err != nil {
		return nil, unusable(name, err)
	}
	return data, nil
}

// set reads the beginning: the format and the set of the given name.
func (r *streamReader) set(name string) (data []byte, entries []entry, err error) {
	format, err := r.next(formatFile)
	if err != nil {
		return nil, nil, err
	}
	if got := strings.TrimSpace(string(format)); got != fmt.Sprint(datafolder.Version) {
		return nil, nil, fmt.Errorf("%w: it has format %.20q, this hoinq knows %d: use a newer hoinq", ErrStream, got, datafolder.Version)
	}
	file := path.Join(setsFolder, name)
	if data, err = r.next(file); err != nil {
		return nil, nil, err
	}
	entries, sound := entriesOf(name, data)
	seen := map[entry]bool{}
	for _, at := range entries {
		sound = sound && !seen[at]
		seen[at] = true
	}
	if !setName.MatchString(name) || !sound {
		return nil, nil, unusable(file, errors.New("not the set of this name"))
	}
	return data, entries, nil
}

// edition reads the files of an edition and proves that they are its own.
func (r *streamReader) edition(at entry) (parts, error) {
	var p parts
	names := streamNames(at)
	for i, name := range names {
		data, err := r.next(name)
		if err != nil {
			return p, err
		}
		p[i] = data
	}
	if _, bad := editionOf(at, p); bad != "" {
		return p, unusable(path.Join(path.Dir(names[0]), bad), errors.New("not the content that the set names"))
	}
	return p, nil
}

// end reads to the end, where nothing more may stand.
func (r *streamReader) end() error {
	if header, err := r.tar.Next(); err == nil {
		return unusable(header.Name, errors.New("it is not in the set"))
	} else if !errors.Is(err, io.EOF) {
		return unusable("the end", err)
	}
	n, err := io.Copy(io.Discard, r.rest)
	if err == nil && n > 0 {
		err = errors.New("something stands behind it")
	}
	if err != nil {
		return unusable("the end", err)
	}
	return nil
}

// unusable is the error of a stream that is at fault at the file named name.
func unusable(name string, err error) error {
	return fmt.Errorf("%w: %.200q: %w", ErrStream, name, err)
}
