package retrieval

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/hoinq/hoinq/corpus"
	"github.com/hoinq/hoinq/internal/unaccent"
	"github.com/hoinq/hoinq/retrieval/vietnamese"
)

// sentencesOf are the sentences of a library's documents, as questions are read
// that have nothing to mend: abbreviations are written out.
func sentencesOf(library *corpus.Library, lexicon *vietnamese.Lexicon) []string {
	var all []string
	for _, e := range library.InForce() {
		for _, p := range e.Passages {
			text := e.Words(p.Span)
			for _, s := range vietnamese.Sentences(text) {
				all = append(all, lexicon.Expand(plain(text[s[0]:s[1]])))
			}
		}
	}
	return all
}

// Sentences without a slip stay as they are, of the documents of the index and
// of others, with names and words that it does not hold.
func TestSentencesAreReadAsTheyStand(t *testing.T) {
	bundled, made := bundledLibrary(t), madeLibrary(t)
	for _, ix := range []*Index{index(t, bundled), index(t, made)} {
		for _, s := range append(sentencesOf(ix.library, ix.lexicon), sentencesOf(made, ix.lexicon)...) {
			if got, restored := ix.reading(s); got != s || len(restored) > 0 {
				t.Errorf("%q is read as %q", s, got)
			}
		}
	}
}

// Each line is a question as it is typed, and as it is read.
func TestQuestionsAreReadAsTheyWereMeant(t *testing.T) {
	ix := index(t, bundledLibrary(t))
	for _, tc := range []struct{ typed, want string }{
		// VNI without an input method
		{"nghi5 quye6t1 d9a5i hoi65 la2 gi2", "nghị quyết đại hội là gì"},
		{"ddai5 ho6i5 XVII", "đại hội XVII"},
		{"ba3o hie63m y te61", "bảo hiểm y tế"},
		{"NGHI5 QUYE6T1", "NGHỊ QUYẾT"},
		{"nghi5 quyet", "nghị quyết"}, // one digit at the end, and a pair
		{"lop1 co bao nhieu em", "lop1 co bao nhieu em"},
		{"to1 co bao nhieu ho", "to1 co bao nhieu ho"},
		{"17 phường, 5G, Q1, B1, 2025-2030, k16, 120 m2, 3 km2, CO2, 4.0, t8", "17 phường, 5G, Q1, B1, 2025-2030, k16, 120 m2, 3 km2, CO2, 4.0, t8"},
		{"Phát thải CO2 và SO2 bao nhiêu?", "Phát thải CO2 và SO2 bao nhiêu?"},
		// Slips of the keyboard
		{"nghị quyêtt là gì", "nghị quyết là gì"},
		{"đạii hội", "đại hội"},
		{"Đạii hội họp ngày nào?", "Đại hội họp ngày nào?"},
		{"đại hộii", "đại hội"},
		{"nghị quyêt đại hội", "nghị quyết đại hội"}, // a tone left out
		{"kinh tê xã hôi", "kinh tế xã hội"},         // though of the lists
		{"chủ trươgn của đảng", "chủ trương của đảng"},
		{"môi trươgn", "môi trường"},
		{"nghi quyt", "nghi quyet"},
		{"muc tiu tong quat", "muc tieu tong quat"},
		{"nghị quyt", "nghị quyết"},
		{"Vĩnh Phucc", "Vĩnh Phúc"},
		{"bao nhiu đại biểu", "bao nhiêu đại biểu"},
		{"là gìi", "là gì"},
		{"Daang bo tinh Vinh Phuc", "Dang bo tinh Vinh Phuc"}, // no Telex
		// and what is none
		{"quyêtt", "quyêtt"},     // nothing beside it tells
		{"cam quyt", "cam quyt"}, // a pair as well
		{"Yersin và Trump là ai", "Yersin và Trump là ai"},
		{"Zalo, Facebook của xã ở đâu?", "Zalo, Facebook của xã ở đâu?"},
		{"Huyện Krông Pắc, Đắk Lắk", "Huyện Krông Pắc, Đắk Lắk"},
		{"Thác Bản Giốc", "Thác Bản Giốc"}, // "bản gốc" is of the lists, and no name
		{"Nghị quyết Đại hội IX", "Nghị quyết Đại hội IX"},
		{"Xã trồng 50 ha chè", "Xã trồng 50 ha chè"},
		{"ASEAN, GRDP, PCI", "ASEAN, GRDP, PCI"},
		{"chatbot, blockchain, startup, online, logistics, wifi", "chatbot, blockchain, startup, online, logistics, wifi"},
		// Some of the marks
		{"mục tieu tong quat của nghị quyet", "mục tiêu tổng quát của nghị quyết"},
		{"Đại hoi co bao nhieu dai bieu", "Đại hội có bao nhiêu đại biểu"},
		{"bí thu tỉnh uy là ai", "bí thư tỉnh ủy là ai"},
		{"Ki hieu của nghị quyết", "Kí hiệu của nghị quyết"},
		{"ba má con ma là ai", "ba má con ma là ai"},
		{"Anh Ben là ai", "Anh Ben là ai"},
		{"a) Mục đích", "a) Mục đích"},
		{"nghi quyet dai hoi", "nghi quyet dai hoi"},                          // none: see restore
		{"ubkt tinh uy co may nguoi", "ủy ban kiểm tra tinh uy co may nguoi"}, // nobody typed these marks
		// Look-alikes
		{"nghị quyết сủa Đảng", "nghị quyết của Đảng"},
		{"Ðại hội ＸＶＩＩ", "Đại hội XVII"},
		{"nghị\u00a0qu\u00adyết đ\u200bại hội", "nghị quyết đại hội"},
		{"", ""},
	} {
		if got, _ := ix.reading(tc.typed); got != tc.want {
			t.Errorf("%q is read as %q, want %q", tc.typed, got, tc.want)
		}
	}
}

