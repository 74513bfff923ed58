package bot_test

import (
	"context"
	"log/slog"
	"strings"
	"testing"

	"github.com/hoinq/hoinq/bot"
	"github.com/hoinq/hoinq/corpus"
	"github.com/hoinq/hoinq/corpus/ingest"
	"github.com/hoinq/hoinq/internal/answer"
	"github.com/hoinq/hoinq/retrieval"
)

const hectares = "Diện tích chè hữu cơ đạt bao nhiêu?"

func TestTheSectionAroundACitationIsOneButtonAway(t *testing.T) {
	b := open(t, t.TempDir(), bot.Office{})
	got := b.tell(t, "1", bot.KindText, hectares)
	if strings.Count(got, "[Xem nguyên văn: ") != 1 {
		t.Fatalf("offered:\n%s", got)
	}
	whole := b.tell(t, "2", bot.KindButton, pressed(t, got, "Xem nguyên văn: Phần I"))
	if !strings.Contains(whole, "«I. CÁC CHỈ TIÊU") || !strings.Contains(whole, "4.200 tấn") || !strings.Contains(whole, "310 ha") || strings.Contains(whole, "Hội Nông dân") {
		t.Errorf("the section is:\n%s", whole)
	}
}

func TestTheSectionIsOfferedInTheLanguageOfTheQuestion(t *testing.T) {
	b := open(t, t.TempDir(), bot.Office{})
	if got := b.tell(t, "1", bot.KindText, "What is the area of organic tea in hectares?"); !strings.Contains(got, "310 ha") || !strings.Contains(got, "[Read in full: Phần I|p:") {
		t.Errorf("answered:\n%s", got)
	}
}

// Where there are no buttons the number of one is sent back: the questions that
// are offered come first, and what is below them after.
func TestTheNumberOfASectionFollowsThoseOfTheQuestions(t *testing.T) {
	b := open(t, t.TempDir(), bot.Office{})
	got := b.tell(t, "1", bot.KindText, "Sản lượng chè búp tươi đạt bao nhiêu?")
	if !strings.Contains(got, "\n1. "+hectares) || strings.Contains(got, "\n2. ") {
		t.Fatalf("offered:\n%s", got)
	}
	if whole := b.tell(t, "2", bot.KindText, "2"); !strings.Contains(whole, "«I. CÁC CHỈ TIÊU") {
		t.Errorf("the second choice is:\n%s", whole)
	}
}

func TestAnEditedCommandIsAQuestion(t *testing.T) {
	b := open(t, t.TempDir(), bot.Office{})
	b.tell(t, "1", bot.KindCommand, "/hoi Sản lượng chè búp tươi đạt bao nhiêu?")
	for id, text := range map[string]string{"2": "/hoi  Sản lượng chè búp tươi đạt bao nhiêu?", "3": "/xoa"} {
		b.put(t, message(id, bot.KindEdit, text))
	}
	if got := b.tell(t, "4", bot.KindEdit, "/hoi\n"+hectares); !strings.Contains(got, "310 ha") || len(b.channel.sent) != 2 {
		t.Errorf("%d replies, the last:\n%s", len(b.channel.sent), got)
	}
}

func TestAGroupIsGreetedInShort(t *testing.T) {
	b := open(t, t.TempDir(), bot.Office{})
	for id, kind := range map[string]bot.Kind{"1": bot.KindFollow, "2": bot.KindCommand} {
		m := message(id, kind, "/start")
		m.Group = true
		b.put(t, m)
		if got := b.channel.next(t); !strings.HasPrefix(got, "Chào cả nhóm") || strings.Count(got, "\n") != 1 {
			t.Errorf("%s: greeted with:\n%s", kind, got)
		}
	}
}

// linkedSlips are slips that lead to a passage by themselves.
type linkedSlips struct{ *slips }

func (linkedSlips) PassageLink(payload string) string { return "slip:" + payload }

