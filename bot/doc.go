// Package bot is the conversation between a person and the documents, without
// any vendor's format in it.
//
// A [Channel] turns a vendor's request into [Message] values and a [Reply]
// into the vendor's [Part] values. Between the two stand a [Service], which
// keeps both on disk until they are done with, and a [Conversation], which
// says what is replied:
//
//	vendor ─▶ Webhook ─▶ Channel.Receive ─▶ inbox ─▶ Conversation ─▶ Channel.Render ─▶ outbox ─▶ Channel.Send ─▶ vendor
//	                     401, 413, 400      200                ╰─ Answerer, Memory
//
// A part that the vendor's [Limits] hold back for now returns to the outbox and
// comes again: nobody waits in Send, so that a chat or a channel that must wait
// holds back only itself. The vendor gets its 200 when the message is in the inbox, synced; the
// message leaves the inbox when its reply is in the outbox; a part leaves the
// outbox when the vendor has it. Package internal/queue says what a crash at
// any moment leads to.
//
// An [Answerer] asks the documents in force, for chats and for the web alike,
// and is given new documents while it works. [Memory] is all that is held of a
// conversation besides. The text of everything that people read here stands in
// texts.go; refusals are worded in internal/answer.
//
// The channels are packages below this one (bot/telegram …). None of them
// imports another, retrieval or internal/answer. This package knows no vendor
// and no markup, and it logs no word and no id of a person.
package bot
