package ingest

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"

	"github.com/hoinq/hoinq/corpus"
)

// ErrFrontMatter is returned, wrapped, when the block between the two "---"
// lines at the top of a file cannot be read.
var ErrFrontMatter = errors.New("front matter cannot be read")

// frontMatter is what a Markdown file may say of itself. Unknown keys are kept
// in Rest, so that a slip of the pen ("tilte") is reported.
type frontMatter struct {
	ID        string         `yaml:"id"`
	Title     string         `yaml:"title"`
	Kind      string         `yaml:"kind"`
	Issuer    string         `yaml:"issuer"`
	Number    string         `yaml:"number"`
	Date      string         `yaml:"date"`
	Term      string         `yaml:"term"`
	Status    string         `yaml:"status"`
	From      string         `yaml:"from"`
	Until     string         `yaml:"until"`
	Sources   list           `yaml:"sources"`
	Questions list           `yaml:"questions"`
	Rest      map[string]any `yaml:",inline"`
}

// list is a list of strings; a single string stands for a list of one.
type list []string

// UnmarshalYAML reads the list.
func (l *list) UnmarshalYAML(node *yaml.Node) error {
	if node.Kind == yaml.ScalarNode {
		*l = list{node.Value}
		return nil
	}
	return node.Decode((*[]string)(l))
}

var frontMatterFence = regexp.MustCompile(`(?s)\A---[ \t]*\n(.*?\n)??---[ \t]*(?:\n|\z)`)

// cutFrontMatter takes the front matter off the top of a file. A file without
// one gives the zero value and the whole file.
func cutFrontMatter(file string) (frontMatter, string, error) {
	var f frontMatter
	at := frontMatterFence.FindStringSubmatchIndex(file)
	if at == nil {
		return f, file, nil
	}
	if at[2] >= 0 {
		if err := yaml.Unmarshal([]byte(file[at[2]:at[3]]), &f); err != nil {
			return f, "", fmt.Errorf("%w: %s", ErrFrontMatter, strings.Join(strings.Fields(err.Error()), " "))
		}
	}
	return f, file[at[1]:], nil
}

// apply hands the front matter to a draft; what makes no sense there becomes
// a warning and is left out.
func (f frontMatter) apply(d *Draft) {
	warn := func(format string, args ...any) {
		d.Quality.Warnings = append(d.Quality.Warnings, fmt.Sprintf(format, args...))
	}
	d.Document = corpus.Document{
		ID:        Slug(f.ID),
		Title:     clean(f.Title),
		Kind:      corpus.Kind(clean(f.Kind)),
		Issuer:    clean(f.Issuer),
		Number:    clean(f.Number),
		Date:      clean(f.Date),
		Term:      clean(f.Term),
		Sources:   cleanAll(f.Sources),
		Questions: cleanAll(f.Questions),
	}
	if !d.Document.Kind.Valid() {
		warn("kind %q không có; các giá trị dùng được: %s", d.Document.Kind, kindList())
		d.Document.Kind = ""
	}
	d.Validity = corpus.Validity{Status: corpus.Status(clean(f.Status)), From: clean(f.From), Until: clean(f.Until)}
	for _, date := range []struct {
		key   string
		value *string
	}{{"date", &d.Document.Date}, {"from", &d.Validity.From}, {"until", &d.Validity.Until}} {
		if *date.value != "" && !isDate(*date.value) {
			warn("%s %q không đúng dạng năm-tháng-ngày, ví dụ 2020-11-30", date.key, *date.value)
			*date.value = ""
		}
	}
	switch d.Validity.Status {
	case "", corpus.InForce, corpus.Amended, corpus.Replaced, corpus.Expired:
	default:
		warn("status %q không có; dùng in-force, amended, replaced hoặc expired", d.Validity.Status)
		d.Validity.Status = ""
	}
	unknown := make([]string, 0, len(f.Rest))
	for key := range f.Rest {
		unknown = append(unknown, key)
	}
	slices.Sort(unknown)
	for _, key := range unknown {
		warn("không hiểu mục %q ở đầu tệp, đã bỏ qua", key)
	}
}

// isDate reports whether s is a day, a month or a year: "2020-11-30",
// "2020-11", "2020".
func isDate(s string) bool {
	for _, form := range []string{time.DateOnly, "2006-01", "2006"} {
		if _, err := time.Parse(form, s); err == nil {
			return true
		}
	}
	return false
}

func cleanAll(list []string) []string {
	var out []string
	for _, s := range list {
		if s = clean(s); s != "" {
			out = append(out, s)
		}
	}
	return out
}

func kindList() string {
	var names []string
	for _, k := range corpus.Kinds() {
		names = append(names, string(k))
	}
	return strings.Join(names, ", ")
}