func TestALinkOpensItsPassageForYears(t *testing.T) {
	b := openOn(t, t.TempDir(), bot.Office{}, newSlips(), func(s *slips) bot.Channel { return linkedSlips{s} })
	got := b.tell(t, "1", bot.KindText, hectares)
	_, payload, ok := strings.Cut(got, "slip:")
	payload, _, _ = strings.Cut(payload, "\n")
	if !ok || len(payload) > 64 || strings.Trim(payload, "0123456789abcdefp-") != "" {
		t.Fatalf("no link in:\n%s", got)
	}
	opens := func(id, want string) {
		t.Helper()
		if got := b.tell(t, id, bot.KindCommand, "/start "+payload); !strings.Contains(got, want) {
			t.Errorf("opened:\n%s\nwant %q", got, want)
		}
	}
	opens("2", "«Diện tích chè hữu cơ đạt 310 ha.»")
	opens("3", "[Xem nguyên văn: Phần I|p:")

	// A new edition takes the place of the old one, which is kept.
	b.answerer.Swap(servingOf(t, strings.ReplaceAll(paper, "310", "410"), paper))
	opens("4", "«Diện tích chè hữu cơ đạt 310 ha.»")
	opens("5", "bản cũ")
	if got := b.tell(t, "6", bot.KindText, hectares); !strings.Contains(got, "410 ha") {
		t.Errorf("answered from the old edition:\n%s", got)
	}
	// And then it is gone.
	b.answerer.Swap(servingOf(t, strings.ReplaceAll(paper, "310", "410")))
	opens("7", "không còn ở đây")
	for _, strange := range []string{"p-", "p-xyz", "p-0000000000000000", "p-" + strings.Repeat("0", 62)} {
		if got := b.tell(t, strange, bot.KindCommand, "/start "+strange); !strings.Contains(got, "không còn ở đây") {
			t.Errorf("%s opens:\n%s", strange, got)
		}
	}
}

// servingOf serves editions of one paper, the one in force first.
func servingOf(t *testing.T, texts ...string) bot.Serving {
	t.Helper()
	var editions []*corpus.Edition
	for i, text := range texts {
		e, err := ingest.Reader("nghi-quyet.md", strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		if i > 0 {
			e.Validity.Status = corpus.Replaced
		}
		editions = append(editions, e)
	}
	index, err := retrieval.NewIndex(t.Context(), corpus.NewLibrary(editions...), retrieval.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return bot.Serving{Engine: answer.NewEngine(slog.New(slog.DiscardHandler), index, answer.NewExtractive(index, answer.Options{}))}
}

// typingSlips are slips that show that an answer is being made.
type typingSlips struct {
	*slips
	shown chan bot.Message
}

func (s typingSlips) Typing(_ context.Context, m bot.Message) error {
	select {
	case s.shown <- m:
	default:
	}
	return nil
}

// patient composes as another composer does, once it may.
type patient struct {
	answer.Composer
	may <-chan bot.Message
}

func (p patient) Compose(ctx context.Context, r retrieval.Result) (answer.Answer, error) {
	select {
	case <-p.may:
	case <-ctx.Done():
	}
	return p.Composer.Compose(ctx, r)
}

func TestAnAnswerThatTakesLongIsAnnounced(t *testing.T) {
	shown := make(chan bot.Message)
	b := openOn(t, t.TempDir(), bot.Office{}, newSlips(), func(s *slips) bot.Channel { return typingSlips{s, shown} })
	e, err := ingest.Reader("nghi-quyet.md", strings.NewReader(paper))
	if err != nil {
		t.Fatal(err)
	}
	index, err := retrieval.NewIndex(t.Context(), corpus.NewLibrary(e), retrieval.Options{})
	if err != nil {
		t.Fatal(err)
	}
	composer := patient{answer.NewExtractive(index, answer.Options{}), shown} // the answer comes when typing was shown
	b.answerer.Swap(bot.Serving{Engine: answer.NewEngine(slog.New(slog.DiscardHandler), index, composer)})
	if got := b.tell(t, "1", bot.KindText, hectares); !strings.Contains(got, "310 ha") {
		t.Errorf("answered:\n%s", got)
	}
}
