// Package config is every setting of the program, checked in one place.
//
// Settings come as strings, from flags or from the environment; [Parse] checks
// them all and reports every problem at once, so that a clerk mends a file of
// settings in one go. The package does no I/O and knows no other package of
// the program.
package config

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Prefix begins the name of every setting in the environment.
const Prefix = "HOINQ_"

// Raw are the settings as they were given, unchecked; empty means not given.
type Raw struct {
	Data, Bundled, Office, Contact string
}

// Settings are the checked settings.
type Settings struct {
	// Data is the data folder; default "./data".
	Data string
	// Bundled lets the bundled documents serve beside those taken in.
	Bundled bool
	// Office and Contact say whom citizens can turn to; both may be empty.
	Office, Contact string
}

// DefaultData is the data folder when none is set.
const DefaultData = "./data"

// Longest values, in characters: both are shown in chat messages.
const (
	maxOffice  = 200
	maxContact = 400
)

// Problems are all that is wrong with the settings, a Vietnamese sentence each
// that names the setting and the remedy.
type Problems []string

// Error lists the problems, one a line.
func (p Problems) Error() string { return strings.Join(p, "\n") }

// Parse checks the settings. The error, if any, is of type [Problems].
func Parse(raw Raw) (Settings, error) {
	var problems Problems
	s := Settings{Data: strings.TrimSpace(raw.Data)}
	if s.Data == "" {
		s.Data = DefaultData
	}
	if strings.ContainsRune(s.Data, 0) {
		problems = append(problems, "HOINQ_DATA: đường dẫn có ký tự không hợp lệ; hãy ghi lại đường dẫn thư mục dữ liệu")
	}
	if raw.Bundled != "" {
		on, err := strconv.ParseBool(raw.Bundled)
		if err != nil {
			problems = append(problems, fmt.Sprintf("HOINQ_BUNDLED: %q không phải true hay false; hãy dùng một trong hai giá trị đó", raw.Bundled))
		}
		s.Bundled = on
	}
	s.Office = shown("HOINQ_OFFICE", raw.Office, maxOffice, &problems)
	s.Contact = shown("HOINQ_CONTACT", raw.Contact, maxContact, &problems)
	if len(problems) > 0 {
		return Settings{}, problems
	}
	return s, nil
}

// shown checks a value that people will read.
func shown(name, value string, longest int, problems *Problems) string {
	value = strings.TrimSpace(value)
	switch {
	case !utf8.ValidString(value):
		*problems = append(*problems, name+": không phải chữ mã UTF-8; hãy lưu lại bằng UTF-8")
	case strings.ContainsFunc(value, unicode.IsControl):
		*problems = append(*problems, name+": có ký tự xuống dòng hoặc ký tự điều khiển; hãy ghi trên một dòng")
	case utf8.RuneCountInString(value) > longest:
		*problems = append(*problems, fmt.Sprintf("%s: dài %d ký tự, nhiều nhất là %d; hãy rút gọn", name, utf8.RuneCountInString(value), longest))
	}
	return value
}

// Names lists the settings there are, as named in the environment.
func Names() []string {
	return []string{"HOINQ_DATA", "HOINQ_BUNDLED", "HOINQ_OFFICE", "HOINQ_CONTACT"}
}

// Unknown returns the variables of an environment ("NAME=value") that begin
// like a setting and are none: slips of the pen, most likely.
func Unknown(environment []string) []string {
	var out []string
	for _, variable := range environment {
		name, _, _ := strings.Cut(variable, "=")
		if strings.HasPrefix(name, Prefix) && !strings.HasPrefix(name, Prefix+"TEST_") && !slices.Contains(Names(), name) {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}
