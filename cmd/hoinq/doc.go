/*
Command hoinq ("hỏi nghị quyết", ask the resolution) answers questions about
official documents by quoting them word for word, with the place of each
quotation, or says that the documents do not tell.

	hoinq serve                                web pages, public API and chats
	hoinq ask "Ba khâu đột phá là gì?"         one question; --json, --document, --batch
	hoinq ingest nghi-quyet.md                 take documents into the data folder
	hoinq documents [list|outline|text|remove] what is there, and what was understood of it
	hoinq eval --answers questions.jsonl       measure answers
	hoinq webhook show|set|delete              where the vendors deliver messages to
	hoinq queue dead list|show|retry           what could not be answered or sent
	hoinq doctor                               check settings and data

Exit codes: 0 answered or done, 1 failure, 2 wrong usage or settings, 3 refused
to answer.

# A tour of the code

The goals come first, because they explain the shape. An answer is worth only
as much as its proof: so there is one canonical text for each document, all else
is byte ranges in it, and nothing is shown that is not checked against it. A
wrong answer is worse than none: so refusing is a result with a reason, decided
in one place. It must run in an office without a network: so nothing needs a
key or a server. And what later comes to it (chats, scans, models, many
machines) must not shape it: so the parts hand each other plain values.

Read it from the bottom up.

[github.com/hoinq/hoinq/corpus] is what may be quoted: documents, editions,
passages, citations, and the folder they are kept in. corpus/ingest makes
editions of files: a reader for each format, then one structure reader that
knows how Party and State papers are built. corpus/bundled are the documents
inside the binary.

[github.com/hoinq/hoinq/retrieval] finds passages and decides whether they
answer. Below it, retrieval/vietnamese cuts text into words, retrieval/thesaurus
leads from what people say to what documents write, retrieval/bm25 and
retrieval/vector rank, retrieval/fusion joins their scores. It decides
whether a question is answered; nothing after it may answer what it refuses.

[github.com/hoinq/hoinq/internal/answer] chooses the words to quote, phrases the
sentence above them, proves every quotation, and writes refusals.
internal/evaluate asks it questions whose answers are known.

[github.com/hoinq/hoinq/bot] is the conversation with people: what is replied to
a message, and the way of messages and replies through internal/queue, where
they lie on disk until they are done with. Below it stand the channels, which
know a vendor's format and nothing else: bot/telegram; bot/zalooa and
bot/zalobot; bot/portal for signed webhooks, in and out; bot/webchat for the
pages and the public API, and bot/widget for the script that puts it into other
sites' pages. bot/bottest is the suite that every channel passes against the whole program, with a fake of each vendor.

internal/config is every setting. internal/datafolder is the version of the data
folder. internal/ratelimit counts by key. internal/vendorhttp calls vendors, whose
addresses hold secrets. internal/archtest keeps the rules of the house:
which package may import which, what must be documented, what must not be
called.

This command only wires: one file for each subcommand, run in main.go between
them and the process. A question goes

	ask.go → library.go (which documents) → retrieval.Index → answer.Engine → ask.go (print)

and in no other direction. index_in_use.go loads the index from data/index where
it is that of the documents in use, and else builds and saves it. serve.go joins the long-running parts: it puts the
documents in force and again when they change, and ends all of it in order.
channels.go switches channels on by their settings, one file for each of them;
webhook.go tells the vendors where to deliver. queue.go looks after dead
letters, through the admin address of a running serve (queue_admin.go) or, where
none runs, in the queue itself.
shared.go is what a cluster adds to the documents: one set there, which every data
folder is a copy of.

# Where to change what

A new file format: a reader in corpus/ingest that returns a Draft; nothing else
changes. A level of structure that is not recognised: corpus/ingest/marks.go. A
question type: retrieval/types.go. A weight: retrieval/fusion and the constants
of retrieval/decide.go, then run eval and the golden tests. How words are cut, or
what a passage offers: then also raise analysisVersion in
retrieval/fingerprint.go, so that saved indexes are built anew; a test reminds. A word people use:
retrieval/thesaurus/fields; an abbreviation: retrieval/vietnamese/lexicon.go. The text of a refusal:
internal/answer/refuse.go. A command in chats: bot/commands.go, which vendors' menus follow. A channel: a
package below bot that implements bot.Channel, its fake in bot/bottest, a case in
channels.go. A setting: internal/config, and a flag of the same name in
grammar.go or serve.go.
*/
package main
