// Package vietnamese takes Vietnamese text apart for searching.
//
// [Tokenize] cuts a text into syllables and figures, each with its byte
// offsets in the original, in two forms: as typed, brought to one spelling
// ("Hoà" and "hòa" are one token), and folded, without marks. What the writer
// typed counts: "đường" and "dương" are different as typed and the same when
// folded. [Sentences] cuts a text into sentences; [Lexicon.Weightless] tells the words
// that say nothing about the subject of a question.
//
//	for _, t := range vietnamese.Tokenize("Uỷ ban 1.285 người") {
//		fmt.Println(t.Text, t.Folded, t.Start, t.End) // ủy uy 0 5 …
//	}
//
// Nothing here alters the text: folding happens beside it, with offsets back
// into it. The package knows no documents and holds no statistics.
package vietnamese
