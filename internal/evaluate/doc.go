// Package evaluate measures answers against questions whose right passages are
// known.
//
// [Answers] puts each question to an engine and counts, by kind of question
// and in all: how many were answered, how many quote what they should, how
// well refusals are placed, whether every quotation is verbatim, and how much
// is quoted. It sets no thresholds and passes no judgement; the README prints
// its figures with the command that makes them.
package evaluate
