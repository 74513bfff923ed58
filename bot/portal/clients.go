package portal

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// MaxFile is the largest file of clients, in bytes.
const MaxFile = 1 << 20

// Limits and the default of per_minute, in requests.
const (
	defaultPerMinute = 60
	maxPerMinute     = 60_000
)

// maxSecrets is how many secrets a client has while one takes the place of the
// other.
const maxSecrets = 2

// Clients are the portals that may ask. The zero value is none. They do not
// change.
type Clients struct{ list []client }

// client is one portal.
type client struct {
	id           string
	keys         []key // all verify, the first signs
	callback     *url.URL
	origins      []string
	perMinute    int
	allowPrivate bool
}

// IDs are the names of the portals, in the order of the file.
func (c Clients) IDs() []string {
	var ids []string
	for _, one := range c.list {
		ids = append(ids, one.id)
	}
	return ids
}

// Origins are the sites whose pages may ask from a browser, as browsers name
// them, sorted and each once.
func (c Clients) Origins() []string {
	var all []string
	for _, one := range c.list {
		all = append(all, one.origins...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// ParseClients reads the file of clients:
//
//	{"clients":[{"id":"cong-tinh","secret":"whsec_…","callback":"https://…",
//	             "origins":["https://…"],"per_minute":60,"allow_private":false}]}
//
// secret may be a list of two while one takes the place of the other: both
// verify, the first signs. origins, per_minute (60) and allow_private may be
// missing; secret and callback too, both, for a portal that has origins and only
// shows the widget. per_minute is the steady rate, and a minute's worth may come at once.
// allow_private lets the callback stand on a private address, and be http.
//
// The error lists everything that is wrong, in Vietnamese, a line each that
// names the client and the field, and holds no secret.
func ParseClients(file []byte) (Clients, error) {
	file = bytes.TrimPrefix(file, []byte("\ufeff")) // as Windows editors begin a file
	if len(file) > MaxFile {
		return Clients{}, fmt.Errorf("tệp lớn hơn %d MB; hãy kiểm tra lại tệp", MaxFile>>20)
	}
	p := &parser{secretOf: map[string]string{}}
	var top map[string]json.RawMessage
	if err := json.Unmarshal(file, &top); err != nil {
		return Clients{}, notJSON(file, err)
	}
	p.where = "tệp"
	p.known(top, "clients")
	var raw []json.RawMessage
	p.read(top, "clients", &raw, `một danh sách, như {"clients":[…]}`)
	if len(raw) == 0 {
		p.problem("clients", "chưa có cổng nào; hãy thêm ít nhất một, hoặc bỏ HOINQ_PORTAL_CLIENTS")
	}
	var clients Clients
	for i, one := range raw {
		clients.list = append(clients.list, p.client(i+1, one))
	}
	if err := errors.Join(p.problems...); err != nil {
		return Clients{}, err
	}
	return clients, nil
}

// notJSON says where a file stops being JSON.
func notJSON(file []byte, err error) error {
	at := ""
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		before := file[:min(int(syntax.Offset), len(file))]
		at = fmt.Sprintf(" ở dòng %d", 1+bytes.Count(before, []byte("\n")))
	}
	return fmt.Errorf(`không phải JSON dạng {"clients":[…]}%s; hãy sửa dấu ngoặc, dấu phẩy và dấu nháy ở đó`, at)
}

// parser reads the file and collects what is wrong with it.
type parser struct {
	where    string // the client that is read
	problems []error
	ids      []string
	// secretOf says who has a secret.
	secretOf map[string]string
}

func (p *parser) problem(field, format string, v ...any) {
	p.problems = append(p.problems, fmt.Errorf("%s, %s: %s", p.where, field, fmt.Sprintf(format, v...)))
}

// known reports the fields of an object that are none of ours.
func (p *parser) known(object map[string]json.RawMessage, names ...string) {
	for _, name := range slices.Sorted(maps.Keys(object)) {
		if !slices.Contains(names, name) {
			p.problem(shortened(name), "không có trường này; các trường có: %s", strings.Join(names, ", "))
		}
	}
}

// shortened is a name that somebody else wrote.
func shortened(name string) string {
	const longest = 40
	if r := []rune(name); len(r) > longest {
		name = string(r[:longest]) + "…"
	}
	return strconv.Quote(name)
}

// read reads a field that may be missing; ok is false when it is, or when it is
// of another type, which is reported.
func (p *parser) read(object map[string]json.RawMessage, name string, into any, want string) (ok bool) {
	raw, given := object[name]
	if !given || string(raw) == "null" {
		return false
	}
	if json.Unmarshal(raw, into) != nil {
		p.problem(name, "phải là %s", want)
		return false
	}
	return true
}

var slug = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?$`)

// client reads the client at a place in the list, from 1.
func (p *parser) client(place int, raw json.RawMessage) client {
	c := client{perMinute: defaultPerMinute}
	p.where = fmt.Sprintf("cổng thứ %d", place)
	var object map[string]json.RawMessage
	if json.Unmarshal(raw, &object) != nil || object == nil {
		p.problem("clients", `phải là một đối tượng, như {"id":"cong-tinh",…}`)
		return c
	}
	p.read(object, "id", &c.id, "chữ")
	switch {
	case !slug.MatchString(c.id):
		p.problem("id", "chưa có hoặc không hợp lệ; hãy dùng chữ thường không dấu, số và gạch nối, dài nhất 64 ký tự, như cong-tinh")
	case slices.Contains(p.ids, c.id):
		p.where = "cổng " + c.id
		p.problem("id", "trùng với một cổng ở trên; mỗi cổng phải có id riêng")
	default:
		p.where = "cổng " + c.id
	}
	p.ids = append(p.ids, c.id)
	p.known(object, "id", "secret", "callback", "origins", "per_minute", "allow_private")
	p.read(object, "allow_private", &c.allowPrivate, "true hoặc false")
	p.read(object, "per_minute", &c.perMinute, "số nguyên")
	if c.perMinute < 1 || c.perMinute > maxPerMinute {
		p.problem("per_minute", "phải từ 1 đến %d", maxPerMinute)
	}
	if object["secret"] != nil || object["callback"] != nil || object["origins"] == nil { // else it only shows the widget
		c.keys = p.keys(object)
		c.callback = p.callback(object, c.allowPrivate)
	}
	c.origins = p.origins(object)
	return c
}

// keys reads one secret, or a list of them.
func (p *parser) keys(object map[string]json.RawMessage) []key {
	const name = "secret"
	var secrets []string
	var one string
	if json.Unmarshal(object[name], &one) == nil {
		secrets = []string{one}
	} else if !p.read(object, name, &secrets, "chữ, hoặc danh sách gồm nhiều nhất hai chữ") {
		secrets = nil
	}
	if len(secrets) == 0 || len(secrets) > maxSecrets {
		p.problem(name, "phải có một bí mật, hoặc hai trong lúc đổi; tạo bằng lệnh: echo whsec_$(openssl rand -base64 32)")
	}
	var keys []key
	for _, secret := range secrets {
		k, err := parseKey(secret)
		if err != nil {
			p.problem(name, "trống, quá ngắn hoặc sai dạng; phải là whsec_ rồi base64 của %d đến %d byte ngẫu nhiên, tạo bằng lệnh: echo whsec_$(openssl rand -base64 32)", minKey, maxKey)
			continue
		}
		if other, used := p.secretOf[string(k)]; used {
			p.problem(name, "trùng với bí mật của %s; mỗi bí mật chỉ dùng ở một chỗ", other)
		}
		p.secretOf[string(k)] = p.where
		keys = append(keys, k)
	}
	return keys
}

// callback reads where answers go.
func (p *parser) callback(object map[string]json.RawMessage, allowPrivate bool) *url.URL {
	const name = "callback"
	var address string
	p.read(object, name, &address, "chữ")
	u, err := url.Parse(address)
	switch {
	case address == "":
		p.problem(name, "chưa có; hãy ghi địa chỉ https nhận câu trả lời")
	case err != nil || u.Hostname() == "" || u.Scheme != "https" && u.Scheme != "http":
		p.problem(name, "phải là địa chỉ đầy đủ, như https://cong.example.vn/hoinq")
	case u.User != nil || u.Fragment != "":
		p.problem(name, "không được chứa tên đăng nhập, mật khẩu hay dấu #")
	case u.Scheme == "http" && !allowPrivate:
		p.problem(name, "phải bắt đầu bằng https://; http chỉ dùng được khi đặt allow_private là true")
	}
	return u
}

// origins reads the sites whose pages may ask.
func (p *parser) origins(object map[string]json.RawMessage) []string {
	const name = "origins"
	var list, origins []string
	p.read(object, name, &list, "danh sách chữ")
	for _, given := range list {
		o, ok := origin(given)
		if !ok {
			p.problem(name, "%s không phải dạng https://tên-máy hoặc https://tên-máy:cổng, không có đường dẫn; tên miền có dấu phải ghi dạng xn--", shortened(given))
			continue
		}
		origins = append(origins, o)
	}
	return origins
}

// origin is a site as browsers name it: in small letters, without the port
// that goes without saying.
func origin(given string) (string, bool) {
	u, err := url.Parse(strings.ToLower(given))
	if err != nil || u.Hostname() == "" || strings.ContainsFunc(given, func(r rune) bool { return r <= ' ' || r > '~' || r == '*' }) {
		return "", false
	}
	usual := map[string]string{"https": ":443", "http": ":80"}[u.Scheme]
	if usual == "" || u.Scheme+"://"+u.Host != strings.ToLower(given) || strings.HasSuffix(u.Host, ":") {
		return "", false
	}
	return u.Scheme + "://" + strings.TrimSuffix(u.Host, usual), true
}

// find is the client with an id that asks by webhook. Of one that is not known nothing is taken, in
// the time that it takes to refuse one that is.
func (c Clients) find(id string) (one client, ok bool) {
	for _, one := range c.list {
		if one.id == id && len(one.keys) > 0 {
			return one, true
		}
	}
	return client{keys: []key{make(key, minKey)}}, false
}
