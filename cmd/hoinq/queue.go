package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"unicode"

	"github.com/hoinq/hoinq/bot"
)

// queueCommand looks after the queues.
type queueCommand struct {
	Dead deadCommand `cmd:"" help:"Xem và làm lại các tin không xử lý được."`
}

// deadCommand looks after the dead letters.
type deadCommand struct {
	List  deadListCommand  `cmd:"" help:"Liệt kê các tin không xử lý được, không in lời của người dân."`
	Show  deadShowCommand  `cmd:"" help:"In một tin, CÓ LỜI CỦA NGƯỜI DÂN; chỉ xem khi cần, đừng chép đi nơi khác."`
	Retry deadRetryCommand `cmd:"" help:"Đưa tin trở lại hàng đợi để xử lý lại, sau khi đã sửa nguyên nhân."`
}

// shownTime is how a moment is printed, by the clock of this machine.
const shownTime = "2006-01-02 15:04:05"

type deadListCommand struct {
	JSON bool `name:"json" help:"In mỗi tin thành một dòng JSON."`
}

// Run lists all dead letters, without the words of anybody.
func (c *deadListCommand) Run(ctx context.Context, p *program) error {
	letters, done, err := p.deadLetters(ctx)
	if err != nil {
		return err
	}
	defer done()
	count := 0
	err = eachLetter(ctx, letters, func(l bot.DeadLetter) error {
		count++
		if c.JSON {
			return json.NewEncoder(p.stdout).Encode(l)
		}
		say(p.stdout, "%s/%d\ttừ %s\t%s\t%s\n", l.Queue, l.Number, l.AcceptedAt.Local().Format(shownTime), printable(string(l.Channel)), printable(l.Reason))
		return nil
	})
	if err == nil && count == 0 && !c.JSON {
		say(p.stdout, "Không có tin nào không xử lý được.\n")
	}
	return err
}

// eachLetter calls do with every dead letter, queue by queue, oldest first.
func eachLetter(ctx context.Context, letters deadLetters, do func(bot.DeadLetter) error) error {
	for _, name := range bot.QueueNames() {
		from := uint64(0)
		for {
			page, err := letters.DeadLetters(ctx, name, from)
			if err != nil {
				return err
			}
			if len(page) == 0 {
				break
			}
			for _, l := range page {
				if err := do(l); err != nil {
					return err
				}
			}
			from = page[len(page)-1].Number + 1
		}
	}
	return nil
}

type deadShowCommand struct {
	Letter string `arg:"" help:"Hàng đợi và số của tin, như inbox/12 (câu hỏi) hoặc outbox/3 (câu trả lời)."`
	JSON   bool   `name:"json" help:"In một đối tượng JSON."`
}

// Run prints one dead letter, with its words.
func (c *deadShowCommand) Run(ctx context.Context, p *program) error {
	name, err := parseLetter(c.Letter)
	if err != nil {
		return err
	}
	letters, done, err := p.deadLetters(ctx)
	if err != nil {
		return err
	}
	defer done()
	l, err := letters.DeadLetter(ctx, name.queue, name.number)
	if err != nil {
		return fmt.Errorf("%s: %s", name, explain(err))
	}
	if c.JSON {
		return json.NewEncoder(p.stdout).Encode(l)
	}
	say(p.stdout, "Tin: %s\nKênh: %s\nNhận lúc: %s\nThôi xử lý lúc: %s\nLý do: %s\nNội dung:\n%s\n", name, printable(string(l.Channel)),
		l.AcceptedAt.Local().Format(shownTime), l.DiedAt.Local().Format(shownTime), printable(l.Reason), printable(l.Words))
	return nil
}

// printable makes a text that somebody else wrote harmless to a terminal.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return unicode.ReplacementChar
		}
		return r
	}, s)
}

type deadRetryCommand struct {
	Letters []string `arg:"" optional:"" name:"tin" sep:"none" help:"Các tin, như inbox/12 outbox/3."`
	All     bool     `help:"Tất cả các tin đang có."`
}

// Run puts dead letters back. One that cannot be put back is named; the others
// are.
func (c *deadRetryCommand) Run(ctx context.Context, p *program) error {
	if c.All == (len(c.Letters) > 0) {
		return usageError("hãy nêu các tin cần làm lại, như inbox/12, hoặc chỉ --all")
	}
	var names []letterName
	for _, arg := range c.Letters {
		name, err := parseLetter(arg)
		if err != nil {
			return err
		}
		names = append(names, name)
	}
	letters, done, err := p.deadLetters(ctx)
	if err != nil {
		return err
	}
	defer done()
	if c.All { // all that are there now: what dies again meanwhile is left
		err = eachLetter(ctx, letters, func(l bot.DeadLetter) error {
			names = append(names, letterName{l.Queue, l.Number})
			return nil
		})
		if err != nil {
			return err
		}
	}
	return p.retry(ctx, letters, names)
}

func (p *program) retry(ctx context.Context, letters deadLetters, names []letterName) error {
	failed := 0
	for _, name := range names {
		if err := letters.Retry(ctx, name.queue, name.number); err != nil {
			failed++
			say(p.stderr, "hoinq: %s: %s\n", name, explain(err))
			continue
		}
		say(p.stdout, "Đã đưa %s trở lại hàng đợi.\n", name)
	}
	if done := len(names) - failed; done > 0 {
		say(p.stdout, "Đã đưa lại %d tin; hoinq serve xử lý ngay khi đang chạy.\n", done)
	}
	if failed > 0 {
		return codeError(exitFailure)
	}
	return nil
}

// letterName is how a dead letter is called on the command line.
type letterName struct {
	queue  bot.QueueName
	number uint64
}

func (n letterName) String() string { return fmt.Sprintf("%s/%d", n.queue, n.number) }

// parseLetter reads QUEUE/N.
func parseLetter(s string) (letterName, error) {
	queue, number, _ := strings.Cut(s, "/")
	n, err := strconv.ParseUint(number, 10, 64)
	for _, name := range bot.QueueNames() {
		if err == nil && n > 0 && queue == string(name) {
			return letterName{name, n}, nil
		}
	}
	return letterName{}, usageError(fmt.Sprintf("%q không phải tên một tin; hãy viết như inbox/12 hoặc outbox/3, theo lệnh: hoinq queue dead list", s))
}

// deadLetters is where the dead letters are looked after: the queue itself, as
// [bot.Queues], or a serve that has it open, as [adminClient].
type deadLetters interface {
	// DeadLetters lists some, from a number on; an empty list is the end.
	DeadLetters(ctx context.Context, name bot.QueueName, from uint64) ([]bot.DeadLetter, error)
	DeadLetter(ctx context.Context, name bot.QueueName, number uint64) (bot.DeadLetter, error)
	Retry(ctx context.Context, name bot.QueueName, number uint64) error
}
