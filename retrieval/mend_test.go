package retrieval

import (
	"testing"

	"github.com/hoinq/hoinq/corpus"
)

func TestTelexInAQuestionIsRead(t *testing.T) {
	ix := index(t, corpus.NewLibrary(edition(t, "nq", marked+"\nTrạm y tế dùng phần mềm Vinas; hộ nuôi boof câu.\n")))
	for typed, want := range map[string]string{
		"bao hieemr y tees bao phur bao nhieeu": "bao hiểm y tế bao phủ bao nhiêu",
		"dduowngf lieen thoon, dài?":            "đường liên thôn, dài?",
		"Vinas là gì":                           "Vinas là gì", // in the document as it is typed
		"boof câu":                              "boof câu",
		"quaanf ngư":                            "quần ngư",    // "quần" is in no document, and in the thesaurus
		"ngooxnh ngư":                           "ngooxnh ngư", // "ngỗnh" is in neither
		"6 tyr ddoongf":                         "6 tỷ đồng",
		"":                                      "",
	} {
		if got := ix.mended(typed); got != want {
			t.Errorf("%q is read as %q, want %q", typed, got, want)
		}
	}
	r := find(t, ix, Query{Text: "bao hieemr y tees bao phur bao nhieeu"})
	if !r.Decision.Answer || place(r.Hits[0].Passage) != "nq p1" {
		t.Errorf("%+v", r.Decision)
	}
}
