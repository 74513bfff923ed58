package portal

import (
	"errors"
	"net/netip"
	"strings"
	"testing"
)

func TestOnlyThePublicInternetIsConnectedTo(t *testing.T) {
	for _, tc := range []struct {
		addresses string
		want      bool
	}{
		{"8.8.8.8 1.1.1.1 203.113.131.1 100.63.255.255 100.128.0.0 172.15.255.255 172.32.0.0 223.255.255.255", true},
		{"2001:4860:4860::8888 2405:4800::1 2a00::1 ::ffff:8.8.8.8", true},
		{"127.0.0.1 127.255.0.9 0.0.0.0 0.1.2.3 10.0.0.1 172.16.0.1 172.31.255.255 192.168.1.1", false},
		{"169.254.169.254 100.64.0.1 100.127.255.255 192.0.0.8 192.0.2.1 198.18.0.1 198.51.100.1 203.0.113.1", false},
		{"224.0.0.1 239.1.1.1 240.0.0.1 255.255.255.255", false},
		{":: ::1 fe80::1 fe80::1%eth0 fc00::1 fd12::1 ff02::1 2001:db8::1 2001::1 2002:7f00:1:: 3fff::1", false},
		{"::ffff:127.0.0.1 ::ffff:10.0.0.1 ::127.0.0.1 64:ff9b::7f00:1 64:ff9b::808:808 64:ff9b:1::1 fec0::1 100::1", false},
	} {
		for a := range strings.FieldsSeq(tc.addresses) {
			if got := public(netip.MustParseAddr(a)); got != tc.want {
				t.Errorf("%s is public: %v, want %v", a, got, tc.want)
			}
			err := guard("tcp", netip.AddrPortFrom(netip.MustParseAddr(a), 443).String(), nil)
			if (err == nil) != tc.want || err != nil && !errors.Is(err, errNotPublic) {
				t.Errorf("guard of %s: %v", a, err)
			}
		}
	}
	if guard("tcp", "cong.example.vn:443", nil) == nil {
		t.Error("a name is connected to without a look at its address")
	}
}

func TestADoctorIsToldWhereCallbacksLead(t *testing.T) {
	const file = `{"clients":[
		{"id":"a","secret":"` + secretA + `","callback":"https://8.8.8.8/nhan?khoa=bi-mat"},
		{"id":"b","secret":"` + secretB + `","callback":"https://127.0.0.1:9/nhan"},
		{"id":"c","secret":"` + secretC + `","callback":"http://127.0.0.1:9/nhan","allow_private":true}]}`
	clients, err := ParseClients([]byte(file))
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct{ id, where, problem string }{
		{"a", "a (8.8.8.8 → 8.8.8.8)", ""},
		{"b", "", "cổng b: 127.0.0.1 dẫn đến 127.0.0.1, không phải địa chỉ trên Internet"},
		{"c", "c (127.0.0.1 → 127.0.0.1)", ""},
		{"d", "", `không có cổng "d"`},
	} {
		where, err := clients.Check(t.Context(), tc.id)
		if where != tc.where || (err == nil) != (tc.problem == "") || err != nil && !strings.HasPrefix(err.Error(), tc.problem) {
			t.Errorf("%s: %q, %v", tc.id, where, err)
		}
	}
}
