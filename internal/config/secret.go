package config

import (
	"fmt"
	"log/slog"
)

// Secret is a value that no print, log or JSON shows. Convert it to a string
// where it is used.
type Secret string

// redacted stands for a secret wherever one would be shown.
const redacted = "(đã giấu)"

// String hides the secret; an empty one is shown as empty.
func (s Secret) String() string {
	if s == "" {
		return ""
	}
	return redacted
}

// Format hides the secret from every verb of fmt.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = fmt.Fprint(f, s.String()) }

// LogValue hides the secret from slog.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// MarshalText hides the secret from JSON and its like.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }
