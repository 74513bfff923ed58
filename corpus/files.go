package corpus

import (
	"bytes"
	"cmp"
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
	"strings"

	"github.com/hoinq/hoinq/internal/durable"
)

// What may become part of a path: names come from files that anyone can edit
// and ids from outside.
var (
	documentName = regexp.MustCompile(`^[a-z0-9-]{1,80}$`)
	folderName   = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{8}$`)
	setName      = regexp.MustCompile(`^[0-9a-f]{16}\.json$`)
)

// Valid reports whether a document may be stored under the id: it is a name of
// the form of [DocumentID] and none that the data folder or a system keeps for
// itself, also where upper and lower case are the same.
func (id DocumentID) Valid() bool {
	name := string(id)
	return documentName.MatchString(name) && filepath.IsLocal(name) &&
		name != strings.ToLower(currentFile) && name != strings.ToLower(lockFile) && name != strings.ToLower(aloneFile) && name != setsFolder
}

// entry is one edition in a set.
type entry struct {
	Document DocumentID `json:"document"`
	Edition  EditionID  `json:"edition"`
	Folder   string     `json:"folder"`
}

// set is the content of a set file.
type set struct {
	Editions []entry `json:"editions"`
}

// withoutText is the content of an edition.json: its Text hides the edition's.
type withoutText struct {
	*Edition
	Text string `json:"text,omitempty"`
}

// path is a place below the folder of the documents.
func (s *Store) path(names ...string) string {
	return filepath.Join(append([]string{s.dir, "corpus"}, names...)...)
}

func (s *Store) folder(at entry) string { return s.path(string(at.Document), at.Folder) }

// readSet reads a set and proves that it may be followed: its content is the
// one its name stands for, and every name in it stays below the folder.
func (s *Store) readSet(name string) ([]entry, error) {
	if name == "" {
		return nil, nil
	}
	path := s.path(setsFolder, name)
	data, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("read the set in force: %w", err)
	}
	var content set
	sound := err == nil && nameOf(data) == name && json.Unmarshal(data, &content) == nil
	for _, at := range content.Editions {
		sound = sound && at.Document.Valid() && folderName.MatchString(at.Folder)
	}
	if !sound {
		return nil, fmt.Errorf("%s is missing or damaged: write the name of another file of its folder into %s, or delete %s and ingest all documents again",
			path, s.path(currentFile), s.path())
	}
	return content.Editions, nil
}

// readEdition reads an edition and proves that it is the one that was put.
func (s *Store) readEdition(at entry) (*Edition, error) {
	var parts [2][]byte
	for i, name := range []string{editionFile, textFile} {
		data, err := os.ReadFile(filepath.Join(s.folder(at), name))
		if errors.Is(err, fs.ErrNotExist) {
			return nil, s.damaged(at, name)
		}
		if err != nil {
			return nil, fmt.Errorf("read edition %q of document %q: %w", at.Edition, at.Document, err)
		}
		parts[i] = data
	}
	e := new(Edition)
	if folderOf(at.Edition, parts[0]) != at.Folder || json.Unmarshal(parts[0], e) != nil ||
		e.ID != at.Edition || e.Document.ID != at.Document || e.checkAsked() != nil {
		return nil, s.damaged(at, editionFile)
	}
	e.Text = string(parts[1])
	if digest, _ := DigestOf(e.Text); digest != e.Digest {
		return nil, s.damaged(at, textFile)
	}
	return e, nil
}

func (s *Store) damaged(at entry, name string) error {
	return fmt.Errorf("%s is missing or damaged: remove the document %q and ingest it again",
		filepath.Join(s.folder(at), name), at.Document)
}

// place puts an edition into its folder. One that is there already stays when
// it is sound and is made anew when it is not.
func (s *Store) place(e *Edition) (entry, error) {
	meta, err := encode(withoutText{Edition: e})
	if err != nil {
		return entry{}, err
	}
	at := entry{Document: e.Document.ID, Edition: e.ID, Folder: folderOf(e.ID, meta)}
	if holds(filepath.Join(s.folder(at), editionFile), meta) && holds(filepath.Join(s.folder(at), textFile), []byte(e.Text)) {
		return at, nil
	}
	temp := s.path(tempEdition)
	for _, folder := range []string{temp, s.path(string(at.Document))} {
		if err := os.MkdirAll(folder, 0o755); err != nil {
			return entry{}, err
		}
	}
	if err := durable.WriteFile(filepath.Join(temp, editionFile), meta); err != nil {
		return entry{}, err
	}
	if err := durable.WriteFile(filepath.Join(temp, textFile), []byte(e.Text)); err != nil {
		return entry{}, err
	}
	return at, durable.ReplaceFolder(temp, s.folder(at), s.path(tempOld))
}

// commit writes a set and puts it in force in place of the one named old.
func (s *Store) commit(old string, entries []entry) error {
	slices.SortStableFunc(entries, func(a, b entry) int { return cmp.Compare(a.Document, b.Document) })
	data, err := encode(set{Editions: entries})
	if err != nil {
		return err // unreachable: a set is strings
	}
	name := nameOf(data)
	if name == old {
		return nil
	}
	if err := durable.ReplaceFile(s.path(tempFile), s.path(setsFolder, name), data); err != nil {
		return err
	}
	// The folders of new documents and of the sets are names in this one.
	if err := durable.SyncFolder(s.path()); err != nil {
		return err
	}
	if err := durable.ReplaceFile(s.path(tempFile), s.path(currentFile), []byte(name+"\n")); err != nil {
		return err
	}
	s.pruneSets(old, name)
	return nil
}

// prune deletes the folders of a document that neither the set before nor the
// present one names, and all of them when the present one does not name the
// document. Only the latter can fail: a folder that just costs space is left
// for the next change of the document.
func (s *Store) prune(id DocumentID, old, next []entry) error {
	if !slices.ContainsFunc(next, func(at entry) bool { return at.Document == id }) {
		return os.RemoveAll(s.path(string(id)))
	}
	folders, _ := os.ReadDir(s.path(string(id)))
	for _, f := range folders {
		named := func(at entry) bool { return at.Document == id && at.Folder == f.Name() }
		if folderName.MatchString(f.Name()) && !slices.ContainsFunc(old, named) && !slices.ContainsFunc(next, named) {
			_ = os.RemoveAll(s.path(string(id), f.Name()))
		}
	}
	return nil
}

// pruneSets deletes the sets that are neither of the two. One that cannot be
// deleted now is left for the next change.
func (s *Store) pruneSets(old, next string) {
	sets, _ := os.ReadDir(s.path(setsFolder))
	for _, f := range sets {
		if name := f.Name(); setName.MatchString(name) && name != old && name != next {
			_ = os.Remove(s.path(setsFolder, name))
		}
	}
}

// nameOf is the name of the set file that has the content data.
func nameOf(data []byte) string { return hashOf(data)[:16] + ".json" }

// folderOf is the name of the folder for an edition.json with the content data.
func folderOf(id EditionID, data []byte) string { return string(id) + "-" + hashOf(data)[:8] }

func hashOf(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// encode writes JSON that a person can read: the same value gives the same
// bytes, on which the names of sets and folders rest.
func encode(value any) ([]byte, error) {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	err := enc.Encode(value)
	return out.Bytes(), err
}

// holds reports whether the file at path can be read and has the content data.
func holds(path string, data []byte) bool {
	got, err := os.ReadFile(path)
	return err == nil && bytes.Equal(got, data)
}
