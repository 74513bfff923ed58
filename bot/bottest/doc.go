// Package bottest is the one suite that every channel passes, with fakes of
// the vendors to run it against. It is for tests only and is part of no
// program.
//
// [Contract] starts the real program as a process, speaks to it as a vendor
// does, and looks at what the vendor gets. A vendor is a [Vendor]; [Telegram]
// is the first, a fake of the Bot API that parses and refuses what the real
// one does; [ZaloBot] is that of Zalo's, which does the less convenient thing
// wherever its vendor does not say:
//
//	vendor := bottest.NewTelegram(t, "42:TEST", "secret")
//	bottest.Contract(t, func(t testing.TB, settings []string) *bottest.Process {
//		return bottest.Start(t, t.TempDir(), settings)
//	}, vendor)
//
// A fake can also be used by itself, below the unit tests of a channel. What a
// channel does without its process, the cutting of long replies, is checked by
// [LongReply]. The package does not test what is said, only that it arrives,
// once, in order, whole, and without traces in the log.
package bottest
