package queue

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"

	"github.com/hoinq/hoinq/internal/durable"
)

// Damage is what was found damaged of a stream or bucket when the folder was
// opened. What could be read of it is handed out as ever.
type Damage struct {
	// Stream is the name under which the server keeps it.
	Stream string
	// Files are the damaged files, from the stream's folder.
	Files []string
	// Lost is how many items could not be read, at most: some of them may have
	// been done. 0 when no item seems to be: only the very end could not be read,
	// as after a power cut in the middle of a write, which nobody was told of.
	Lost uint64
	// Copy is the folder that keeps the damaged files as they were.
	Copy string
}

// remedy is what the person who reads the log can do.
const remedy = "what can be read is handed out as ever; check the disk; the copy holds words of people, " +
	"delete it once nobody needs it; what is lost can only come from a backup"

func (d Damage) log(ctx context.Context, log *slog.Logger) {
	log = log.With("stream", d.Stream, "files", d.Files, "copy", d.Copy, "remedy", remedy)
	if d.Lost == 0 {
		log.WarnContext(ctx, "damaged files of the queue, no item seems to be lost")
		return
	}
	log.ErrorContext(ctx, "damaged files of the queue, items are lost", "at_most", d.Lost)
}

// mend looks through the files of a folder that no server has open, before one
// can: the server cuts a block off at the first damaged record, without a word,
// or passes over an unreadable item and counts it among the waiting ones for
// ever. Where files are damaged they are copied beside the folder as they are;
// then each block is replaced by the records of it that are whole, under their
// old sequence numbers, and the server is left to find out the rest by reading
// the blocks. A crash in between leaves what the next start mends.
//
// A block without any record that can be read is only copied: should a later
// server write another format, then it is for that server to judge.
func mend(dir string) ([]Damage, error) {
	streams := filepath.Join(dir, "jetstream", "$G", "streams")
	entries, err := os.ReadDir(streams)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	var found []Damage
	copies := ""
	for _, entry := range entries {
		if strings.HasPrefix(entry.Name(), ".") { // half deleted, which the server goes on with
			continue
		}
		s, err := inspect(streams, entry.Name())
		if err != nil {
			return nil, err
		}
		if s.whole() {
			continue
		}
		if copies == "" {
			if copies, err = newFolder(dir + "-damaged-"); err != nil {
				return nil, err
			}
		}
		if err := s.mend(filepath.Join(copies, s.name)); err != nil {
			return nil, err
		}
		found = append(found, Damage{Stream: s.name, Files: s.files(), Lost: s.lost, Copy: copies})
	}
	return found, nil
}

// newFolder makes the first folder prefix1, prefix2 … that is not there yet.
func newFolder(prefix string) (string, error) {
	for n := 1; ; n++ {
		path := prefix + strconv.Itoa(n)
		if err := os.Mkdir(path, 0o700); err == nil || !errors.Is(err, fs.ErrExist) {
			return path, err
		}
	}
}

// The files of a stream, from its folder.
const (
	metaFile    = "meta.inf"
	metaSumFile = "meta.sum"
	indexFile   = "msgs/index.db"
)

// stored is what a stream's files hold.
type stored struct {
	layout       // of the index and the configuration
	folder, name string
	meta         bool   // the configuration is damaged
	damaged      []int  // the numbers of blocks
	lost         uint64 // items, at most

	last     uint64   // sequence number, of an item or of one that was removed
	items    []uint64 // sequence numbers of what lies in the blocks, rising
	removed  []uint64 // of these, what has been removed, in any order
	checksum []byte   // of the last record
	doubtful int      // damaged bytes since the last item that could be read
	end      []byte   // damaged bytes after the last record
}

// inspect reads the files of a stream.
func inspect(streams, name string) (*stored, error) {
	s := &stored{layout: layoutOf(name), folder: filepath.Join(streams, name), name: name}
	meta, err := s.read(metaFile)
	if err != nil {
		return nil, err
	}
	sum, err := s.read(metaSumFile)
	if err != nil {
		return nil, err
	}
	if meta != nil && string(sum) != hex.EncodeToString(s.sum(meta)) {
		s.meta = true
	}
	blocks, err := s.blocks()
	if err != nil {
		return nil, err
	}
	for _, number := range blocks {
		block, err := s.read(blockFile(number))
		if err != nil {
			return nil, err
		}
		s.count(number, block)
	}
	index, err := s.read(indexFile)
	if err != nil {
		return nil, err
	}
	s.compare(index)
	return s, nil
}

func (s *stored) whole() bool { return !s.meta && len(s.damaged) == 0 && s.lost == 0 }

// files are the damaged ones.
func (s *stored) files() []string {
	var files []string
	if s.meta {
		files = append(files, metaFile)
	}
	for _, number := range s.damaged {
		files = append(files, blockFile(number))
	}
	if files == nil { // a block is gone, or its last records
		files = []string{"msgs"}
	}
	return files
}

// read returns a file of the stream, nil when it is not there. What the disk
// cannot read any more is zero.
func (s *stored) read(file string) ([]byte, error) {
	f, err := os.Open(filepath.Join(s.folder, file))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer f.Close() //nolint:errcheck // only read from
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	data := make([]byte, info.Size())
	return data, readPast(f, data)
}

