package vietnamese

import "testing"

func TestTelexIsRead(t *testing.T) {
	for typed, want := range map[string]string{
		"quyeets": "quyết", "nghij": "nghị", "ddaij": "đại", "hooij": "hội", "sanr": "sản", "luwowngj": "lượng", "luowngj": "lượng",
		"toom": "tôm", "nuooi": "nuôi", "nawm": "năm", "nhieeu": "nhiêu", "taans": "tấn", "ranws": "rắn", "Ddangr": "đảng", "tieeur": "tiểu",
		"giai": "", "giaos": "giáo", "giair": "giải", "quar": "quả", "hoaf": "hòa", "thuys": "thúy", "ngoaif": "ngoài", "dduowngf": "đường",
		"khoer": "khỏe", "vieejt": "việt", "xax": "xã", "ban": "", "chi": "", "2030": "", "": "", "s": "", "psr": "",
	} {
		got, ok := Telex(typed)
		if ok != (want != "") || ok && Spell(got) != Spell(want) {
			t.Errorf("%q is read as %q, %v; want %q", typed, got, ok, want)
		}
	}
}

func FuzzTelex(f *testing.F) {
	f.Add("quyeets")
	f.Add("\xffs")
	f.Fuzz(func(t *testing.T, word string) {
		if read, ok := Telex(word); !ok && read != "" {
			t.Errorf("%q: %q though nothing was read", word, read)
		}
	})
}
