package main

import (
	"testing"

	"github.com/hoinq/hoinq/bot/bottest"
)

// portalSecret is made up, "0123456789abcdef0123456789abcdef" in base64.
const portalSecret = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="

func TestPortal(t *testing.T) {
	bottest.Contract(t, startOnNewFolder, bottest.NewPortal(t, "cong-tinh", portalSecret))
}
