package vietnamese

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

// weightless lists the words and phrases that say nothing of a question's
// subject, in lower case with their marks: question words, courtesy, chat.
// A phrase of several syllables counts only as a whole. To add one, put it
// on its line; longer phrases win over shorter ones.
const weightless = `
là gì; gì; cái gì; những gì; điều gì; việc gì; nào; mấy; bao nhiêu; bao nhiêu là; có bao nhiêu; có mấy; có những; thế nào; như thế nào; ra sao; so với; làm sao; sao; tại sao; vì sao; thì sao
đúng hay sai; đúng không; đúng hay không; có đúng không; nào sau đây; điều nào sau đây; sau đây; dưới đây; nào dưới đây; trường hợp nào; bằng cách nào; theo quy định; một trong những; một trong các
khi nào; bao giờ; lúc nào; ngày nào; năm nào; tháng nào; thời gian nào; thời điểm nào; ở đâu; nơi nào; đâu
ai; ai làm; những ai; người nào; cơ quan nào; đơn vị nào; tổ chức nào; đoàn thể nào; làm gì; làm những gì
là; thì; mà; và; hay; hoặc; của; cho; được; bị; ở; tại; từ; đến; với; về; trong; trên; dưới; vào; ra; theo; do; bởi; vì; nên; để; khi
những; các; mọi; một; có; không; có không; có phải; phải; phải không; đã; đang; sẽ; cũng; đều; rất; còn; nữa; lại; cần; thuộc; riêng
này; kia; đó; ấy; đây; thế; vậy
gồm; bao gồm; gồm những gì; cụ thể; ghi; nói; nêu; nói gì; nói về; quy định; đặt; đặt ra; đề ra; liên quan; phấn đấu
cho biết; cho hỏi; xin hỏi; muốn hỏi; muốn biết; cho em hỏi; em muốn hỏi; em hỏi; xin; hãy; hỏi; muốn; biết; nghe nói; nói rõ hơn; rõ hơn; chi tiết hơn; mấy năm nay; mấy tháng nay; mấy hôm nay; làm ơn; vui lòng; giúp; giùm; giúp em; giúp tôi; cho em
xin chào; chào; chào ad; chào bạn; chào anh chị; chào em; anh chị; cảm ơn; cám ơn; cảm ơn em; cảm ơn anh; cảm ơn chị; cảm ơn bạn; cảm ơn nhiều; cám ơn em; cám ơn anh; cám ơn chị; cám ơn bạn; cám ơn nhiều; ok; oke; okie; ok em; tốt quá; hay quá; đúng rồi; hiểu rồi; được rồi; thưa; dạ; vâng; ạ; à; ơi; nhé; nha; nhỉ; hả; ad; admin; bot
tôi; mình; tui; tao; bạn; tụi em; chúng tôi; nhà em; nhà tôi; của tôi
`

// fillers lists the words of those who tell a story, which say nothing of its
// subject either. They are set apart because documents hold none of them, and a
// word typed without marks is seldom one.
const fillers = `
em; anh; chị; cháu; bác; chú; tụi tui; tụi tôi; tụi mình; bọn em; bọn cháu; chúng em; chúng cháu; chúng mình
nhà mình; nhà tui; nhà cháu; bên em; bên tôi; chỗ em; chỗ tôi; chỗ tui; chỗ mình; người ta; họ; nó; bà con mình; ông nhà tôi; bà nhà tôi; vợ chồng tôi; vợ chồng em
vừa qua; vừa rồi; diễn ra; rồi; cứ; mãi; hoài; luôn; lắm; quá; dữ; dữ lắm; ghê; thiệt; chứ; chớ; nè; nghen; nghe; á; hen; hử; hở; hè; hỉ; hề; ư; ủa; ôi; trời; trời ơi; giời ơi; than ôi
thôi; mới; vẫn; bỗng; bỗng dưng; tự nhiên; tự dưng; chẳng; chả; hổng; hông; đừng; hết rồi; xong rồi; thế mà; vậy mà; nhưng; nhưng mà; tại vì; bởi vì; cho nên; thành ra; hễ; nếu; dù; dẫu
giờ; bây giờ; hồi; hồi đó; hồi trước; lúc; lúc đó; bữa; bữa nay; bữa nào; bữa đó; hôm; hôm nay; hôm nào; hôm bữa; mai mốt; mốt; sau này; từ nay; dạo này; lâu nay; xưa nay; xưa giờ; chừng nào; tới chừng nào; đến chừng nào; khi mô; lúc mô; hồi nào
vô; tới; dô; ra sao; làm răng; răng; mô; chi; ni; nớ; tê; rứa; cái; con nào; thằng; mấy cái; mấy thứ; thứ; đứa; vụ; chuyện; chuyện đó; việc đó; đồ; kiểu
tính sao; thế nào đây; làm sao đây; phải làm sao; có được không; được không; có không; có chưa; được chưa; chưa vậy; phải không vậy; không vậy; không ta; có ai; ai đứng ra; ai lo; có cách nào; có gì; bao giờ mới; chừng nào mới
cũng như; cùng; hơn; như; nhờ; bằng; để cho; giống; theo như; tuy; chỉ mong; mong; mong sao; ráng; lỡ; lỡ như; chắc; hình như; nghe đâu; nghe bảo; nghe đồn; thấy; thấy bảo; coi; đọc; tưởng; nghĩ; định; tính
`

