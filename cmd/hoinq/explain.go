package main

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"syscall"

	"github.com/hoinq/hoinq/corpus"
	"github.com/hoinq/hoinq/corpus/ingest"
	"github.com/hoinq/hoinq/internal/datafolder"
	"github.com/hoinq/hoinq/internal/evaluate"
	"github.com/hoinq/hoinq/internal/queue"
	"github.com/hoinq/hoinq/retrieval"
)

// remedy is what to tell a clerk of an error: what is wrong, and what to do.
type remedy struct {
	err  error
	text string
	// detail says that the error's own words help to find the place.
	detail bool
}

func remedies() []remedy {
	return []remedy{
		{err: evaluate.ErrBEIR, text: "chưa đo được; hãy sửa tệp và dòng được nêu", detail: true},
		{err: ingest.ErrEmpty, text: "tệp không có chữ nào; hãy kiểm tra lại tệp"},
		{err: ingest.ErrBinary, text: "không phải tệp văn bản; hãy lưu thành .md hoặc .txt mã UTF-8"},
		{err: ingest.ErrEncoding, text: "không phải mã UTF-8; hãy mở bằng trình soạn thảo rồi lưu lại bằng UTF-8"},
		{err: ingest.ErrTooLarge, text: fmt.Sprintf("tệp lớn hơn %d MB; hãy tách thành nhiều tệp", ingest.MaxFile>>20)},
		{err: ingest.ErrFormat, text: "chưa đọc được loại tệp này; hãy lưu thành .md hoặc .txt mã UTF-8"},
		{err: ingest.ErrFrontMatter, text: "phần khai báo giữa hai dòng --- ở đầu tệp chưa đúng; hãy sửa từng dòng theo mẫu \"tên: giá trị\"", detail: true},
		{err: queue.ErrKeyFile, text: "tệp đăng nhập hoặc chứng chỉ của cụm NATS không dùng được; hãy kiểm tra HOINQ_NATS_CREDS, HOINQ_NATS_CA, HOINQ_NATS_CERT và HOINQ_NATS_KEY", detail: true},
		{err: queue.ErrSignIn, text: "cụm NATS không cho đăng nhập; hãy kiểm tra tên, mật khẩu, mã hoặc tệp trong các cài đặt HOINQ_NATS_…", detail: true},
		{err: queue.ErrTLS, text: "chưa lập được kết nối tin cậy với cụm NATS; hãy đặt HOINQ_NATS_CA thành chứng chỉ gốc của cụm, và HOINQ_NATS_CERT, HOINQ_NATS_KEY nếu cụm đòi chứng chỉ của máy này", detail: true},
		{err: queue.ErrNoJetStream, text: "tài khoản trên cụm NATS chưa bật JetStream; hãy nhờ người quản trị cụm bật", detail: true},
		{err: queue.ErrTooFewServers, text: "cụm NATS không đủ máy chủ để giữ số bản sao này; hãy thêm máy chủ, hoặc đặt HOINQ_NATS_REPLICAS=1", detail: true},
		{err: queue.ErrUnreachable, text: "không nối được với cụm NATS; hãy kiểm tra HOINQ_NATS_URL, máy chủ NATS và tường lửa", detail: true},
		{err: fs.ErrNotExist, text: "không có tệp hay thư mục này; hãy kiểm tra lại đường dẫn"},
		{err: fs.ErrPermission, text: "không có quyền đọc hoặc ghi; hãy cấp quyền cho tài khoản chạy chương trình", detail: true},
		{err: syscall.ENOSPC, text: "ổ đĩa đã hết chỗ; hãy dọn bớt tệp để có chỗ trống", detail: true},
		{err: syscall.EROFS, text: "thư mục chỉ đọc được, không ghi được; hãy gắn lại ổ đĩa ở chế độ ghi được, hoặc đặt HOINQ_DATA thành thư mục khác", detail: true},
		{err: queue.ErrLocked, text: "đã có một hoinq serve khác đang chạy trên thư mục dữ liệu này; hãy dừng nó, hoặc đặt HOINQ_DATA thành thư mục khác", detail: true},
		{err: queue.ErrNoDeadLetter, text: "không có tin mang số này; xem các số bằng lệnh: hoinq queue dead list"},
		{err: queue.ErrOwnerFull, text: "cuộc trò chuyện này đang có quá nhiều tin chờ; hãy thử lại sau ít phút"},
		{err: errNoQueueYet, text: "thư mục dữ liệu chưa có hàng đợi vì hoinq serve chưa chạy trên đó; hãy kiểm tra HOINQ_DATA", detail: true},
		{err: retrieval.ErrDamaged, text: "chỉ mục lưu sẵn bị hỏng, đã bỏ qua và dựng lại từ văn bản; văn bản không bị ảnh hưởng", detail: true},
		{err: queue.ErrReplaced, text: "nhiều người đang cùng đổi bộ văn bản của cụm nên lần này chưa đổi được gì; hãy chờ ít phút rồi chạy lại lệnh"},
		{err: queue.ErrAltered, text: "bộ văn bản trên cụm bị hỏng; hãy chạy hoinq ingest trên một máy đang phục vụ, nơi còn bản chép nguyên vẹn; nếu không máy nào còn thì chạy nats kv del corpus current rồi nạp lại", detail: true},
		{err: queue.ErrObjectTooLarge, text: fmt.Sprintf("bộ văn bản lớn hơn %d MB nên không đưa lên cụm được; hãy gỡ bớt văn bản", corpus.MaxStream>>20)},
		{err: corpus.ErrUnknownDocument, text: "không có văn bản mang mã này; xem các mã bằng lệnh: hoinq documents"},
	}
}

