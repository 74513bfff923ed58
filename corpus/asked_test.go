package corpus

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// askedSample is the sample with questions.
func askedSample(asked ...Asked) *Edition {
	e := sample()
	e.Asked = asked
	return e
}

func TestTheQuestionsOfAPassage(t *testing.T) {
	e := askedSample(Asked{samplePart, "Mục tiêu là gì?"}, Asked{sampleLeadIn, "Trồng cây gì?"}, Asked{sampleLeadIn, "Mấy loài?"}, Asked{sampleRow, "Đước bao nhiêu ha?"})
	for i, want := range map[int][]string{
		sampleTitle: nil, samplePart: {"Mục tiêu là gì?"}, sampleLeadIn: {"Trồng cây gì?", "Mấy loài?"}, sampleFirst: nil, sampleRow: {"Đước bao nhiêu ha?"},
	} {
		if diff := cmp.Diff(e.AskedOf(i), want); diff != "" {
			t.Errorf("passage %d (-got +want):\n%s", i, diff)
		}
	}
	if got := sample().AskedOf(samplePart); got != nil {
		t.Errorf("%q of an edition without questions", got)
	}
}

func TestOtherQuestionsReplaceTheEditionOnDisk(t *testing.T) {
	store := OpenStore(t.TempDir())
	put(t, store, sample())
	set := current(t, store)
	file, err := os.ReadFile(filepath.Join(store.path("ke-hoach"), names(t, store.path("ke-hoach"))[0], editionFile))
	if err != nil || strings.Contains(string(file), "asked") {
		t.Errorf("an edition without questions has %s (%v)", file, err)
	}
	for _, e := range []*Edition{askedSample(Asked{sampleLeadIn, "Trồng cây gì?"}), askedSample(Asked{sampleLeadIn, "Mấy loài?"}, Asked{sampleRow, "Mấy ha?"}), sample()} {
		put(t, store, e)
		all := load(t, store).All()
		if diff := cmp.Diff(all, []*Edition{e}); diff != "" {
			t.Errorf("editions (-got +want):\n%s", diff)
		}
		if e.ID != all[0].ID || e.Digest != sample().Digest {
			t.Errorf("edition %s with digest %s: questions made another of it", e.ID, e.Digest)
		}
		if now := current(t, store); now == set {
			t.Errorf("the set is still named %s, so that no reader notices", now)
		} else {
			set = now
		}
	}
}

func TestQuestionsWithoutTheirPassageAreRefused(t *testing.T) {
	for name, asked := range map[string][]Asked{
		"behind the last passage":  {{sampleRow + 1, "Ai?"}},
		"before the first passage": {{-1, "Ai?"}},
		"out of order":             {{sampleRow, "Ai?"}, {samplePart, "Đâu?"}},
		"no words":                 {{samplePart, ""}},
		"too long":                 {{samplePart, strings.Repeat("đ", MaxAskedLength+1)}},
		"too many":                 make([]Asked, MaxAsked+1),
	} {
		for i := range asked {
			if name == "too many" {
				asked[i] = Asked{samplePart, strings.Repeat("a", i+1)}
			}
		}
		t.Run(name, func(t *testing.T) {
			store, e := OpenStore(t.TempDir()), askedSample(asked...)
			if err := store.Put(t.Context(), e); err == nil {
				t.Error("Put takes them")
			}
			// As a faulty writer would leave them.
			must(t, store.write(t.Context(), []DocumentID{e.Document.ID}, func(entries []entry) ([]entry, error) { return store.put(entries, e) }))
			if _, err := store.Load(t.Context()); err == nil || !strings.Contains(err.Error(), editionFile) {
				t.Errorf("Load: %v, want an error that names the file", err)
			}
		})
	}
	most := make([]Asked, MaxAsked)
	for i := range most {
		most[i] = Asked{samplePart, strings.Repeat("đ", MaxAskedLength-i)}
	}
	store := OpenStore(t.TempDir())
	put(t, store, askedSample(most...))
	if got := len(load(t, store).All()[0].Asked); got != MaxAsked {
		t.Errorf("%d questions, want %d", got, MaxAsked)
	}
}
