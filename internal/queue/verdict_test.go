package queue

import (
	"errors"
	"testing"
)

func TestWhatIsGivenUpKeepsItsReason(t *testing.T) {
	why := errors.New("the vendor refuses it")
	err := GiveUp(why)
	if !errors.Is(err, why) || err.Error() != why.Error() || errors.As(err, new(*laterError)) {
		t.Errorf("%v", err)
	}
}
