package vietnamese

import "testing"

func TestSlipsOfOneKey(t *testing.T) {
	for typed, want := range map[string]string{
		"hoii": "hoi", "quyt": "quyet", "truogn": "truong", "huyeb": "huyen", "ngi": "nghi", "uyen": "huyen", "quyetr": "quyet",
	} {
		found := false
		Slips(typed, func(meant []byte) { found = found || string(meant) == want })
		if !found {
			t.Errorf("%q is not what %q was typed for", want, typed)
		}
	}
	for typed, not := range map[string]string{"hoi": "hoi", "quyt": "quan", "huyeb": "huyep", "k16": "k1", "đai": "dai", "": "xin"} {
		Slips(typed, func(meant []byte) {
			if string(meant) == not {
				t.Errorf("%q was typed for %q", typed, meant)
			}
		})
	}
}

func TestNeighboursOnTheKeyboardAreMutual(t *testing.T) {
	for i, near := range beside {
		letter := rune('a' + i)
		for _, n := range near {
			found := false
			for _, back := range beside[n-'a'] {
				found = found || back == letter
			}
			if !found {
				t.Errorf("%c touches %c, but not the other way", letter, n)
			}
		}
	}
}

func TestMarksThatWereTypedAreKept(t *testing.T) {
	for typed, want := range map[string]bool{"hoi": true, "hôi": true, "hoị": true, "hôội": true, "hồi": false, "hới": false, "đôi": false} {
		if Keeps("hội", typed) != want {
			t.Errorf("hội keeps the marks of %s: %v", typed, !want)
		}
	}
	if !Keeps("đại", "đai") || Keeps("dại", "đai") {
		t.Error("đ is a mark")
	}
}
