package main

import (
	"testing"

	"github.com/hoinq/hoinq/bot/bottest"
)

func TestZaloOA(t *testing.T) {
	vendor := bottest.NewZaloOA(t, "1000000000000000001", "Bi-Mat-Ung-Dung", "Bi-Mat-OA")
	bottest.Contract(t, startOnNewFolder, vendor)
	if _, reused := vendor.Renewals(); reused != 0 {
		t.Errorf("a refresh token was used again %d times", reused)
	}
}
