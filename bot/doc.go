// Package bot is the conversation between a person and the documents, without
// any vendor's format in it.
//
// A [Channel] turns a vendor's request into [Message] values and a [Reply]
// into the vendor's [Part] values. Between the two stand the durable queue and
// the conversation, which know neither vendor nor markup. Message and Reply
// are plain values that survive JSON, because both lie in a queue on disk
// until the vendor has the answer.
//
// So far the package holds these seams; the channels are packages below it
// (bot/telegram, bot/zalooa …), none of which imports another, retrieval or
// internal/answer.
package bot
