package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/hoinq/hoinq/corpus"
	"github.com/hoinq/hoinq/internal/answer"
	"github.com/hoinq/hoinq/retrieval"
)

// askCommand answers one question, or a file of them.
type askCommand struct {
	JSON     bool     `name:"json" help:"In câu trả lời dạng JSON."`
	Document []string `sep:"none" placeholder:"TỆP" help:"Hỏi các tệp này thay cho thư mục dữ liệu; - là đầu vào chuẩn."`
	Batch    string   `placeholder:"TỆP.jsonl" help:"Hỏi lần lượt các câu trong tệp, mỗi dòng một JSON {id, q, prev}; - là đầu vào chuẩn."`
	Question []string `arg:"" optional:"" sep:"none" help:"Câu hỏi."`
}

// Run asks.
func (c *askCommand) Run(ctx context.Context, p *program) error {
	question := strings.TrimSpace(strings.Join(c.Question, " "))
	switch {
	case c.Batch == "-" && slices.Contains(c.Document, "-"):
		return usageError("đầu vào chuẩn không thể vừa là --batch vừa là --document")
	case c.Batch != "" && question != "":
		return usageError("dùng --batch thì không ghi thêm câu hỏi trên dòng lệnh")
	case c.Batch != "":
		return c.batch(ctx, p)
	case question == "":
		return usageError("chưa có câu hỏi; ví dụ: hoinq ask \"Nghị quyết có bao nhiêu chỉ tiêu?\"")
	case utf8.RuneCountInString(question) > retrieval.MaxQuestion:
		return usageError(fmt.Sprintf("câu hỏi dài quá %d ký tự; hãy rút ngắn", retrieval.MaxQuestion))
	}
	start := time.Now()
	engine, err := c.engine(ctx, p)
	if err != nil {
		return err
	}
	a, err := engine.Ask(ctx, retrieval.Query{Text: question})
	if err != nil {
		return err
	}
	response := answer.NewResponse("", a, p.answerOptions())
	if c.JSON {
		err = printJSON(p.stdout, response.Timed(time.Since(start)))
	} else {
		_, err = io.WriteString(p.stdout, plainAnswer(response))
	}
	if err != nil {
		return fmt.Errorf("print answer: %w", err)
	}
	if !response.Answered {
		return codeError(exitRefused)
	}
	return nil
}

// engine makes ready to answer from the documents of the command line.
func (c *askCommand) engine(ctx context.Context, p *program) (*answer.Engine, error) {
	library, err := p.library(ctx, c.Document)
	if err != nil {
		return nil, err
	}
	if len(c.Document) > 0 {
		return p.engineFor(ctx, library)
	}
	index, err := p.index(ctx, library)
	if err != nil {
		return nil, err
	}
	p.keep(ctx, index)
	engine, _ := p.engine(index.Index)
	return engine, nil
}

// maxBatchLine is the longest line of a batch, in bytes.
const maxBatchLine = 16 << 20

// batchLine is one line of a batch.
type batchLine struct {
	ID   string `json:"id"`
	Q    string `json:"q"`
	Prev string `json:"prev"`
}

// batch answers the lines of a file in their order, one JSON object each. A
// line that is no question gets a refusal, so that none is lost; one that is no
// JSON is named on standard error and makes the run fail at its end.
func (c *askCommand) batch(ctx context.Context, p *program) error {
	in := p.stdin
	if c.Batch != "-" {
		f, err := os.Open(c.Batch)
		if err != nil {
			return fmt.Errorf("%s: %s", c.Batch, explain(err))
		}
		defer f.Close() //nolint:errcheck // nothing was written
		in = f
	}
	engine, err := c.engine(ctx, p)
	if err != nil {
		return err
	}
	out := bufio.NewWriter(p.stdout)
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, maxBatchLine)
	failed := false
	for n := 1; lines.Scan(); n++ {
		if strings.TrimSpace(lines.Text()) == "" {
			continue
		}
		var line batchLine
		if err := json.Unmarshal(bytes.TrimPrefix(lines.Bytes(), []byte("\uFEFF")), &line); err != nil {
			say(p.stderr, "hoinq: %s, dòng %d: không phải JSON dạng {\"id\":\"…\",\"q\":\"…\"}: %v\n", c.Batch, n, err)
			failed = true
			continue
		}
		a, err := engine.Ask(ctx, retrieval.Query{Text: line.Q, Previous: line.Prev})
		if err != nil {
			return errors.Join(err, out.Flush())
		}
		if err := printJSON(out, answer.NewResponse(line.ID, a, p.answerOptions())); err != nil {
			return fmt.Errorf("print answer: %w", err)
		}
		if err := out.Flush(); err != nil { // whoever feeds us may wait for it
			return fmt.Errorf("print answer: %w", err)
		}
	}
	if err := lines.Err(); err != nil {
		return errors.Join(fmt.Errorf("%s: đọc dở dang, mỗi dòng nhiều nhất %d MB: %w", c.Batch, maxBatchLine>>20, err), out.Flush())
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("print answer: %w", err)
	}
	if failed {
		return codeError(exitFailure)
	}
	return nil
}

func printJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	return e.Encode(v)
}

// plainAnswer lays an answer out for a terminal.
func plainAnswer(r answer.Response) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n", r.Text)
	for _, c := range r.Citations {
		fmt.Fprintf(&b, "\n[%d] %s", c.N, plainCitation(c))
	}
	nearest, next := r.Heads()
	if len(r.Nearest) > 0 {
		b.WriteString("\n" + nearest + "\n")
		for _, c := range r.Nearest {
			fmt.Fprintf(&b, "\n- %s", plainCitation(c))
		}
	}
	if len(r.Suggestions) > 0 {
		b.WriteString("\n" + next + "\n")
		for _, s := range r.Suggestions {
			fmt.Fprintf(&b, "- %s\n", s)
		}
	}
	return b.String()
}

func plainCitation(c corpus.Citation) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n    %s", c.Title, c.Location)
	if c.Label != "" {
		fmt.Fprintf(&b, " · %s", c.Label)
	}
	b.WriteString("\n")
	for _, q := range c.Context {
		fmt.Fprintf(&b, "    %s\n", indent(q.Words))
	}
	fmt.Fprintf(&b, "    “%s”\n", indent(c.Words))
	if c.URL != "" {
		fmt.Fprintf(&b, "    %s\n", c.URL)
	}
	return b.String()
}

func indent(words string) string {
	var lines []string
	for line := range strings.SplitSeq(words, "\n") {
		if line != "" {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n    ")
}
