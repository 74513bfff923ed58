// Package evaluate measures answers against questions whose right passages are
// known.
//
// [Answers] puts each question to an engine and counts, by kind of question
// and in all: how many were answered, how many quote what they should, how
// well refusals are placed, whether every quotation is verbatim, and how much
// is quoted. Each question is also asked again with the passages that hold its
// gold taken out ([Relevant]), and the confidence of the answers is held against
// what became of them. It sets no thresholds and passes no judgement; the README
// prints its figures with the command that makes them.
//
// Beside its tests stand three sets: questions to the bundled documents, and two
// invented provinces, Khau Giang, on which the program was tuned too, and Đông
// Xuyên, on which nothing ever was nor should be.
package evaluate
