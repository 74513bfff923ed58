package bm25

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hoinq/hoinq/retrieval/vietnamese"
)

// doc makes a document of a body and the lines above it.
func doc(body string, heading ...string) Document {
	d := Document{Body: vietnamese.Tokenize(body)}
	for _, line := range heading {
		d.Heading = append(d.Heading, vietnamese.Tokenize(line))
	}
	return d
}

// askedFor gives a document questions.
func askedFor(d Document, questions ...string) Document {
	for _, q := range questions {
		d.Asked = append(d.Asked, vietnamese.Tokenize(q))
	}
	return d
}

func bodies(texts ...string) []Document {
	var docs []Document
	for _, text := range texts {
		docs = append(docs, doc(text))
	}
	return docs
}

// ask makes a query as a writer types it: marks count when there is one.
func ask(text string) []Term {
	tokens := vietnamese.Tokenize(text)
	marked := slices.ContainsFunc(tokens, vietnamese.Token.Marked)
	var query []Term
	for i, token := range tokens {
		query = append(query, Term{Token: token, Typed: marked, Weight: 1, After: i > 0})
	}
	return query
}

func order(matches []Match) []int {
	numbers := []int{}
	for _, m := range matches {
		numbers = append(numbers, m.Doc)
	}
	return numbers
}

func TestRanking(t *testing.T) {
	for _, tc := range []struct {
		name, query string
		docs        []Document
		want        []int
	}{
		{"a word as typed comes before the same without its marks, which is found too",
			"đường", bodies("sông dương", "song duong", "sông đường"), []int{2, 0, 1}},
		{"a question without marks finds all spellings alike",
			"duong", bodies("sông dương", "song duong", "sông đường"), []int{0, 1, 2}},
		{"both placements of the tone are one word",
			"hoà bình", bodies("bình minh", "hòa bình"), []int{1, 0}},
		{"neighbours in the question that are neighbours in the text count more",
			"đột phá", bodies("phá rồi đột", "đột rồi phá", "rồi đột phá"), []int{2, 0, 1}},
		{"the body counts more than the heading",
			"lúa", []Document{doc("tôm", "lúa"), doc("lúa", "tôm")}, []int{1, 0}},
		{"the heading counts beside the body",
			"lúa", []Document{doc("lúa", "tôm"), doc("lúa", "lúa")}, []int{1, 0}},
		{"a question counts more than the heading, and less than the body",
			"lúa", []Document{doc("tôm", "lúa"), askedFor(doc("tôm"), "lúa"), doc("lúa")}, []int{2, 1, 0}},
		{"two questions that say it count as one",
			"lúa", []Document{askedFor(doc("tôm"), "lúa"), askedFor(doc("cá"), "lúa lúa", "lúa")}, []int{0, 1}},
		{"a heading that says it three times says it once",
			"lúa", []Document{doc("tôm", "lúa"), doc("cá", "lúa lúa", "lúa")}, []int{0, 1}},
		{"a word in every title does not outweigh a rare one in a body",
			"tỉnh lúa", []Document{doc("tỉnh", "tỉnh"), doc("tỉnh", "tỉnh"), doc("lúa", "tỉnh"), doc("tỉnh", "tỉnh")}, []int{2, 0, 1, 3}},
		{"a rare word counts more than a common one",
			"lúa tôm", bodies("lúa a", "lúa b", "tôm c", "lúa d"), []int{2, 0, 1, 3}},
		{"a short body comes before a long one",
			"lúa", bodies("lúa và nhiều thứ khác nữa trong đó", "lúa xanh"), []int{1, 0}},
		{"repetition helps, more and more slowly",
			"lúa", bodies("lúa b c d", "lúa lúa c d", "lúa lúa lúa lúa"), []int{2, 1, 0}},
		{"ties are ordered by number",
			"lúa", bodies("lúa", "lúa", "tôm", "lúa", "lúa"), []int{0, 1, 3, 4}},
		{"what holds no word is not found", "ngô", bodies("lúa", "tôm"), []int{}},
		{"a question without words finds nothing", "?!", bodies("lúa"), []int{}},
		{"an index without documents finds nothing", "lúa", nil, []int{}},
		{"empty documents do no harm", "lúa", []Document{{}, doc("lúa"), {}}, []int{1}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got := Build(tc.docs, DefaultParams()).Search(ask(tc.query))
			if !slices.Equal(order(got), tc.want) {
				t.Errorf("found %+v, want documents %v", got, tc.want)
			}
		})
	}
}

