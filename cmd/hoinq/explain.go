package main

import (
	"errors"
	"fmt"
	"io/fs"
	"syscall"

	"github.com/hoinq/hoinq/corpus"
	"github.com/hoinq/hoinq/corpus/ingest"
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
		{err: fs.ErrNotExist, text: "không có tệp hay thư mục này; hãy kiểm tra lại đường dẫn"},
		{err: fs.ErrPermission, text: "không có quyền đọc hoặc ghi; hãy cấp quyền cho tài khoản chạy chương trình", detail: true},
		{err: queue.ErrLocked, text: "đã có một hoinq serve khác đang chạy trên thư mục dữ liệu này; hãy dừng nó, hoặc đặt HOINQ_DATA thành thư mục khác", detail: true},
		{err: retrieval.ErrDamaged, text: "chỉ mục lưu sẵn bị hỏng, đã bỏ qua và dựng lại từ văn bản; văn bản không bị ảnh hưởng", detail: true},
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