func TestARestoredMarkIsAGuess(t *testing.T) {
	ix := index(t, bundledLibrary(t))
	asked := ix.understand(Query{Text: "mục tieu tong quát"})
	var got []string
	for _, term := range asked.terms {
		got = append(got, term.Guess)
	}
	if want := " tiêu tổng "; strings.Join(got, " ") != want || asked.terms[1].Typed || !asked.terms[3].Typed {
		t.Errorf("guesses %q, want %q", got, want)
	}
}

func BenchmarkUnderstand(b *testing.B) {
	ix := index(b, bundledLibrary(b))
	for _, text := range []string{
		"Mục tiêu tổng quát của nghị quyết đại hội là gì?",
		"muc tieu tong quat cua nghi quyet dai hoi la gi",
		"mục tieu tong quat của nghi quyet dai hoi la gi",
		"mujc tieeu toongr quats cuar nghij quyeets ddaij hooij laf gif",
		"mucc tiu tonng quaat cua ngji quyt daii hoii la gii",
		"mụcc tiu tổnng quátt của nghịi quyt đạii hộii là gìi",
	} {
		b.Run(text, func(b *testing.B) {
			for b.Loop() {
				ix.understand(Query{Text: text})
			}
		})
	}
}

// misread types sentences with a fault and counts the syllables hit by it, and
// how many of these, and of the others, are read as they stand.
type misread struct{ hit, right, others, kept int }

func (m *misread) count(t *testing.T, ix *Index, sentence, typed string, hit map[int]bool) {
	t.Helper()
	want := vietnamese.Tokenize(sentence)
	read, _ := ix.reading(typed)
	got := vietnamese.Tokenize(read)
	for i, w := range want {
		same := len(got) == len(want) && got[i].Text == w.Text
		switch {
		case hit[i]:
			m.hit++
			if same {
				m.right++
			}
		default:
			m.others++
			if same {
				m.kept++
			}
		}
		if !same && testing.Verbose() && len(got) == len(want) {
			t.Logf("%s: %s for %s in %q", map[bool]string{true: "hit", false: "OTHER"}[hit[i]], got[i].Text, w.Text, typed)
		}
	}
}

func (m misread) shares() (right, kept float64) {
	return float64(m.right) / float64(m.hit), float64(m.kept) / float64(m.others)
}

func TestSentencesWithHalfOfTheirMarksAreReadWhole(t *testing.T) {
	library := bundledLibrary(t)
	ix := index(t, library)
	random := rand.New(rand.NewPCG(3, 1))
	var m misread
	for _, s := range sentencesOf(library, ix.lexicon) {
		hit := map[int]bool{}
		var b strings.Builder
		done, marked := 0, false
		for i, token := range vietnamese.Tokenize(s) {
			if token.Marked() && random.IntN(2) == 0 {
				hit[i] = true
				b.WriteString(s[done:token.Start] + unaccent.String(s[token.Start:token.End]))
				done = token.End
			} else {
				marked = marked || token.Marked()
			}
		}
		if marked {
			m.count(t, ix, s, b.String()+s[done:], hit)
		}
	}
	right, kept := m.shares()
	t.Logf("%d syllables without their marks: %.1f %% read; %d others: %.2f %% kept", m.hit, 100*right, m.others, 100*kept)
	if right < 0.98 || kept < 0.99 {
		t.Error("too few")
	}
}

func TestSentencesWithASlipAreReadWithoutIt(t *testing.T) {
	library := bundledLibrary(t)
	ix := index(t, library)
	for _, typist := range []struct {
		name  string
		typed func(s string) string
	}{
		{"marked", func(s string) string { return s }},
		{"bare", unaccent.String},
	} {
		t.Run(typist.name, func(t *testing.T) {
			random := rand.New(rand.NewPCG(4, 1))
			var m, seen misread
			for _, s := range sentencesOf(library, ix.lexicon) {
				s = typist.typed(s)
				tokens := vietnamese.Tokenize(s)
				if len(tokens) < 3 {
					continue
				}
				at := random.IntN(len(tokens))
				token := tokens[at]
				word := []rune(s[token.Start:token.End])
				if len(word) < 3 || token.Figure || token.Roman || strings.ToUpper(string(word)) == string(word) {
					continue
				}
				slipped := slip(random, word)
				if got := vietnamese.Tokenize(slipped); len(got) != 1 || got[0].Text == token.Text {
					continue
				}
				typed := s[:token.Start] + slipped + s[token.End:]
				m.count(t, ix, s, typed, map[int]bool{at: true})
				if got := vietnamese.Tokenize(slipped)[0]; !ix.lexical.Knows(got, got.Marked()) {
					seen.count(t, ix, s, typed, map[int]bool{at: true})
				}
			}
			right, kept := m.shares()
			t.Logf("%d slips: %.1f %% read; %d others: %.2f %% kept", m.hit, 100*right, m.others, 100*kept)
			right, kept = seen.shares()
			t.Logf("%d slips that are no word of the documents: %.1f %% read; %d others: %.2f %% kept", seen.hit, 100*right, seen.others, 100*kept)
			if right < 0.75 || kept < 0.99 {
				t.Error("too few")
			}
		})
	}
}

// slip doubles, drops or swaps a letter of a word.
func slip(random *rand.Rand, word []rune) string {
	i := random.IntN(len(word))
	switch random.IntN(3) {
	case 0:
		return string(word[:i+1]) + string(word[i:])
	case 1:
		return string(word[:i]) + string(word[i+1:])
	}
	i = min(i, len(word)-2)
	return string(word[:i]) + string([]rune{word[i+1], word[i]}) + string(word[i+2:])
}