// With these constants the impact of a word that comes tf times, one in the
// heading counting a half, is 2·tf/(tf+1).
func TestScoresByHand(t *testing.T) {
	params := Params{K1: 1, B: 0, Heading: 0.5, Typed: 0.75, Pair: 0.5}
	idf := func(documents, holding float64) float64 {
		return math.Log(1 + (documents-holding+0.5)/(holding+0.5))
	}
	for _, tc := range []struct {
		name, query string
		docs        []Document
		want        []float64 // best first
	}{
		{"once", "lua", bodies("lua", "tom"), []float64{idf(2, 1)}},
		{"three times", "lua", bodies("lua lua lua", "tom"), []float64{1.5 * idf(2, 1)}},
		{"in the heading alone it is as rare as in no body", "lua", []Document{doc("tom", "lua"), doc("ca")}, []float64{2.0 / 3 * idf(2, 0)}},
		{"in heading and body", "lua", []Document{doc("lua", "lua"), doc("ca")}, []float64{1.2 * idf(2, 1)}},
		{"marks share the weight", "đường", bodies("đường", "dương", "tôm"), []float64{0.75*idf(3, 1) + 0.25*idf(3, 2), 0.25 * idf(3, 2)}},
		{"a pair is worth half a word", "lua tom", bodies("lua tom", "ca"), []float64{2.5 * idf(2, 1)}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var got []float64
			for _, m := range Build(tc.docs, params).Search(ask(tc.query)) {
				got = append(got, m.Score)
			}
			near := func(a, b float64) bool { return math.Abs(a-b) < 1e-6 }
			if !slices.EqualFunc(got, tc.want, near) {
				t.Errorf("scores %v, want %v", got, tc.want)
			}
		})
	}
}

func TestWhatStandsInAQuestionAloneIsAnywhereButNotInTheBody(t *testing.T) {
	got := Build([]Document{askedFor(doc("tôm cá"), "lúa tôm", "ngô khoai")}, DefaultParams()).Search(ask("tôm lúa khoai"))
	if len(got) != 1 || got[0].Body != 0b001 || got[0].Any != 0b111 {
		t.Errorf("found %+v, want the body to hold the first word and the whole all three", got)
	}
}

func TestPairsAreMadeWithinALineOnly(t *testing.T) {
	ix := Build([]Document{doc("ba khâu", "đột phá", "chiến lược")}, DefaultParams())
	for pair, want := range map[string]bool{
		"ba khâu": true, "đột phá": true, "dot pha": true, // as typed or folded
		"khâu đột": false, "phá chiến": false, "khâu ba": false,
	} {
		tokens := vietnamese.Tokenize(pair)
		if got := ix.KnowsPair(tokens[0], tokens[1]); got != want {
			t.Errorf("KnowsPair(%q) = %v, want %v", pair, got, want)
		}
	}
	apart := ask("đột phá")
	apart[1].After = false
	if together := ix.Search(ask("đột phá"))[0].Score; together <= ix.Search(apart)[0].Score {
		t.Errorf("score %f of the pair, want more than that of the words apart", together)
	}
}

func TestTermSetsTellWhereEachWordStands(t *testing.T) {
	docs := []Document{doc("ba khâu", "đột phá"), doc("đường dài"), doc("dương lịch")}
	for _, tc := range []struct {
		name, query string
		doc         int
		body, any   uint64
	}{
		{"in the body and in the heading", "ba việc đột phá", 0, 0b0001, 0b1101},
		{"as typed, where a document writes it so", "đường dài", 1, 0b11, 0b11},
		{"a word with other marks is not held", "đường lịch", 2, 0b10, 0b10},
		{"written so by none it may be a slip", "dường lịch", 2, 0b11, 0b11},
		{"typed without marks it is any", "duong lich", 2, 0b11, 0b11},
	} {
		t.Run(tc.name, func(t *testing.T) {
			matches := Build(docs, DefaultParams()).Search(ask(tc.query))
			i := slices.IndexFunc(matches, func(m Match) bool { return m.Doc == tc.doc })
			if i < 0 {
				t.Fatalf("document %d is not among %+v", tc.doc, matches)
			}
			if m := matches[i]; m.Body != tc.body || m.Any != tc.any {
				t.Errorf("body %b and any %b, want %b and %b", m.Body, m.Any, tc.body, tc.any)
			}
		})
	}
}

func TestWordsWithoutWeightAreLeftOut(t *testing.T) {
	query := ask("lúa tôm")
	query[0].Weight = 0
	got := Build(bodies("lúa", "tôm", "lúa tôm"), DefaultParams()).Search(query)
	if !slices.Equal(order(got), []int{1, 2}) || got[0].Any != 0b10 {
		t.Errorf("found %+v, want documents 1 and 2 by the second word alone", got)
	}
}

