package evaluate

import (
	"bufio"
	"errors"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
)

func TestReadQuestions(t *testing.T) {
	file := `{"id":"1","kind":"plain","q":"Mục đích?","gold":["a","b"],"note":"passed over"}

  {"id":"2","kind":"oos","q":"Trời mưa?","gold":[],"prev":"Trời nắng?"}  ` + "\r\n"
	got, err := ReadQuestions(strings.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	want := []Question{
		{ID: "1", Kind: "plain", Q: "Mục đích?", Gold: []string{"a", "b"}},
		{ID: "2", Kind: "oos", Q: "Trời mưa?", Gold: []string{}, Prev: "Trời nắng?"},
	}
	if diff := cmp.Diff(got, want); diff != "" {
		t.Errorf("questions (-got +want):\n%s", diff)
	}
}

func TestAQuestionFileThatCannotBeReadSaysWhere(t *testing.T) {
	const good = `{"id":"1","q":"a"}` + "\n"
	for _, tc := range []struct {
		name, file, want string
	}{
		{"no JSON", good + "\n{", "line 3: "},
		{"another type", good + `{"id":2,"q":"b"}`, "line 2: "},
		{"gold that is no list", `{"id":"1","q":"a","gold":"b"}`, "line 1: "},
		{"two on one line", good + `{"id":"2","q":"b"} {"id":"3","q":"c"}`, "line 2: "},
		{"without id", good + "\n" + `{"q":"b"}`, "line 3: "},
		{"an id twice", good + good, "line 2: "},
		{"a gold text that is empty", good + `{"id":"2","q":"b","gold":[" "]}`, "line 2: "},
		{"without question", `{"id":"1","q":""}`, "line 1: "},
		{"a line too long", good + `{"id":"2","q":"` + strings.Repeat("a", maxLine) + `"}`, "line 2: "},
		{"empty", "\n \n", "no question"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			questions, err := ReadQuestions(strings.NewReader(tc.file))
			if !errors.Is(err, ErrQuestions) || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("error %v, want %v with %q", err, ErrQuestions, tc.want)
			}
			if questions != nil {
				t.Errorf("questions %+v beside the error", questions)
			}
		})
	}
}

func TestReadQuestionsPassesErrorsOn(t *testing.T) {
	if _, err := ReadQuestions(iotest.ErrReader(errors.ErrUnsupported)); !errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("error %v, want %v", err, errors.ErrUnsupported)
	}
	_, err := ReadQuestions(strings.NewReader(strings.Repeat("a", maxLine+1)))
	if !errors.Is(err, bufio.ErrTooLong) {
		t.Errorf("error %v, want %v", err, bufio.ErrTooLong)
	}
}
