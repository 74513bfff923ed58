package bot

import (
	"net/url"
	"strconv"

	"github.com/hoinq/hoinq/corpus"
)

// Names of the reading view's address. They are a contract: links in old
// messages must open for years.
const (
	ReadingRoot  = "/van-ban/" // followed by the document's id
	EditionParam = "ban"       // the edition; without it the one in force
	StartParam   = "tu"        // first byte of the marked words in the canonical text
	EndParam     = "den"       // the byte after the last
)

// ReadingPath is the address, below the public one, of the reading view opened
// at a citation, its very words marked.
func ReadingPath(c corpus.Citation) string {
	query := url.Values{
		EditionParam: {string(c.Edition)},
		StartParam:   {strconv.Itoa(c.Start)},
		EndParam:     {strconv.Itoa(c.End)},
	}
	return ReadingRoot + url.PathEscape(string(c.Document)) + "?" + query.Encode() + "#" + Anchor(c.Passage)
}

// Anchor is the name of a passage within the reading view.
func Anchor(id corpus.PassageID) string { return "p-" + string(id) }

// passagePayload begins the payload of a link that opens a passage in a chat;
// the hash of the passage's id follows. It is a contract as the names above.
const passagePayload = "p-"

// link gives the citations of a reply that have no page of ours an address
// which opens them on the channel itself, where it can do that.
func link(channel Channel, reply Reply) {
	linker, ok := channel.(Linker)
	if !ok {
		return
	}
	for _, b := range reply.Blocks {
		if b.Citation != nil && b.Citation.URL == "" {
			b.Citation.URL = linker.PassageLink(passagePayload + hash(string(b.Citation.Passage)))
		}
	}
}

// ReadAt returns the response with every citation's address leading to the
// reading view at base, which may be empty for addresses within one site.
func ReadAt(base string, r Response) Response {
	r.Citations = readAt(base, r.Citations)
	r.Nearest = readAt(base, r.Nearest)
	return r
}

func readAt(base string, citations []corpus.Citation) []corpus.Citation {
	linked := make([]corpus.Citation, len(citations))
	for i, c := range citations {
		c.URL = base + ReadingPath(c)
		linked[i] = c
	}
	return linked
}