func TestLongQuestionsAreFollowedForTheFirst64Words(t *testing.T) {
	word := func(i int) string { return fmt.Sprintf("w%dx", i) }
	var question []string
	for i := range 100 {
		question = append(question, word(i))
	}
	query := ask(strings.Join(question, " "))
	matches := Build(bodies(word(0)+" "+word(63)+" "+word(64), word(99)), DefaultParams()).Search(query)
	if !slices.Equal(order(matches), []int{0, 1}) {
		t.Fatalf("found %+v, want both documents", matches)
	}
	if got, want := matches[0].Body, uint64(1|1<<63); got != want {
		t.Errorf("set %b, want %b", got, want)
	}
	if matches[1].Any != 0 || matches[1].Score <= 0 {
		t.Errorf("%+v: the hundredth word is to count but not to be followed", matches[1])
	}
}

func TestWeightIsByRarityInTheForm(t *testing.T) {
	ix := Build(bodies("đường đi", "đường về", "dương về", "sông"), DefaultParams())
	weight := func(word string, typed bool) float64 {
		return ix.Weight(Term{Token: vietnamese.Tokenize(word)[0], Typed: typed})
	}
	typed, folded := weight("đường", true), weight("đường", false)
	if typed <= folded {
		t.Errorf("weight %f as typed, %f folded: the rarer form weighs more", typed, folded)
	}
	if got := weight("dường", true); got != folded {
		t.Errorf("weight %f of a spelling that none has, want that of the folded form, %f", got, folded)
	}
	if got := weight("xe", true); got != ix.MaxWeight() || got <= weight("sông", true) {
		t.Errorf("weight %f of an unknown word, want the most, %f", got, ix.MaxWeight())
	}
	if ix.Knows(vietnamese.Tokenize("dường")[0], true) || !ix.Knows(vietnamese.Tokenize("dường")[0], false) {
		t.Error("dường is to be known folded only")
	}
}

func TestTheZeroIndexIsEmpty(t *testing.T) {
	var ix Index
	if got := ix.Search(ask("lúa tôm")); len(got) != 0 {
		t.Errorf("found %+v, want nothing", got)
	}
	if w := ix.MaxWeight(); w <= 0 || math.IsInf(w, 0) || math.IsNaN(w) {
		t.Errorf("weight of an unknown word: %f, want a positive number", w)
	}
}

// made are n documents of about 40 syllables and questions of 8, the same at
// every call.
func made(n int) (docs []Document, queries [][]Term) {
	random := rand.New(rand.NewPCG(1, 2))
	syllables := strings.Fields("nghị quyết đại hội đảng bộ tỉnh ủy ban chấp hành kế hoạch học tập nhiệm kỳ mục tiêu đường dương lúa tôm cá biển sông năm tháng ngày một hai ba 2020 2025 1.285 8,5 %")
	text := func(words int) string {
		var b strings.Builder
		for range words {
			b.WriteString(syllables[int(random.ExpFloat64()*8)%len(syllables)] + " ")
		}
		return b.String()
	}
	for range n {
		docs = append(docs, doc(text(30+random.IntN(20)), text(6)))
	}
	for n := 0; n < len(docs); n += 3 {
		docs[n].Asked = [][]vietnamese.Token{vietnamese.Tokenize(text(9)), vietnamese.Tokenize(text(7))}
	}
	for range 20 {
		queries = append(queries, ask(text(8)))
	}
	return docs, queries
}

func TestRepeatedBuildsAndQueriesGiveTheSame(t *testing.T) {
	docs, queries := made(300)
	first := Build(docs, DefaultParams())
	for range 5 {
		again := Build(docs, DefaultParams())
		for i, q := range queries {
			want := first.Search(q)
			if diff := cmp.Diff(again.Search(q), want); diff != "" {
				t.Fatalf("question %d over an index built again (-got +want):\n%s", i, diff)
			}
			if !slices.IsSortedFunc(want, compare) {
				t.Fatalf("question %d: matches are not by score and number", i)
			}
		}
	}
}

func BenchmarkSearch(b *testing.B) {
	for _, n := range []int{100, 2000} {
		docs, queries := made(n)
		ix := Build(docs, DefaultParams())
		b.Run(fmt.Sprintf("documents=%d", n), func(b *testing.B) {
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				ix.Search(queries[i%len(queries)])
			}
		})
	}
}

func BenchmarkBuild(b *testing.B) {
	for _, n := range []int{100, 2000} {
		docs, _ := made(n)
		b.Run(fmt.Sprintf("documents=%d", n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Build(docs, DefaultParams())
			}
		})
	}
}
