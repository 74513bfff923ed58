package portal

import (
	"encoding/json"
	"net/http"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/hoinq/hoinq/internal/requiretest"
)

// The example that the standard's own libraries are tested with.
func TestTheSignatureOfTheStandard(t *testing.T) {
	k, err := parseKey("whsec_" + "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
	if err != nil {
		t.Fatal(err)
	}
	header := http.Header{}
	body := []byte(`{"test": 2432232314}`)
	k.sign(header, "msg_p5jXN8AQM9LWM0D4loKWxJek", time.Unix(1614265330, 0), body)
	if got, want := header.Get(headerSignature), "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="; got != want {
		t.Errorf("signed %s, want %s", got, want)
	}
	if s, ok := readSigned(header, time.Unix(1614265330, 0)); !ok || !s.by([]key{k}, body) {
		t.Error("our own signature is refused")
	}
}

// oracle speaks for a portal that uses the package standardwebhooks of npm: it
// signs what is to be asked, and says of each answer whether it is well signed.
const oracle = `
const { Webhook } = require("standardwebhooks");
const { secret, sign, verify } = JSON.parse(require("fs").readFileSync(0, "utf8"));
const wh = new Webhook(secret);
const ok = (v) => { try { wh.verify(v.body, v.headers); return true; } catch { return false; } };
console.log(JSON.stringify({
	signatures: sign.map((s) => wh.sign(s.id, new Date(s.seconds * 1000), s.body)),
	verified: verify.map(ok),
}));`

func TestSignaturesAgreeWithTheLibraryOfPortals(t *testing.T) {
	node := requiretest.Node(t, "standardwebhooks")
	type toSign struct {
		ID      string `json:"id"`
		Seconds int64  `json:"seconds"`
		Body    string `json:"body"`
	}
	type toVerify struct {
		Headers map[string]string `json:"headers"`
		Body    string            `json:"body"`
	}
	now := time.Now() // the library has no other clock
	k, err := parseKey(secretA)
	if err != nil {
		t.Fatal(err)
	}
	bodies := []string{event, `{"test": 2432232314}`, `{"chữ":"ạ \u0323 </script> \\ \""}`, `"` + strings.Repeat("é", 40_000) + `"`} // all JSON, which it parses too
	var in struct {
		Secret string     `json:"secret"`
		Sign   []toSign   `json:"sign"`
		Verify []toVerify `json:"verify"`
	}
	in.Secret = secretA
	var want []bool
	for i, body := range bodies {
		id := "msg_" + strings.Repeat("x", i+1)
		in.Sign = append(in.Sign, toSign{ID: id, Seconds: now.Unix(), Body: body})
		for _, altered := range []string{"", " "} {
			header := http.Header{}
			k.sign(header, id, now, []byte(body))
			v := toVerify{Headers: map[string]string{}, Body: body + altered}
			for name := range header {
				v.Headers[strings.ToLower(name)] = header.Get(name)
			}
			in.Verify = append(in.Verify, v)
			want = append(want, altered == "")
		}
	}
	data, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	command := exec.CommandContext(t.Context(), node, "-e", oracle)
	command.Stdin = strings.NewReader(string(data))
	printed, err := command.Output()
	if err != nil {
		t.Fatal(err)
	}
	var out struct {
		Signatures []string `json:"signatures"`
		Verified   []bool   `json:"verified"`
	}
	if err := json.Unmarshal(printed, &out); err != nil || len(out.Signatures) != len(bodies) || len(out.Verified) != len(want) {
		t.Fatalf("%v: %s", err, printed)
	}
	for i, s := range in.Sign {
		header := http.Header{}
		k.sign(header, s.ID, now, nil) // for the headers beside the signature
		header.Set(headerSignature, out.Signatures[i])
		got, ok := readSigned(header, now)
		if !ok || !got.by([]key{k}, []byte(s.Body)) || got.by([]key{k}, []byte(s.Body+" ")) {
			t.Errorf("its signature of body %d is refused, or taken for another body", i)
		}
	}
	for i := range want {
		if out.Verified[i] != want[i] {
			t.Errorf("it says %v of our signature %d, want %v", out.Verified[i], i, want[i])
		}
	}
}
