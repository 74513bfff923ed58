//go:build unix

package natstest

import (
	"syscall"
	"testing"
)

// Freeze stops a server in the middle of what it does, as a machine that hangs;
// Thaw lets it go on.
func (c *Cluster) Freeze(t testing.TB, i int) { c.signal(t, i, syscall.SIGSTOP) }

// Thaw ends [Cluster.Freeze].
func (c *Cluster) Thaw(t testing.TB, i int) { c.signal(t, i, syscall.SIGCONT) }
