package retrieval

import (
	"regexp"
	"slices"
	"strconv"

	"github.com/hoinq/hoinq/corpus"
)

// orderForm finds what place in a list a question names, in a text without
// marks: "khâu đột phá thứ ba", "bài học đầu tiên". What the third time, day or
// congress is is no place in a list.
var orderForm = regexp.MustCompile(`(^|\S+ )(?:thu (\d{1,2}|nhat|hai|ba|tu|bon|nam|sau|bay|tam|chin|muoi)|(dau tien)|(cuoi cung|cuoi))\b`)

// orderWords are the numbers in words, from one; read-only.
var orderWords = [][]string{{"nhat"}, {"hai"}, {"ba"}, {"tu", "bon"}, {"nam"}, {"sau"}, {"bay"}, {"tam"}, {"chin"}, {"muoi"}}

// lastItem stands for the last of a list, however long it is.
const lastItem = -1

// orderIn is the place in a list that a question names: from 1, or lastItem; 0
// when it names none.
func orderIn(text string) int {
	m := orderForm.FindStringSubmatch(fold(text))
	if m == nil || slices.Contains([]string{"lan ", "ngay ", "khoa ", "hom ", "nam ", "thang ", "tuan "}, m[1]) {
		return 0
	}
	switch {
	case m[3] != "":
		return 1
	case m[4] != "":
		return lastItem
	}
	if n, err := strconv.Atoi(m[2]); err == nil {
		return n
	}
	return 1 + slices.IndexFunc(orderWords, func(words []string) bool { return slices.Contains(words, m[2]) })
}

// isOrder reports whether term i of a question belongs to the naming of a place
// in a list.
func isOrder(folded []string, i int) bool {
	word := folded[i]
	number := slices.ContainsFunc(orderWords, func(words []string) bool { return slices.Contains(words, word) })
	if _, err := strconv.Atoi(word); err == nil {
		number = true
	}
	switch {
	case word == "thu":
		return i+1 < len(folded)
	case number:
		return i > 0 && folded[i-1] == "thu"
	case word == "tien":
		return i > 0 && folded[i-1] == "dau"
	case word == "cung":
		return i > 0 && folded[i-1] == "cuoi"
	}
	return word == "cuoi" || word == "dau" && i+1 < len(folded) && folded[i+1] == "tien"
}

// minListed is the share of the words beside the order that the name of a list
// must hold, its headings included.
const minListed = 0.7

// byOrder finds the item that a question names by its place: in the list, of
// those found, whose name holds the most of the other words. A passage that
// says "thứ ba" itself was found by its words already.
//
// ok is false when no list goes by that name. The item comes first among the
// candidates; a list that is too short is no answer.
func (ix *Index) byOrder(q Query, asked question, found []*candidate) (ordered []*candidate, d Decision, ok bool) {
	weights, _ := ix.termWeights(asked)
	folded := make([]string, len(asked.terms))
	for i, t := range asked.terms {
		folded[i] = t.Folded
	}
	total := 0.0
	for i := range weights {
		if isOrder(folded, i) {
			weights[i] = 0
		}
		total += weights[i]
	}
	var list *candidate
	most := minListed
	for _, c := range found {
		if s := share(weights, c.any, total); len(items(c.entry)) >= 2 && s >= most && (list == nil || s > most) && c.body != 0 {
			list, most = c, s
		}
	}
	if list == nil || total == 0 {
		return nil, Decision{}, false
	}
	all := items(list.entry)
	n := asked.order
	if n == lastItem {
		n = len(all)
	}
	if n > len(all) {
		return found, Decision{Reason: Insufficient}, true
	}
	number := list.number + all[n-1] - list.entry.at // the entries of a document are in the order of its passages
	rest := slices.Clone(found)
	at := slices.IndexFunc(rest, func(c *candidate) bool { return c.number == number })
	var item *candidate
	if at >= 0 {
		item = rest[at]
		rest = slices.Delete(rest, at, at+1)
	} else if item, ok = ix.candidate(q, number); !ok {
		return nil, Decision{}, false
	}
	item.Fits = true
	return append([]*candidate{item}, rest...), Decision{Answer: true}, true
}

// items are the positions of the items directly below an entry.
func items(e entry) []int {
	return slices.DeleteFunc(e.edition.Children(e.at), func(i int) bool { return e.edition.Passages[i].Kind != corpus.PassageItem })
}
