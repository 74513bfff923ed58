package main

import (
	"cmp"
	"errors"
	"strings"

	"github.com/alecthomas/kong"

	"github.com/hoinq/hoinq/internal/config"
)

// commandLine is the grammar of the command line. Its names are a contract.
// Values are strings that internal/config checks, because kong would stop at
// the first wrong one; lists are never cut at commas.
type commandLine struct {
	Help    helpFlag `short:"h" help:"Hiện cách dùng."`
	Data    string   `placeholder:"THƯ-MỤC" help:"Thư mục dữ liệu; biến môi trường HOINQ_DATA; mặc định ./data."`
	Bundled bool     `help:"Dùng cả tài liệu kèm sẵn bên cạnh tài liệu đã nạp; HOINQ_BUNDLED."`
	Office  string   `placeholder:"TÊN" help:"Tên cơ quan phụ trách, hiện khi không trả lời được; HOINQ_OFFICE."`
	Contact string   `placeholder:"LIÊN-HỆ" help:"Điện thoại, giờ làm việc, địa chỉ; HOINQ_CONTACT."`

	Ask       askCommand       `cmd:"" help:"Hỏi một câu. Mã thoát 0 khi trả lời, 3 khi từ chối."`
	Ingest    ingestCommand    `cmd:"" help:"Nạp văn bản Markdown (.md) và văn bản thuần (.txt)."`
	Documents documentsCommand `cmd:"" help:"Xem và gỡ các văn bản đang có."`
	Eval      evalCommand      `cmd:"" help:"Đo chất lượng trả lời trên bộ câu hỏi có đáp án."`
	Doctor    doctorCommand    `cmd:"" help:"Kiểm tra cài đặt và dữ liệu, chỉ ra chỗ cần sửa."`
}

// raw collects the settings: a flag, else the environment.
func (c *commandLine) raw(getenv func(string) string) config.Raw {
	bundled := getenv("HOINQ_BUNDLED")
	if c.Bundled {
		bundled = "true"
	}
	return config.Raw{
		Data:    cmp.Or(c.Data, getenv("HOINQ_DATA")),
		Bundled: strings.TrimSpace(bundled),
		Office:  cmp.Or(c.Office, getenv("HOINQ_OFFICE")),
		Contact: cmp.Or(c.Contact, getenv("HOINQ_CONTACT")),
	}
}

// helpFlag prints the help of the command it stands with and ends the parse.
type helpFlag bool

var errHelp = errors.New("help was printed")

// BeforeReset is kong's hook for a flag that goes before everything else.
func (helpFlag) BeforeReset(ctx *kong.Context) error {
	if err := ctx.PrintUsage(false); err != nil {
		return err
	}
	return errHelp
}
