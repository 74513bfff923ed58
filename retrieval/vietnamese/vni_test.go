package vietnamese

import "testing"

func TestVNIIsRead(t *testing.T) {
	for typed, want := range map[string]string{
		"nghi5": "nghị", "quye6t1": "quyết", "quyet61": "quyết", "d9ai5": "đại", "ddai5": "đại", "dai95": "đại", "ho6i5": "hội", "hoi65": "hội",
		"ba3o": "bảo", "hie63m": "hiểm", "hiem63": "hiểm", "luo7ng5": "lượng", "luong75": "lượng", "d9uong72": "đường", "na8m": "năm", "so61": "số", "u7": "ư",
		"Nghi5": "nghị", "qua3": "quả", "gia1": "giá", "hoa2": "hòa",
		"17": "", "k16": "", "m2": "", "km2": "", "q1": "", "b1": "", "5g": "", "h2o": "", "covid19": "", "a11": "", "an0": "", "p6": "", "t8": "", "": "", "chi": "",
	} {
		got, _, ok := VNI(typed)
		if ok != (want != "") || ok && Spell(got) != Spell(want) {
			t.Errorf("%q is read as %q, %v; want %q", typed, got, ok, want)
		}
	}
	for typed, want := range map[string]bool{"nghi5": false, "co2": false, "quye6t1": true, "hoi65": true, "ba3o": true, "d9i": true, "di9": true} {
		if _, sure, _ := VNI(typed); sure != want {
			t.Errorf("%q: sure %v", typed, sure)
		}
	}
}

func FuzzVNI(f *testing.F) {
	f.Add("quye6t1")
	f.Add("\xff7uo7")
	f.Fuzz(func(t *testing.T, word string) {
		if read, _, ok := VNI(word); !ok && read != "" {
			t.Errorf("%q: %q though nothing was read", word, read)
		}
	})
}
