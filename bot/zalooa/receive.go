package zalooa

import (
	"bytes"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/hoinq/hoinq/bot"
)

// The headers of an event. The second is not documented; some say that it may
// differ from the timestamp in the body.
const (
	signatureHeader = "X-ZEvent-Signature"
	timestampHeader = "X-ZEvent-Timestamp"
)

// maxAge is how old an event may be. The vendor repeats one for an hour; a
// signature is good for ever, so what is older may be a recording. It is less
// than the time for which the inbox knows the ids of what it has seen, so that
// a recording is either too old or a repeat.
const maxAge = 24 * time.Hour

// Receive implements [bot.Channel]. The caller bounds the body; its
// *http.MaxBytesError comes back wrapped. Whatever the vendor signed is no
// error, even if nothing in it can be read: refused too often, the vendor
// switches the webhook off.
func (c *Channel) Receive(r *http.Request) ([]bot.Message, error) {
	body, err := io.ReadAll(r.Body) // the signature is over all of it
	if err != nil {
		return nil, fmt.Errorf("zalo-oa webhook: read body: %w", err)
	}
	if registers(body) {
		return nil, nil
	}
	at, ok := c.verified(r.Header, body)
	if !ok {
		return nil, fmt.Errorf("zalo-oa webhook: %w", bot.ErrForged)
	}
	now := c.opt.Now().UTC()
	if now.Sub(at) > maxAge {
		c.log.Warn("event is too old and is skipped; look at this machine's clock if there are more", "channel", ID)
		return nil, nil
	}
	var e event
	if readable := json.Unmarshal(body, &e) == nil; !readable {
		c.log.Warn("event does not fit the known types and is skipped", "channel", ID)
		return nil, nil
	}
	m, ok := e.message()
	if !ok {
		return nil, nil
	}
	m.Channel, m.Address.Channel = ID, ID
	m.Bot, m.Address.Bot = c.opt.AppID, c.opt.AppID
	m.ReceivedAt = now
	return []bot.Message{m}, nil
}

// registers reports whether a body is the empty object that the vendor's
// console posts, unsigned, when the webhook is registered.
func registers(body []byte) bool {
	inside, begins := bytes.CutPrefix(bytes.TrimSpace(body), []byte("{"))
	inside, ends := bytes.CutSuffix(inside, []byte("}"))
	return begins && ends && len(bytes.TrimSpace(inside)) == 0
}

// verified reports whether the vendor signed a body, and when.
//
// The signature joins its parts without a mark between them, so whoever has
// recorded one event may move bytes from one part to the next. A timestamp is
// therefore digits and nothing else: all that can be moved then are digits
// behind the body, which makes it unreadable.
func (c *Channel) verified(header http.Header, body []byte) (at time.Time, ok bool) {
	given, err := hex.DecodeString(strings.TrimPrefix(strings.ToLower(header.Get(signatureHeader)), "mac="))
	if err != nil || len(given) != sha256.Size {
		return at, false
	}
	var head struct {
		Timestamp word `json:"timestamp"`
	}
	_ = json.Unmarshal(body, &head) // what cannot be read has no timestamp
	for _, stamp := range []string{string(head.Timestamp), header.Get(timestampHeader)} {
		n, err := strconv.ParseUint(stamp, 10, 53)
		if err != nil || subtle.ConstantTimeCompare(given, c.signature(body, stamp)) != 1 {
			continue
		}
		return moment(int64(n)), true
	}
	return at, false
}

// signature is that of a body at a time: a plain hash with the secret at its
// end.
func (c *Channel) signature(body []byte, stamp string) []byte {
	hash := sha256.New()
	for _, part := range [][]byte{[]byte(c.opt.AppID), body, []byte(stamp), []byte(c.opt.Secret)} {
		_, _ = hash.Write(part) // a hash takes everything
	}
	return hash.Sum(nil)
}

// moment is the time of a timestamp in milliseconds; one in seconds, which no
// page documents, is told by its size.
func moment(stamp int64) time.Time {
	const inSeconds = 100_000_000_000 // in milliseconds that was in 1973
	if stamp < inSeconds {
		return time.Unix(stamp, 0)
	}
	return time.UnixMilli(stamp)
}

// word is a value that the vendor writes as a string or as a number; anything
// else is empty.
type word string

// UnmarshalJSON implements [json.Unmarshaler].
func (w *word) UnmarshalJSON(data []byte) error {
	var text string
	var number json.Number
	switch {
	case json.Unmarshal(data, &text) == nil:
		*w = word(text)
	case json.Unmarshal(data, &number) == nil:
		*w = word(number)
	}
	return nil
}

// event is what any of the vendor's events may hold. There is no envelope that
// all of them share: not even the account stands in one place. Since there is
// one account, the app stands for it in our messages, and what a person did is
// found under one name when it is to be purged.
type event struct {
	Name      word  `json:"event_name"`
	Timestamp word  `json:"timestamp"`
	User      word  `json:"user_id"`
	Sender    party `json:"sender"`
	Follower  party `json:"follower"`
	Message   struct {
		ID   word `json:"msg_id"`
		Text word `json:"text"`
	} `json:"message"`
}

type party struct {
	ID word `json:"id"`
}

// contents are what a person may send, as the names of events have it behind
// "user_send_". There are others of groups, where we have nothing to say.
func contents() []string {
	return []string{"text", "image", "link", "audio", "video", "sticker", "location", "business_card", "file", "gif"}
}

// message maps an event to a message; ok is false for one that asks nothing of
// us, such as an echo of our own message or a receipt.
func (e event) message() (m bot.Message, ok bool) {
	content, sends := strings.CutPrefix(string(e.Name), "user_send_")
	switch {
	case sends && slices.Contains(contents(), content):
		m = e.from(e.Sender.ID)
		m.Text, m.Address.Message = string(e.Message.Text), string(e.Message.ID)
		switch {
		case content != "text" && strings.TrimSpace(m.Text) == "":
			m.Kind = bot.KindUnreadable
		case isCommand(m.Text):
			m.Kind, m.Text = bot.KindCommand, "/"+strings.TrimSpace(m.Text)[1:]
		default:
			m.Kind = bot.KindText
		}
	case e.Name == "follow":
		m = e.from(e.Follower.ID)
		m.Kind = bot.KindFollow
	case e.Name == "user_withdraw":
		m = e.from(e.User)
		m.Kind = bot.KindWithdraw
	}
	return m, m.Kind != "" && m.User != "" && len(m.User) <= maxID && len(m.ID) <= 3*maxID
}

// maxID is the longest id that is believed, in bytes. Those of the vendor have
// some 20; one that no store takes would be refused, and refusals switch the
// account's webhook off.
const maxID = 200

// from begins a message of a person. Where an event has no id, its name, person
// and time are the same at every repeat.
func (e event) from(user word) bot.Message {
	id := string(e.Message.ID)
	if id == "" {
		id = fmt.Sprintf("%s/%s/%s", e.Name, user, e.Timestamp)
	}
	return bot.Message{
		ID: id, Conversation: string(user), User: string(user), Address: bot.Address{Chat: string(user)},
	}
}

// isCommand reports whether a text is a command: "/hoi", or "#hoi", which the
// vendor's console can be told to pass on alone ("Lọc cú pháp").
func isCommand(text string) bool {
	text = strings.TrimSpace(text)
	if rest, ok := strings.CutPrefix(text, "#"); ok {
		first, _ := utf8.DecodeRuneInString(rest)
		return unicode.IsLetter(first)
	}
	return strings.HasPrefix(text, "/")
}
