package config

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestSettings(t *testing.T) {
	for _, tc := range []struct {
		name string
		raw  Raw
		want Settings
	}{
		{"nothing given is the defaults", Raw{}, Settings{Data: DefaultData}},
		{"white space alone is nothing", Raw{Data: " \t", Office: " ", Contact: "\n"}, Settings{Data: DefaultData}},
		{"everything given, without white space around it",
			Raw{Data: " /srv/hoinq ", Bundled: "true", Office: " Ban Tuyên giáo ", Contact: "0123 456 789"},
			Settings{Data: "/srv/hoinq", Bundled: true, Office: "Ban Tuyên giáo", Contact: "0123 456 789"}},
		{"false is a value", Raw{Bundled: "false"}, Settings{Data: DefaultData}},
		{"as is 1", Raw{Bundled: "1"}, Settings{Data: DefaultData, Bundled: true}},
		{"the longest that is shown, in characters",
			Raw{Office: strings.Repeat("ế", maxOffice), Contact: strings.Repeat("ế", maxContact)},
			Settings{Data: DefaultData, Office: strings.Repeat("ế", maxOffice), Contact: strings.Repeat("ế", maxContact)}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got, err := Parse(tc.raw)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(got, tc.want); diff != "" {
				t.Errorf("settings (-got +want):\n%s", diff)
			}
		})
	}
}

func TestProblemsAreNamedAllAtOnce(t *testing.T) {
	for _, tc := range []struct {
		name string
		raw  Raw
		want []string // what the lines say, in order
	}{
		{"all four", Raw{Data: "a\x00b", Bundled: "có", Office: "\xff", Contact: "một\nhai"},
			[]string{"HOINQ_DATA: ", `HOINQ_BUNDLED: "có"`, "HOINQ_OFFICE: không phải chữ mã UTF-8", "HOINQ_CONTACT: có ký tự xuống dòng"}},
		{"too long, in characters", Raw{Office: strings.Repeat("ế", maxOffice+1), Contact: strings.Repeat("a", maxContact+7)},
			[]string{"HOINQ_OFFICE: dài 201 ký tự, nhiều nhất là 200", "HOINQ_CONTACT: dài 407 ký tự, nhiều nhất là 400"}},
		{"one value that is wrong in two ways is named once", Raw{Office: strings.Repeat("a\x01", maxOffice)},
			[]string{"HOINQ_OFFICE: "}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			settings, err := Parse(tc.raw)
			var problems Problems
			if !errors.As(err, &problems) {
				t.Fatalf("error %v, want Problems", err)
			}
			if settings != (Settings{}) {
				t.Errorf("settings %+v beside the problems", settings)
			}
			lines := strings.Split(err.Error(), "\n")
			if !slices.EqualFunc(lines, tc.want, strings.HasPrefix) {
				t.Errorf("problems %q, want them to begin %q", lines, tc.want)
			}
			for _, line := range lines {
				if !strings.Contains(line, "; hãy ") {
					t.Errorf("%q does not say what to do", line)
				}
			}
		})
	}
}

func TestUnknownVariablesAreSlipsOfThePen(t *testing.T) {
	got := Unknown([]string{
		"HOINQ_OFICE=Ban Tuyên giáo", "HOINQ_OFFICE=x", "HOINQ_DATA", "PATH=/bin", "HOINQ_", "HOINQ_A=b=c",
		"HOINQ_TEST_X=1", "XHOINQ_DATA=", "", "=",
	})
	if want := []string{"HOINQ_", "HOINQ_A", "HOINQ_OFICE"}; !slices.Equal(got, want) {
		t.Errorf("unknown %q, want %q", got, want)
	}
	if got := Unknown(nil); len(got) != 0 {
		t.Errorf("unknown of an empty environment: %q", got)
	}
}

func TestEverySettingHasAName(t *testing.T) {
	for _, name := range Names() {
		if !strings.HasPrefix(name, Prefix) {
			t.Errorf("%s does not begin with %s", name, Prefix)
		}
		if unknown := Unknown([]string{name + "=x"}); len(unknown) != 0 {
			t.Errorf("%s is unknown", name)
		}
	}
}
