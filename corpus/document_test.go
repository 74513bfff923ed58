package corpus

import "testing"

func TestADayIsSpokenAsOneReadsIt(t *testing.T) {
	for day, want := range map[Day]string{"2020-10-14": "14/10/2020", "2020-11": "11/2020", "2020": "2020", "": "", "1-2-3-4": "1-2-3-4"} {
		if got := day.Spoken(); got != want {
			t.Errorf("%q is spoken %q, want %q", day, got, want)
		}
	}
}

// The date of a summary is not that of the paper it sums up.
func TestADocumentIsDatedByWhatItIs(t *testing.T) {
	for _, tc := range []struct {
		document Document
		want     string
	}{
		{Document{Kind: KindResolution, Date: "2020-10-14"}, "ngày 14/10/2020"},
		{Document{Kind: KindPlan, Date: "2020"}, "2020"},
		{Document{Kind: KindSummary, Date: "2026-11-22"}, "biên tập ngày 22/11/2026"},
		{Document{Kind: KindSummary}, ""},
	} {
		if got := tc.document.Dated(); got != tc.want {
			t.Errorf("%+v is dated %q, want %q", tc.document, got, tc.want)
		}
		if got := (Citation{Kind: tc.document.Kind, Date: tc.document.Date}).Dated(); got != tc.want {
			t.Errorf("its citation is dated %q, want %q", got, tc.want)
		}
	}
}
