package retrieval

import (
	"regexp"
	"strings"

	"github.com/hoinq/hoinq/corpus"
)

// offers says what a passage contains that a question may ask for.
type offers struct {
	figure, time, body, list, symbol bool
}

// What the forms look for, in the text as it stands.
var (
	figureForm = regexp.MustCompile(`\d|(?i:\b(một|hai|ba|bốn|năm|sáu|bảy|tám|chín|mười)\s+(\p{L}+))`)
	timeForm   = regexp.MustCompile(`(?i)(ngày|tháng|quý|năm)\s+(0?\d|[IVX]|[12]\d)|\d{1,2}/\d{1,2}/\d{4}|\d{1,2}/\d{4}|\d{1,2}\s+giờ|mùa (khô|mưa|bão)|nhiệm kỳ|hằng (năm|tháng|quý|tuần)`)
	bodyForm   = regexp.MustCompile(`(?i:sở|ban|ủy ban|uỷ ban|văn phòng|đảng ủy|tỉnh ủy|huyện ủy|hội|công an|bộ đội|bộ|mặt trận|đoàn|đài|báo|chi cục|trường|công ty|trung tâm|bí thư|chủ tịch|đồng chí|ông|bà|cơ quan|chi bộ|đảng bộ|cấp ủy|các cấp|thuế|người|cán bộ)\s`)
	symbolForm = regexp.MustCompile(`\d+(/\d{4})?[-/](NQ|KH|CT|CTr|QĐ|BC|HD|TB|NĐ|TT)[-/]?\p{Lu}`)
	listForm   = regexp.MustCompile(`(?i:gồm|như|sau|là|:).*[;,].*[;,]|;.*;|,.*,.*(?i:và)\s`)
	markAtHead = regexp.MustCompile(`^(\d+[.)/-]|\d+\.\d+\.?|\p{L}\)|[IVXL]+[.\-/])\s*`)
)

// offersOf looks through passage i with what stands below it.
func offersOf(e *corpus.Edition, i int) offers {
	words := markAtHead.ReplaceAllString(e.Words(e.Passages[i].Span), "")
	return offers{
		figure: figureForm.MatchString(words),
		time:   timeForm.MatchString(words),
		body:   bodyForm.MatchString(words),
		symbol: symbolForm.MatchString(words),
		list:   len(e.Children(i)) >= 2 || listForm.MatchString(strings.ReplaceAll(words, "\n", " ")),
	}
}

// satisfies reports whether the passage has everything that the question asks
// for; a question that asks for nothing in particular is satisfied by any.
func (o offers) satisfies(u Understanding) bool {
	for _, t := range u.Types {
		switch {
		case t == AsksNumber && !o.figure,
			t == AsksTime && !o.time,
			t == AsksWho && !o.body,
			t == AsksSymbol && !o.symbol:
			return false
		}
	}
	return true
}
