package portal

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Signatures are our own: the vendors' Go module (standard-webhooks/libraries
// v0.0.1) takes an empty secret, ids with dots, by which one signed text could
// be read as another, and no clock but the system's.

// The headers of Standard Webhooks.
const (
	headerID        = "webhook-id"
	headerTimestamp = "webhook-timestamp"
	headerSignature = "webhook-signature"
)

// tolerance is how far a timestamp may be from our clock, as in the vendors'
// own libraries.
const tolerance = 5 * time.Minute

// maxID is the longest webhook-id, in bytes.
const maxID = 200

// The length of a secret, in bytes, as the standard says.
const (
	minKey = 24
	maxKey = 64
)

const (
	secretPrefix = "whsec_"
	version      = "v1,"
)

// key signs and verifies. It is never empty.
type key []byte

// parseKey reads a secret, "whsec_" and base64. The error does not hold it.
func parseKey(secret string) (key, error) {
	coded, ok := strings.CutPrefix(secret, secretPrefix)
	k, err := base64.StdEncoding.DecodeString(coded)
	if !ok || err != nil || len(k) < minKey || len(k) > maxKey {
		return nil, errors.New("not a secret of Standard Webhooks")
	}
	return k, nil
}

func (k key) sum(id, timestamp string, body []byte) []byte {
	mac := hmac.New(sha256.New, k)
	_, _ = mac.Write([]byte(id + "." + timestamp + ".")) // a hash takes everything
	_, _ = mac.Write(body)
	return mac.Sum(nil)
}

// sign puts the three headers on a request.
func (k key) sign(header http.Header, id string, now time.Time, body []byte) {
	timestamp := strconv.FormatInt(now.Unix(), 10)
	header.Set(headerID, id)
	header.Set(headerTimestamp, timestamp)
	header.Set(headerSignature, version+base64.StdEncoding.EncodeToString(k.sum(id, timestamp, body)))
}

// signed is what the headers of a request say.
type signed struct {
	id, timestamp string
	signatures    [][]byte
}

// readSigned reads the headers. ok is false for a request that cannot be of a
// portal, whatever its body.
func readSigned(header http.Header, now time.Time) (s signed, ok bool) {
	s.id, s.timestamp = header.Get(headerID), header.Get(headerTimestamp)
	seconds, err := strconv.ParseInt(s.timestamp, 10, 64)
	if err != nil || !validID(s.id) {
		return s, false
	}
	if away := now.Sub(time.Unix(seconds, 0)); away > tolerance || away < -tolerance {
		return s, false
	}
	for part := range strings.SplitSeq(header.Get(headerSignature), " ") {
		if coded, ours := strings.CutPrefix(part, version); ours {
			if sum, err := base64.StdEncoding.DecodeString(coded); err == nil {
				s.signatures = append(s.signatures, sum)
			}
		}
	}
	return s, len(s.signatures) > 0
}

func validID(id string) bool {
	return id != "" && len(id) <= maxID && !strings.ContainsFunc(id, func(r rune) bool { return r <= ' ' || r > '~' || r == '.' })
}

// by reports whether one of the keys has signed the body. It compares with all
// of them, so that its time tells nothing.
func (s signed) by(keys []key, body []byte) bool {
	valid := false
	for _, k := range keys {
		want := k.sum(s.id, s.timestamp, body)
		for _, given := range s.signatures {
			if hmac.Equal(given, want) {
				valid = true
			}
		}
	}
	return valid
}