// explain says an error in Vietnamese where it is one that a clerk can mend,
// and as it is where it is not.
func explain(err error) string {
	var listen *listenError
	if errors.As(err, &listen) {
		return listen.explain()
	}
	var version *datafolder.VersionError
	if errors.As(err, &version) {
		return explainVersion(version)
	}
	for _, r := range remedies() {
		switch {
		case !errors.Is(err, r.err):
		case r.detail:
			return fmt.Sprintf("%s (%v)", r.text, err)
		default:
			return r.text
		}
	}
	return err.Error()
}

// explainVersion says why a data folder is left alone.
func explainVersion(e *datafolder.VersionError) string {
	if e.Found == 0 {
		return fmt.Sprintf("tệp %s bị hỏng nên chưa đọc, chưa ghi gì; hãy chép lại tệp này từ bản sao lưu, hoặc ghi vào đó một dòng chỉ có số %d nếu thư mục chưa từng dùng với hoinq mới hơn", e.Path, datafolder.Version)
	}
	return fmt.Sprintf("thư mục dữ liệu %s thuộc phiên bản %d, do một hoinq mới hơn ghi, còn chương trình này chỉ biết đến phiên bản %d nên chưa đọc, chưa ghi gì; hãy dùng hoinq mới hơn, hoặc đặt HOINQ_DATA thành thư mục khác", filepath.Dir(e.Path), e.Found, datafolder.Version)
}

// listenError is an address that cannot be listened on.
type listenError struct {
	setting string
	err     error
}

func (e *listenError) Error() string { return fmt.Sprintf("%s: %v", e.setting, e.err) }
func (e *listenError) Unwrap() error { return e.err }

func (e *listenError) explain() string {
	if errors.Is(e.err, syscall.EADDRINUSE) {
		return fmt.Sprintf("%s: địa chỉ này đang có chương trình khác dùng; hãy tắt chương trình đó hoặc đặt %s thành cổng khác (%v)", e.setting, e.setting, e.err)
	}
	return fmt.Sprintf("%s: không mở được địa chỉ này; hãy kiểm tra lại (%v)", e.setting, e.err)
}