// readPast fills data from r, leaving out the pages that give an error of the
// disk.
func readPast(r io.ReaderAt, data []byte) error {
	_, err := r.ReadAt(data, 0)
	if !errors.Is(err, syscall.EIO) {
		return err
	}
	const page = 4096
	for i := 0; i < len(data); i += page {
		part := data[i:min(i+page, len(data))]
		if _, err := r.ReadAt(part, int64(i)); errors.Is(err, syscall.EIO) {
			clear(part)
		} else if err != nil {
			return err
		}
	}
	return nil
}

// blocks are the numbers of the stream's blocks, rising.
func (s *stored) blocks() ([]int, error) {
	entries, err := os.ReadDir(filepath.Join(s.folder, "msgs"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	var numbers []int
	for _, entry := range entries {
		name, ok := strings.CutSuffix(entry.Name(), ".blk")
		if n, err := strconv.Atoi(name); ok && err == nil {
			numbers = append(numbers, n)
		}
	}
	slices.Sort(numbers)
	return numbers, nil
}

// blockFile is the name of a block.
func blockFile(number int) string { return fmt.Sprintf("msgs/%d.blk", number) }

// spans are the parts of a block.
func (s *stored) spans(number int, block []byte) iter.Seq[span] {
	return layoutOf(fmt.Sprintf("%s-%d", s.name, number)).spans(block)
}

// count takes a block into account.
func (s *stored) count(block int, data []byte) {
	whole := true
	for part := range s.spans(block, data) {
		number := part.sequence &^ (recordErased | recordRemoves)
		switch {
		case part.damaged:
			whole = false
			s.doubtful += len(part.data)
			s.end = part.data
			continue
		case part.sequence&recordRemoves != 0:
			s.removed = append(s.removed, number)
		default:
			if s.doubtful > 0 && number > s.last {
				s.lost += min(number-s.last-1, uint64(s.doubtful/recordLeast)+1)
			}
			s.doubtful = 0
			if part.sequence&recordErased == 0 && (len(s.items) == 0 || number > s.items[len(s.items)-1]) {
				s.items = append(s.items, number)
			}
		}
		s.last, s.end = max(s.last, number), nil
	}
	if len(data) >= checksumSize {
		s.checksum = data[len(data)-checksumSize:]
	}
	if !whole {
		s.damaged = append(s.damaged, block)
	}
}

// compare finds what the index knows of and the blocks do not have. The index
// of a bucket runs ahead of its blocks, which are not written at once.
func (s *stored) compare(data []byte) {
	x, ok := s.index(data)
	ok = ok && !strings.HasPrefix(s.name, bucketPrefix)
	if !ok || x.last <= s.last {
		s.lost += heads(s.end)
	} else {
		s.lost += x.last - s.last
	}
	// Unless items came and went after the index was written, it knows how many
	// there are.
	if waiting := s.waiting(x.first); ok && bytes.Equal(x.checksum, s.checksum) && x.items > waiting {
		s.lost = x.items - waiting
	}
}

// waiting is how many items lie in the blocks from a sequence number on that
// were not removed.
func (s *stored) waiting(first uint64) uint64 {
	slices.Sort(s.removed)
	var n uint64
	for _, item := range s.items {
		if _, removed := slices.BinarySearch(s.removed, item); !removed && item >= first {
			n++
		}
	}
	return n
}

// mend copies the damaged files and replaces them by what is whole of them.
func (s *stored) mend(to string) error {
	if err := s.copy(to); err != nil {
		return err
	}
	if s.meta { // whoever opens the stream has it written anew
		if err := s.remove(metaFile, metaSumFile); err != nil {
			return err
		}
	}
	if len(s.damaged) > 0 || s.lost > 0 { // the index holds for the blocks as they were
		if err := s.remove(indexFile); err != nil {
			return err
		}
	}
	for _, number := range s.damaged {
		if err := s.mendBlock(number); err != nil {
			return err
		}
	}
	return nil
}

// copy keeps what mend changes, and what the server would.
func (s *stored) copy(to string) error {
	if err := os.MkdirAll(filepath.Join(to, "msgs"), 0o700); err != nil {
		return err
	}
	for _, file := range append(s.files(), metaSumFile, indexFile) {
		if file == "msgs" {
			continue
		}
		data, err := s.read(file)
		if err != nil {
			return err
		}
		if data == nil { // not there
			continue
		}
		if err := durable.WriteFile(filepath.Join(to, file), data); err != nil {
			return err
		}
	}
	return errors.Join(durable.SyncFolder(filepath.Join(to, "msgs")), durable.SyncFolder(to), durable.SyncFolder(filepath.Dir(to)))
}

func (s *stored) remove(files ...string) error {
	for _, file := range files {
		if err := os.Remove(filepath.Join(s.folder, file)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// mendBlock puts what is whole of a damaged block in its place.
func (s *stored) mendBlock(number int) error {
	block, err := s.read(blockFile(number))
	if err != nil {
		return err
	}
	var whole []byte
	for part := range s.spans(number, block) {
		if !part.damaged {
			whole = append(whole, part.data...)
		}
	}
	if len(whole) == 0 {
		return nil
	}
	path := filepath.Join(s.folder, blockFile(number))
	return durable.ReplaceFile(path+".whole", path, whole)
}
