package main

import (
	"errors"
	"fmt"
	"os"
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

	Serve     serveCommand     `cmd:"" help:"Mở trang hỏi đáp và các kênh nhắn tin."`
	Ask       askCommand       `cmd:"" help:"Hỏi một câu. Mã thoát 0 khi trả lời, 3 khi từ chối."`
	Ingest    ingestCommand    `cmd:"" help:"Nạp văn bản Markdown (.md) và văn bản thuần (.txt)."`
	Documents documentsCommand `cmd:"" help:"Xem và gỡ các văn bản đang có."`
	Webhook   webhookCommand   `cmd:"" help:"Xem, đăng ký và gỡ webhook ở các kênh nhắn tin."`
	Queue     queueCommand     `cmd:"" help:"Xem hàng đợi: các tin không xử lý được."`
	Eval      evalCommand      `cmd:"" help:"Đo chất lượng trả lời trên bộ câu hỏi có đáp án."`
	Doctor    doctorCommand    `cmd:"" help:"Kiểm tra cài đặt và dữ liệu, chỉ ra chỗ cần sửa."`
}

// rawSettings collects the settings: a flag, else the environment, else for a
// secret the file that the environment names.
func rawSettings(flags []*kong.Flag, getenv func(string) string) (config.Raw, error) {
	raw := config.Raw{}
	for _, name := range config.Names() {
		raw[name] = getenv(name)
	}
	var problems config.Problems
	for _, name := range config.Secrets() {
		file := getenv(name + config.FileSuffix)
		switch {
		case file == "":
		case raw[name] != "":
			problems = append(problems, fmt.Sprintf("%s: đã đặt cả %s; hãy chỉ giữ một", name, name+config.FileSuffix))
		default:
			secret, err := os.ReadFile(file)
			if err != nil {
				problems = append(problems, fmt.Sprintf("%s: %s: %s", name+config.FileSuffix, file, explain(err)))
			}
			raw[name] = string(secret)
		}
	}
	for _, flag := range flags {
		name := config.Prefix + strings.ToUpper(strings.ReplaceAll(flag.Name, "-", "_"))
		if _, setting := raw[name]; setting && flag.Set {
			raw[name] = fmt.Sprint(flag.Target.Interface())
		}
	}
	if len(problems) > 0 {
		return nil, problems
	}
	return raw, nil
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
