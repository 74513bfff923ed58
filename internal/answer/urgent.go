package answer

import (
	"regexp"
	"slices"

	"github.com/hoinq/hoinq/internal/unaccent"
)

// urgentForm finds messages of people in danger, in a text without marks: they
// need help at once, whatever the documents say. Words that mean something else
// with other marks are left to urgentMarked.
var (
	urgentForm   = regexp.MustCompile(`(?i)\b(tu tu|muon chet|khong muon song|co giat|ngat xiu|kho tho qua)\b`)
	urgentMarked = regexp.MustCompile(`(?i)(đánh (tôi|em|vợ|con|mẹ con)|bạo hành|xâm hại|hiếp|đuối nước|cấp cứu|cháy nhà|ngộ độc)`)
	notUrgent    = regexp.MustCompile(`(?i)(bao nhiêu|chỉ tiêu|tỷ lệ|giảm|phòng, chống|phòng chống)`)
)

// urgentText names the numbers that help in Vietnam, free of charge.
const urgentText = "Nếu đang nguy cấp, xin gọi ngay 115 (cấp cứu), 113 (công an), 114 (cứu nạn, cứu hỏa) hoặc 111 (bảo vệ trẻ em); các số này miễn phí."

// urgent reports whether whoever asks may be in danger. A question for figures
// is none.
func urgent(question string) bool {
	if notUrgent.MatchString(question) {
		return false
	}
	return urgentForm.MatchString(unaccent.String(question)) || urgentMarked.MatchString(question)
}

// sendForHelp puts the numbers before whatever else is said.
func (a *Answer) sendForHelp() {
	if a.Refusal != nil {
		a.Refusal.Text = urgentText + "\n" + a.Refusal.Text
		return
	}
	a.Sentences = slices.Insert(a.Sentences, 0, Sentence{Text: urgentText})
}