// kept lists phrases that say something though a word of theirs stands above.
const kept = `
trẻ em; phụ nữ; chị em; anh em; anh hùng; tiếng anh; nước anh; chú trọng; chú ý; bác sĩ; bác ái; cứ điểm; căn cứ; bắt nguồn; họ tên; dòng họ; họ hàng; họ tộc; như ý; thứ hai; thứ ba; thứ tư; thứ năm; thứ sáu; thứ bảy; thứ nhất; chủ nhật
quá trình; quá độ; quá hạn; quá tải; mới nổi; đổi mới; nông thôn mới; xây mới; làm mới; kiểu mẫu; vụ việc; vụ án; nhiệm vụ; dịch vụ; phục vụ; công vụ; nghĩa vụ; thường vụ; vụ mùa; vụ đông; đồ án; bản đồ; chi phí; chi bộ; chi tiêu; chi trả; chi ngân sách; chi thường xuyên; thu chi
giờ giấc; giờ làm; giờ hành chính; ngoài giờ; con nuôi; bằng cấp; văn bằng; công bằng; đồng bằng; nghe nhìn; quyết định; ổn định; xác định; tính toán; tính mạng; tính chất; giới tính; hồi phục; thu hồi; phục hồi; luôn luôn; hơn nữa; chắc chắn
nghe phổ biến; khỏi bệnh; chữa khỏi; thân thiết; tự nhiên học; thiên nhiên; thiên tai; tài nguyên thiên nhiên; cùng cực; như nhau; tụ điểm; hôm qua; mong muốn; đọc sách; văn hóa đọc; thói nghĩ; suy nghĩ
`

// weightlessFolded lists the single syllables that weigh nothing even when they
// are typed without marks. Most of the list above would not do: "dang" may be
// "đảng", "chi" may be "chỉ tiêu", "hoi" may be "hội".
const weightlessFolded = `la; gi; cua; voi; duoc; nhung; cac; nao; toi; vay; trong; va; nhe; nha; ai; cho; thi; se; rat; theo; bi; may; mot; o; j; ad`

// abbreviations maps what people type short to what documents write, in lower
// case. A short form of one letter counts only when it is typed small: "Phần V"
// is a numeral.
const abbreviations = `
nq=nghị quyết; đh=đại hội; dh=đại hội; đhđb=đại hội đại biểu; kh=kế hoạch; ctr=chương trình; cthđ=chương trình hành động
cthd=chương trình hành động; đv=đảng viên; uv=ủy viên; cb=cán bộ; đ/c=đồng chí; ct-xh=chính trị xã hội; ctxh=chính trị xã hội
kt-xh=kinh tế xã hội; ktxh=kinh tế xã hội; qp-an=quốc phòng an ninh; qpan=quốc phòng an ninh; bhyt=bảo hiểm y tế
bhxh=bảo hiểm xã hội; ntm=nông thôn mới; nk=nhiệm kỳ; xh=xã hội; tt=thông tin; tp=thành phố; tx=thị xã; nsnn=ngân sách nhà nước
dn=doanh nghiệp; nd=nhân dân; gd=giáo dục; gd-đt=giáo dục đào tạo; cntt=công nghệ thông tin; cđs=chuyển đổi số; đt=đối tượng
hs=học sinh; sv=sinh viên
bch=ban chấp hành; btv=ban thường vụ; ubkt=ủy ban kiểm tra; ubnd=ủy ban nhân dân; hđnd=hội đồng nhân dân; hdnd=hội đồng nhân dân
mttq=mặt trận tổ quốc; ubmttq=ủy ban mặt trận tổ quốc; ub=ủy ban; đb=đảng bộ; tw=trung ương
bn=bao nhiêu; ko=không; k=không; hok=không; j=gì; dc=được; đc=được; vs=với; ntn=như thế nào; v=vậy; z=vậy; r=rồi
ng=người; mn=mọi người; bt=biết
héc-ta=ha; hecta=ha; hécta=ha; héc ta=ha; hec ta=ha; phần trăm=%; phan tram=%; ki-lô-mét=km; kí-lô-mét=km
`

// Lexicon holds the lists of this package in the form in which they are looked
// up. It is immutable and safe for concurrent use; make one with [NewLexicon].
type Lexicon struct {
	weightless map[string]bool
	// kept are phrases that weigh something though a word of theirs is above.
	kept    map[string]bool
	longest int // syllables of the longest phrase of either list
	short   map[string]string
}

