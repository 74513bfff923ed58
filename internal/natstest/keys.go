package natstest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/nats-io/jwt/v2"
	"github.com/nats-io/nkeys"
)

// makeCertificates writes an authority and one certificate, for the servers
// and their clients alike.
func (c *Cluster) makeCertificates(t testing.TB, dir string) {
	t.Helper()
	template := func(serial int64) *x509.Certificate {
		return &x509.Certificate{
			SerialNumber: big.NewInt(serial), Subject: pkix.Name{CommonName: "hoinq test"},
			NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
		}
	}
	authority := template(1)
	authority.IsCA, authority.BasicConstraintsValid, authority.KeyUsage = true, true, x509.KeyUsageCertSign
	authorityKey := must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))(t)
	c.CA = write(t, filepath.Join(dir, "ca.pem"), "CERTIFICATE",
		must(x509.CreateCertificate(rand.Reader, authority, authority, authorityKey.Public(), authorityKey))(t))

	leaf := template(2)
	leaf.KeyUsage = x509.KeyUsageDigitalSignature
	leaf.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth}
	leaf.IPAddresses = []net.IP{net.IPv4(127, 0, 0, 1)}
	key := must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))(t)
	c.Cert = write(t, filepath.Join(dir, "cert.pem"), "CERTIFICATE",
		must(x509.CreateCertificate(rand.Reader, leaf, authority, key.Public(), authorityKey))(t))
	c.Key = write(t, filepath.Join(dir, "key.pem"), "PRIVATE KEY", must(x509.MarshalPKCS8PrivateKey(key))(t))
}

func write(t testing.TB, path, kind string, der []byte) string {
	t.Helper()
	if err := os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// must hands a value on and fails the test when there is an error instead.
func must[T any](value T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return value
	}
}

// makeAccounts makes an operator with an account for work and one for the
// system, writes the credentials of a user of the first, and returns the
// servers' settings.
func (c *Cluster) makeAccounts(t testing.TB, dir string) string {
	t.Helper()
	operator := must(nkeys.CreateOperator())(t)
	work, workKey := account(t, operator, jwt.JetStreamLimits{MemoryStorage: jwt.NoLimit, DiskStorage: jwt.NoLimit, Streams: jwt.NoLimit, Consumer: jwt.NoLimit})
	system, _ := account(t, operator, jwt.JetStreamLimits{})

	user := must(nkeys.CreateUser())(t)
	claims := jwt.NewUserClaims(must(user.PublicKey())(t))
	token := must(claims.Encode(workKey))(t)
	creds := must(jwt.FormatUserConfig(token, must(user.Seed())(t)))(t)
	c.Creds = filepath.Join(dir, "user.creds")
	if err := os.WriteFile(c.Creds, creds, 0o600); err != nil {
		t.Fatal(err)
	}
	self := must(jwt.NewOperatorClaims(must(operator.PublicKey())(t)).Encode(operator))(t)
	return fmt.Sprintf("operator: %s\nsystem_account: %s\nresolver: MEMORY\nresolver_preload: { %s: %s, %s: %s }\n",
		self, system.Subject, work.Subject, work.token, system.Subject, system.token)
}

// signedAccount is an account and its signed claims.
type signedAccount struct {
	*jwt.AccountClaims
	token string
}

func account(t testing.TB, operator nkeys.KeyPair, limits jwt.JetStreamLimits) (signedAccount, nkeys.KeyPair) {
	t.Helper()
	key := must(nkeys.CreateAccount())(t)
	claims := jwt.NewAccountClaims(must(key.PublicKey())(t))
	claims.Limits.JetStreamLimits = limits
	return signedAccount{AccountClaims: claims, token: must(claims.Encode(operator))(t)}, key
}
