package corpus

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/gofrs/flock"

	"github.com/hoinq/hoinq/internal/datafolder"
	"github.com/hoinq/hoinq/internal/parallel"
)

// The layout below the data folder:
//
//	VERSION                                  see internal/datafolder
//	corpus/CURRENT                           one line: the file in sets/ that is in force
//	corpus/LOCK                              locked while somebody writes
//	corpus/ALONE                             locked while somebody looks and then writes
//	corpus/sets/<hash>.json                  a set: its editions, by document id, newest first
//	corpus/<document>/<folder>/edition.json  an Edition without its text
//	corpus/<document>/<folder>/text.txt      its canonical text, byte for byte
//	corpus/.tmp-*                            unfinished; removed by the next writer
//
// A set is named by the hash of its file, and the folder of an edition by the
// edition id and the hash of its edition.json, "1a2b3c4d-99aabbcc". So nothing
// but CURRENT ever changes: a writer puts new editions and a new set beside
// the old ones and then replaces CURRENT by a rename. Before that moment
// readers see the old set whole, after it the new one, also when the writer
// died on the way. The set before the present one is kept, so that a reader
// who had just begun with it can finish.
const (
	currentFile = "CURRENT"
	lockFile    = "LOCK"
	aloneFile   = "ALONE"
	setsFolder  = "sets"
	editionFile = "edition.json"
	textFile    = "text.txt"

	tempPrefix  = ".tmp-"
	tempFile    = ".tmp-file"
	tempEdition = ".tmp-edition"
	tempOld     = ".tmp-old"
	tempStream  = ".tmp-stream"
)

// lockPoll is how long a writer waits before it tries the lock again; short
// beside the time that one write takes on a slow disk.
const lockPoll = 20 * time.Millisecond

// ErrUnknownDocument is returned, wrapped, for a document that the store does
// not hold.
var ErrUnknownDocument = errors.New("unknown document")

// Store is the folder on disk that holds documents. Make one with [OpenStore];
// the zero value works in the working directory. Any number of stores, in this
// process or others, may use one folder at the same time: readers never wait,
// writers wait for each other. A Store is safe for concurrent use.
type Store struct{ dir string }

// OpenStore names the data folder to work in. It touches nothing: the folder
// is made by the first [Store.Put].
func OpenStore(dir string) *Store { return &Store{dir: dir} }

// Current returns the name of the set in force, "" when there is none. The
// name stands for the content: the same documents have the same name. It reads
// one small file and is meant to be called again and again to notice changes.
func (s *Store) Current() (string, error) {
	line, err := os.ReadFile(s.path(currentFile))
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("read the name of the set in force: %w", err)
	}
	name := strings.TrimSpace(string(line))
	if !setName.MatchString(name) {
		return "", fmt.Errorf("%s is damaged: write the name of a file of %s into it", s.path(currentFile), s.path(setsFolder))
	}
	return name, nil
}

// Load reads the set in force; a folder that does not exist is an empty
// library. It fails as a whole when one edition is damaged, naming the file
// and the remedy. It writes nothing and needs no lock.
func (s *Store) Load(ctx context.Context) (*Library, error) {
	// A set may be replaced twice, and then be gone, while it is read. So an
	// error counts only when the same set gives it a second time.
	for failed := ""; ; {
		err := datafolder.Check(s.dir)
		if err != nil {
			return nil, fmt.Errorf("load documents: %w", err)
		}
		name, err := s.Current()
		if err != nil {
			return nil, fmt.Errorf("load documents: %w", err)
		}
		library, err := s.loadSet(ctx, name)
		if err == nil {
			return library, nil
		}
		if ctx.Err() != nil || name == failed {
			return nil, fmt.Errorf("load documents: %w", err)
		}
		failed = name
	}
}

// Put adds editions in one step: readers see all of them or none. An edition
// replaces what was known of the same edition and becomes the one in force of
// its document, also when it is an old one that comes back. The others stay, so
// that old citations can be opened; the one that was in force becomes
// [Replaced]. An edition that says itself that it is not in force is added
// without replacing another. Put waits for other writers until ctx ends.
func (s *Store) Put(ctx context.Context, editions ...*Edition) error {
	if len(editions) == 0 {
		return nil
	}
	documents := make([]DocumentID, len(editions))
	for i, e := range editions {
		if err := storable(e); err != nil {
			return fmt.Errorf("put edition %q of document %q: %w", e.ID, e.Document.ID, err)
		}
		documents[i] = e.Document.ID
	}
	return s.write(ctx, documents, func(entries []entry) ([]entry, error) {
		for _, e := range editions {
			err := ctx.Err()
			if err == nil {
				entries, err = s.put(entries, e)
			}
			if err != nil {
				return nil, fmt.Errorf("put edition %q of document %q: %w", e.ID, e.Document.ID, err)
			}
		}
		return entries, nil
	})
}

// Alone runs do while no other Alone runs on the same folder: for a caller who
// looks at what is there before it decides what to put. It waits until ctx
// ends. Do not call it within itself.
func (s *Store) Alone(ctx context.Context, do func() error) (err error) {
	if err := datafolder.Claim(s.dir); err != nil {
		return err
	}
	if err := os.MkdirAll(s.path(), 0o755); err != nil {
		return fmt.Errorf("make the folder of the documents: %w", err)
	}
	lock := flock.New(s.path(aloneFile), flock.SetPermissions(0o644))
	if _, err := lock.TryLockContext(ctx, lockPoll); err != nil {
		return fmt.Errorf("wait for %s, another hoinq is taking documents in: %w", s.path(), err)
	}
	defer func() { err = errors.Join(err, lock.Unlock()) }()
	return do()
}