// NewLexicon reads the lists.
func NewLexicon() *Lexicon {
	l := &Lexicon{weightless: map[string]bool{}, kept: map[string]bool{}, short: map[string]string{}}
	for _, phrase := range entries(weightless) {
		l.weightless[l.key(phrase)] = true
		if strings.Contains(phrase, " ") {
			l.weightless[foldedKey+strings.Join(folded(phrase), " ")] = true
		}
	}
	for _, phrase := range entries(fillers) { // too many would mean something else without marks
		l.weightless[l.key(phrase)] = true
	}
	for _, phrase := range entries(kept) {
		l.kept[l.key(phrase)] = true
		l.kept[foldedKey+strings.Join(folded(phrase), " ")] = true
	}
	for _, syllable := range entries(weightlessFolded) {
		l.weightless[foldedKey+syllable] = true
	}
	for _, entry := range entries(abbreviations) {
		short, long, _ := strings.Cut(entry, "=")
		l.short[short] = long
	}
	return l
}

// key is the form in which a phrase is looked up; its length is noted.
func (l *Lexicon) key(phrase string) string {
	syllables := spelled(phrase)
	l.longest = max(l.longest, len(syllables))
	return strings.Join(syllables, " ")
}

// Phrases are the weightless phrases of questions as tokens, in the order of
// their list, without the fillers of stories.
func (l *Lexicon) Phrases() [][]Token {
	var out [][]Token
	for _, phrase := range entries(weightless) {
		out = append(out, Tokenize(phrase))
	}
	return out
}

// Digest is a checksum of the lists. What was analysed with other lists does not
// hold for these.
func (*Lexicon) Digest() string {
	sum := sha256.Sum256([]byte(weightless + "\x00" + fillers + "\x00" + kept + "\x00" + weightlessFolded + "\x00" + abbreviations))
	return hex.EncodeToString(sum[:])
}

// foldedKey sets the folded phrases apart from those with marks.
const foldedKey = "~"

func entries(list string) []string {
	var out []string
	for entry := range strings.FieldsFuncSeq(list, func(r rune) bool { return r == ';' || r == '\n' }) {
		if entry = strings.TrimSpace(entry); entry != "" {
			out = append(out, entry)
		}
	}
	return out
}

func spelled(phrase string) []string {
	var out []string
	for _, t := range Tokenize(phrase) {
		out = append(out, t.Text)
	}
	return out
}

func folded(phrase string) []string {
	var out []string
	for _, t := range Tokenize(phrase) {
		out = append(out, t.Folded)
	}
	return out
}

// Expand writes the abbreviations in a question out, of two words or one. The
// rest of the question stays as it was typed.
func (l *Lexicon) Expand(question string) string {
	words := strings.Fields(question)
	var out []string
	for i := 0; i < len(words); i++ {
		if i+1 < len(words) {
			if long, ok := l.expand(words[i] + " " + words[i+1]); ok {
				out = append(out, long)
				i++
				continue
			}
		}
		long, _ := l.expand(words[i])
		out = append(out, long)
	}
	return strings.Join(out, " ")
}

// expand writes out one abbreviation; the signs around it stay.
func (l *Lexicon) expand(word string) (long string, ok bool) {
	core := strings.Trim(word, `.,;:!?()[]"'“”…`)
	written, ok := l.short[strings.ToLower(core)]
	if !ok || len(core) == 1 && core != strings.ToLower(core) { // "V" is a numeral or an initial
		return word, false
	}
	before, after, _ := strings.Cut(word, core)
	return before + written + after, true
}

// Weightless marks the tokens that belong to a weightless word or phrase.
// unaccented says that the writer typed no marks at all, so that the list is
// read without marks too.
func (l *Lexicon) Weightless(tokens []Token, unaccented bool) []bool {
	out := make([]bool, len(tokens))
	for i := 0; i < len(tokens); {
		n, kept := l.match(tokens[i:], unaccented)
		for j := range n {
			out[i+j] = !kept
		}
		i += max(n, 1)
	}
	return out
}

// match is the number of tokens in the longest phrase of the lists at the
// start, and whether it is one that is kept.
func (l *Lexicon) match(tokens []Token, unaccented bool) (n int, kept bool) {
	for n := min(l.longest, len(tokens)); n > 0; n-- {
		parts := make([]string, n)
		key := ""
		for i := range n {
			parts[i] = tokens[i].Text
			if unaccented {
				parts[i] = tokens[i].Folded
			}
		}
		if unaccented {
			key = foldedKey
		}
		phrase := key + strings.Join(parts, " ")
		if l.weightless[phrase] || l.kept[phrase] {
			return n, l.kept[phrase]
		}
	}
	return 0, false
}
