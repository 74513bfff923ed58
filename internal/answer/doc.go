// Package answer turns a retrieval result into an answer whose every quotation
// is proven, or into a polite refusal.
//
// A [Composer] is handed a [retrieval.Result] and returns an [Answer]: a list
// of sentences, each with the citations that carry it. [Extractive] composes
// from the documents' own words and needs no model. Whatever composed it, an
// answer reaches a reader only through [Proven], which checks each quotation
// against the canonical text and withholds an answer that fails.
//
// [Response] is the public object that the command line, the HTTP interface
// and the portals' webhooks all print.
//
// The package does not search, does not send, and never decides to answer what
// retrieval decided to refuse.
package answer
