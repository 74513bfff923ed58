package queue

import (
	"errors"
	"testing"
	"time"
)

func TestWhatIsGivenUpKeepsItsReason(t *testing.T) {
	why := errors.New("the vendor refuses it")
	err := GiveUp(why)
	if !errors.Is(err, why) || err.Error() != why.Error() || errors.As(err, new(*laterError)) {
		t.Errorf("%v", err)
	}
}

func TestWhatHasNotBegunComesLater(t *testing.T) {
	why := errors.New("the vendor takes no more for now")
	err := NotBegun(time.Second, why)
	var later *laterError
	if !errors.Is(err, why) || !errors.As(err, &later) || later.after != time.Second {
		t.Errorf("%v", err)
	}
}
