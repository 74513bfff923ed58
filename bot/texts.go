package bot

import (
	"fmt"
	"time"

	"github.com/hoinq/hoinq/internal/queue"
)

// What is said to people beside answers. Refusals have their texts in
// internal/answer.
const (
	greetingText       = "Chào anh/chị. Tôi trả lời câu hỏi về văn bản bằng cách trích nguyên văn, ghi rõ nằm ở phần nào, mục nào. Văn bản không nêu thì tôi nói thẳng là không nêu."
	groupGreetingText  = "Chào cả nhóm. Tôi trả lời câu hỏi về văn bản bằng cách trích nguyên văn, ghi rõ nằm ở đâu. Trong nhóm tôi chỉ lên tiếng khi được nhắc tên, khi có người trả lời tin của tôi, hoặc khi anh/chị gõ /hoi kèm câu hỏi."
	howToAskText       = "Anh/chị cứ gõ câu hỏi như nói chuyện thường ngày, có dấu hay không dấu, viết tắt đều được. Hỏi tiếp câu trước cũng được, ví dụ: “còn năm 2025 thì sao?”."
	askSomethingText   = "Anh/chị muốn hỏi gì ạ? Mời gõ câu hỏi ngay sau /hoi, hoặc gõ thẳng câu hỏi, không cần lệnh."
	onlyTextText       = "Tôi mới đọc được chữ, chưa xem được ảnh, tệp hay nghe được ghi âm. Anh/chị vui lòng gõ câu hỏi bằng chữ."
	slowlyText         = "Anh/chị gửi nhanh quá nên tôi trả lời chậm lại một chút. Câu đã nhận sẽ được trả lời lần lượt; câu gửi dồn thêm có thể không nhận được."
	unknownCommandText = "Tôi chưa biết lệnh này. Anh/chị cứ gõ thẳng câu hỏi, hoặc dùng một trong các lệnh sau."
	oldButtonText      = "Nút này thuộc về bản tài liệu cũ. Anh/chị vui lòng gõ lại câu hỏi, hoặc mở /vanban để xem tài liệu hiện có."
	oldLinkText        = "Liên kết này dẫn đến một văn bản không còn ở đây. Anh/chị vui lòng gõ câu hỏi, hoặc mở /vanban để xem tài liệu hiện có."
	oldEditionText     = "Đoạn sau thuộc một bản cũ của văn bản này; bản đang dùng có ở /vanban."
	wholeText          = "Xem nguyên văn: "
	wholeEnglishText   = "Read in full: "
	askedText          = "Câu hỏi: "
	forgottenText      = "Đã xóa mọi thứ tôi còn giữ của cuộc trò chuyện này: câu hỏi còn nhớ, câu trả lời chưa gửi và tin lỗi. Câu hỏi kế tiếp sẽ được hiểu như câu đầu tiên."
	noDocumentsText    = "Hiện chưa có tài liệu nào được nạp."
	sourcesText        = "Mọi câu trả lời đều trích từ các tài liệu sau:"
	documentsText      = "Các văn bản đang có. Bấm vào một văn bản để xem dàn ý."
	outlineText        = "Bấm vào một phần để đọc nguyên văn phần đó."
	longSectionText    = "Phần này dài; bên dưới là đoạn đầu, các mục nhỏ ở nút bấm nếu có."
	manySectionsText   = "Phần này gồm nhiều mục; bấm vào mục cần đọc."
)

// PrivacyText says in four lines what is kept of a person.
func PrivacyText() string {
	return fmt.Sprintf(`1. Câu hỏi và nơi nhận trả lời chỉ được giữ đến khi trả lời xong, lâu nhất %d giờ; tin lỗi giữ lâu nhất %d ngày để sửa.
2. Hai câu hỏi gần nhất được nhớ %d phút để hiểu câu hỏi tiếp, không gắn với tên hay số điện thoại.
3. Mã của tin nhắn đã nhận được nhớ %d giờ để không trả lời hai lần; không lập hồ sơ người hỏi, không dùng cho việc khác.
4. Gõ /xoa để xóa ngay những gì còn giữ của cuộc trò chuyện này: câu hỏi còn nhớ, trả lời chưa gửi, tin lỗi; mã tin nhắn tự hết hạn như trên.`,
		hours(queue.KeepWork), hours(queue.KeepDead)/24, int(KeepContext/time.Minute), hours(queue.SeenFor))
}

func hours(d time.Duration) int { return int(d / time.Hour) }