// Remove takes all editions of a document out of the set and deletes them. The
// error wraps [ErrUnknownDocument] when the store holds none. Remove waits for
// other writers until ctx ends.
func (s *Store) Remove(ctx context.Context, id DocumentID) error {
	if err := datafolder.Check(s.dir); err != nil {
		return err
	}
	unknown := fmt.Errorf("remove document %q: %w", id, ErrUnknownDocument)
	if name, err := s.Current(); !id.Valid() || err == nil && name == "" {
		return unknown
	}
	return s.write(ctx, []DocumentID{id}, func(entries []entry) ([]entry, error) {
		rest := slices.DeleteFunc(slices.Clone(entries), func(at entry) bool { return at.Document == id })
		if len(rest) < len(entries) {
			return rest, nil
		}
		// Its folder may still be there, left by a Remove that was interrupted.
		return nil, errors.Join(unknown, s.prune(id, nil, nil))
	})
}

// loadSet reads all editions of a set; of "", none.
func (s *Store) loadSet(ctx context.Context, name string) (*Library, error) {
	entries, err := s.readSet(name)
	if err != nil {
		return nil, err
	}
	editions, errs := make([]*Edition, len(entries)), make([]error, len(entries))
	parallel.Each(len(entries), func(i int) {
		if errs[i] = ctx.Err(); errs[i] == nil {
			editions[i], errs[i] = s.readEdition(entries[i])
		}
	})
	for _, err := range errs {
		if err != nil {
			return nil, err // of the first, whichever was read first
		}
	}
	return NewLibrary(editions...), nil
}

// write replaces the set in force by what change makes of it. Then it clears
// the folders of the documents that the change is about.
func (s *Store) write(ctx context.Context, about []DocumentID, change func([]entry) ([]entry, error)) error {
	return s.locked(ctx, func(name string) error {
		old, err := s.readSet(name)
		if err != nil {
			return err
		}
		next, err := change(old)
		if err != nil {
			return err
		}
		if err := s.commit(name, next); err != nil {
			return fmt.Errorf("put a new set in force in %s: %w", s.path(), err)
		}
		for _, id := range about {
			if err := s.prune(id, old, next); err != nil {
				return fmt.Errorf("delete document %q, which is no longer in force: %w", id, err)
			}
		}
		return nil
	})
}

// locked runs do, with the name of the set in force, while nobody else writes.
func (s *Store) locked(ctx context.Context, do func(name string) error) (err error) {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("write to %s: %w", s.path(), err)
	}
	if err := datafolder.Claim(s.dir); err != nil {
		return err
	}
	if err := os.MkdirAll(s.path(setsFolder), 0o755); err != nil {
		return fmt.Errorf("make the folder of the documents: %w", err)
	}
	lock := flock.New(s.path(lockFile), flock.SetPermissions(0o644))
	if _, err := lock.TryLockContext(ctx, lockPoll); err != nil {
		if ctx.Err() != nil {
			return fmt.Errorf("wait for %s, another hoinq is writing there: %w", s.path(), err)
		}
		return fmt.Errorf("lock %s: %w", s.path(), err)
	}
	defer func() { err = errors.Join(err, lock.Unlock()) }()

	name, err := s.prepare()
	if err != nil {
		return fmt.Errorf("prepare %s for writing: %w", s.path(), err)
	}
	return do(name)
}

// prepare removes what an interrupted writer left and returns the name of the
// set in force.
func (s *Store) prepare() (string, error) {
	name, err := s.Current()
	if err != nil {
		return "", err
	}
	left, err := os.ReadDir(s.path())
	if err != nil {
		return "", err
	}
	for _, f := range left {
		if strings.HasPrefix(f.Name(), tempPrefix) {
			if err := os.RemoveAll(s.path(f.Name())); err != nil {
				return "", err
			}
		}
	}
	return name, nil
}

// put writes e and returns the entries with e as the first of its document.
func (s *Store) put(entries []entry, e *Edition) ([]entry, error) {
	first, err := s.place(e)
	if err != nil {
		return nil, err
	}
	next := []entry{first}
	for _, at := range entries {
		if at.Document == first.Document {
			if at.Edition == first.Edition {
				continue
			}
			if e.Validity.Current() {
				if at, err = s.retire(at); err != nil {
					return nil, err
				}
			}
		}
		next = append(next, at)
	}
	return next, nil
}

// retire notes that a newer edition took the place of the one at.
func (s *Store) retire(at entry) (entry, error) {
	e, err := s.readEdition(at)
	if err != nil || !e.Validity.Current() {
		return at, err
	}
	e.Validity.Status = Replaced
	return s.place(e)
}

// storable refuses an edition that could not be stored and read back.
func storable(e *Edition) error {
	if !e.Document.ID.Valid() {
		return errors.New("the document id must be 1 to 80 of a-z, 0-9 and hyphens, and none of alone, current, lock, sets")
	}
	if digest, id := DigestOf(e.Text); digest != e.Digest || id != e.ID {
		return errors.New("digest and edition id do not belong to the text")
	}
	return e.checkAsked()
}
