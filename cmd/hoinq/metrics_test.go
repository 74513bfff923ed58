package main

import (
	"go/parser"
	"go/token"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v4"

	"github.com/hoinq/hoinq/bot/bottest"
)

// metricsDoc are the table and the rules in the documentation of package bot.
func metricsDoc(t *testing.T) (table []string, rules string) {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), "../../bot/doc.go", nil, parser.ParseComments|parser.PackageClauseOnly)
	if err != nil {
		t.Fatal(err)
	}
	row := regexp.MustCompile(`^\t(hoinq_[a-z_]+(?:\{[a-z,]+\})?) `)
	for line := range strings.Lines(f.Doc.Text()) {
		if m := row.FindStringSubmatch(line); m != nil {
			table = append(table, m[1])
		}
		if rule, ok := strings.CutPrefix(line, "\t"); ok && (rules != "" || rule == "groups:\n") {
			rules += rule
		}
	}
	return table, rules
}

// shownMetrics are those of ours in what a program shows, each with its labels.
func shownMetrics(text string) (table []string) {
	sample := regexp.MustCompile(`(?m)^(hoinq_[a-z_]+?)(?:_bucket|_sum|_count)?(?:\{(.*)\})? \S+$`)
	label := regexp.MustCompile(`([a-z]+)="`)
	for _, m := range sample.FindAllStringSubmatch(text, -1) {
		var names []string
		for _, l := range label.FindAllStringSubmatch(m[2], -1) {
			if l[1] != "le" {
				names = append(names, l[1])
			}
		}
		shown := m[1]
		if slices.Sort(names); len(names) > 0 {
			shown += "{" + strings.Join(names, ",") + "}"
		}
		table = append(table, shown)
	}
	slices.Sort(table)
	return slices.Compact(table)
}

// sorted is a row of the table with its labels in the order of the program.
func sorted(row string) string {
	name, labels, ok := strings.Cut(strings.TrimSuffix(row, "}"), "{")
	if !ok {
		return name
	}
	names := strings.Split(labels, ",")
	slices.Sort(names)
	return name + "{" + strings.Join(names, ",") + "}"
}

func TestTheTableOfMetricsIsThatOfTheProgram(t *testing.T) {
	vendor := bottest.NewTelegram(t, "987654:Thu-So-Do", "Bi-Mat")
	p := bottest.Start(t, t.TempDir(), vendor.Settings())
	vendor.Trouble(1, bottest.RefuseMarkup)
	vendor.Trouble(1, bottest.RefuseMarkup)
	vendor.Trouble(2, bottest.Fail)
	ask(t, p, vendor, 1, 1, deadQuestion)
	ask(t, p, vendor, 1, 1, deadQuestion)
	ask(t, p, vendor, 2, 2, deadQuestion)
	if status := vendor.Deliver(t, p.PublicURL, bottest.Incoming{Kind: bottest.Forged, Conversation: 1, ID: 3}); status != http.StatusUnauthorized {
		t.Errorf("forged: %d", status)
	}
	bottest.Wait(t, p, "a dead letter", func() bool { return strings.Contains(p.Log(), "kept among the dead letters") })
	waitFor(t, vendor, 2, 1)
	table, _ := metricsDoc(t)
	for i := range table {
		table[i] = sorted(table[i])
	}
	slices.Sort(table)
	_, text := fetch(t, http.MethodGet, p.AdminURL+"/metrics", "")
	for _, failure := range []string{`code="400",kind="refused"`, `code="502",kind="transient"`} {
		if !strings.Contains(text, `hoinq_send_failures_total{channel="telegram",`+failure+"} 1\n") {
			t.Errorf("no failure with %s", failure)
		}
	}
	if diff := cmp.Diff(table, shownMetrics(text)); diff != "" {
		t.Errorf("the table in the documentation of package bot (-) and what the program shows (+):\n%s", diff)
	}
}

func TestTheAlertRulesAreOfTheMetricsThatThereAre(t *testing.T) {
	table, text := metricsDoc(t)
	var file struct {
		Groups []struct {
			Name  string
			Rules []struct {
				Alert, Expr, For string
				Annotations      map[string]string
			}
		}
	}
	decoder := yaml.NewDecoder(strings.NewReader(text))
	decoder.KnownFields(true)
	if err := decoder.Decode(&file); err != nil || len(file.Groups) != 1 || len(file.Groups[0].Rules) != 3 {
		t.Fatalf("rules %+v, %v:\n%s", file, err, text)
	}
	name := regexp.MustCompile(`hoinq_[a-z_]+`)
	for _, rule := range file.Groups[0].Rules {
		named := name.FindAllString(rule.Expr, -1)
		if rule.Alert == "" || len(named) == 0 || rule.Annotations["summary"] == "" {
			t.Errorf("rule %+v", rule)
		}
		for _, metric := range named {
			if !slices.ContainsFunc(table, func(row string) bool { return row == metric || strings.HasPrefix(row, metric+"{") }) {
				t.Errorf("rule %s is of %s, which is not in the table", rule.Alert, metric)
			}
		}
	}
}
