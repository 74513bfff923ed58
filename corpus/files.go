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

// readSet reads a set and proves that it may be followed.
func (s *Store) readSet(name string) ([]entry, error) {
	if name == "" {
		return nil, nil
	}
	path := s.path(setsFolder, name)
	data, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("read the set in force: %w", err)
	}
	entries, sound := entriesOf(name, data)
	if err != nil || !sound {
		return nil, fmt.Errorf("%s is missing or damaged: write the name of another file of its folder into %s, or delete %s and ingest all documents again",
			path, s.path(currentFile), s.path())
	}
	return entries, nil
}

// entriesOf are the editions of the set named name, whose file has the content
// data. They may be followed only when it is sound: the content is the one that
// the name stands for, and every name in it stays below the folder.
func entriesOf(name string, data []byte) (entries []entry, sound bool) {
	var content set
	sound = nameOf(data) == name && json.Unmarshal(data, &content) == nil
	for _, at := range content.Editions {
		sound = sound && at.Document.Valid() && folderName.MatchString(at.Folder)
	}
	return content.Editions, sound
}

// readEdition reads an edition and proves that it is the one that was put.
func (s *Store) readEdition(at entry) (*Edition, error) {
	parts, err := s.readParts(at)
	if err != nil {
		return nil, err
	}
	e, bad := editionOf(at, parts)
	if bad != "" {
		return nil, s.damaged(at, bad)
	}
	return e, nil
}

// partNames are the files of an edition, in the order of its [parts].
func partNames() [2]string { return [2]string{editionFile, textFile} }

// parts are the contents of the files of an edition.
type parts [2][]byte

// readParts reads the files of an edition as they are.
func (s *Store) readParts(at entry) (parts, error) {
	var p parts
	for i, name := range partNames() {
		data, err := os.ReadFile(filepath.Join(s.folder(at), name))
		if errors.Is(err, fs.ErrNotExist) {
			return p, s.damaged(at, name)
		}
		if err != nil {
			return p, fmt.Errorf("read edition %q of document %q: %w", at.Edition, at.Document, err)
		}
		p[i] = data
	}
	return p, nil
}

// editionOf is the edition that a set names, or else the name of the file that
// is not its own.
func editionOf(at entry, p parts) (e *Edition, bad string) {
	e = new(Edition)
	if folderOf(at.Edition, p[0]) != at.Folder || json.Unmarshal(p[0], e) != nil ||
		e.ID != at.Edition || e.Document.ID != at.Document || e.checkAsked() != nil {
		return nil, editionFile
	}
	e.Text = string(p[1])
	if digest, _ := DigestOf(e.Text); digest != e.Digest {
		return nil, textFile
	}
	return e, ""
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
	content := parts{meta, []byte(e.Text)}
	if s.holds(at, content) {
		return at, nil
	}
	temp := s.path(tempEdition)
	if err := writeParts(temp, content); err != nil {
		return entry{}, err
	}
	return at, s.moveIn(temp, at)
}

// writeParts makes a folder with the files of an edition.
func writeParts(folder string, p parts) error {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	for i, name := range partNames() {
		if err := durable.WriteFile(filepath.Join(folder, name), p[i]); err != nil {
			return err
		}
	}
	return nil
}

// moveIn gives the finished folder of an edition its place.
func (s *Store) moveIn(folder string, at entry) error {
	if err := os.MkdirAll(s.path(string(at.Document)), 0o755); err != nil {
		return err
	}
	return durable.ReplaceFolder(folder, s.folder(at), s.path(tempOld))
}

// commit writes a set and puts it in force in place of the one named old.
func (s *Store) commit(old string, entries []entry) error {
	slices.SortStableFunc(entries, func(a, b entry) int { return cmp.Compare(a.Document, b.Document) })
	data, err := encode(set{Editions: entries})
	if err != nil {
		return err // unreachable: a set is strings
	}
	return s.putInForce(old, nameOf(data), data)
}

// putInForce writes the file of the set named name and puts it in force in
// place of the one named old.
func (s *Store) putInForce(old, name string, data []byte) error {
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

// holds reports whether an edition is in its place with these contents.
func (s *Store) holds(at entry, p parts) bool {
	for i, name := range partNames() {
		got, err := os.ReadFile(filepath.Join(s.folder(at), name))
		if err != nil || !bytes.Equal(got, p[i]) {
			return false
		}
	}
	return true
}
