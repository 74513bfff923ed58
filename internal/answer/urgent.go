package answer

import (
	"regexp"
	"slices"

	"golang.org/x/text/unicode/norm"

	"github.com/hoinq/hoinq/internal/unaccent"
)

// Messages of people in danger, who need help at once, whatever the documents
// say. urgentBare is for those typed without marks, and has no words that mean
// something else with others: "đánh con" and "danh con" are left to urgentForm.
var (
	urgentForm    = regexp.MustCompile(`(?i)tự tử|muốn chết|không muốn sống|co giật|ngất xỉu|khó thở quá|đánh (tôi|em|vợ|con|mẹ con)|bạo hành|xâm hại|hiếp|đuối nước|cấp cứu|cháy nhà|ngộ độc`)
	urgentBare    = regexp.MustCompile(`(?i)\b(tu tu|muon chet|khong muon song|co giat|ngat xiu|kho tho qua)\b`)
	urgentEnglish = regexp.MustCompile(`(?i)\b(suicid(e|al)|kill (myself|me)|want to die|(can ?not|can.?t) breathe|(beats?|beating|hits?|hitting|rap(ed|es|ing)|abus(es|ed|ing)) (me|us|my)|house is on fire)\b`)
	notUrgent     = regexp.MustCompile(`(?i)bao nhiêu|chỉ tiêu|tỷ lệ|giảm|phòng, chống|phòng chống`)
)

// urgent reports whether whoever asks may be in danger. A question for figures
// is none.
func urgent(question string) bool {
	question = norm.NFC.String(question)
	if urgentEnglish.MatchString(question) {
		return true
	}
	if unaccent.String(question) == question {
		return urgentBare.MatchString(question)
	}
	return urgentForm.MatchString(question) && !notUrgent.MatchString(question)
}

// sendForHelp puts the numbers before whatever else is said.
func (a *Answer) sendForHelp() {
	if a.Refusal != nil {
		a.Refusal.Text = texts.urgent.in(a.English) + "\n" + a.Refusal.Text
		return
	}
	a.Sentences = slices.Insert(a.Sentences, 0, Sentence{Text: texts.urgent.in(a.English)})
}
