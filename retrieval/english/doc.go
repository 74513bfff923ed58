// Package english knows questions that are asked in English, and puts them into
// the Vietnamese words of documents: "What are the breakthroughs of the 17th
// Congress?" is searched as "khâu đột phá của đại hội lần thứ XVII là những gì".
//
// The words stand in glossary.txt, which an office can read and edit without
// knowing the program; its head says how. A word that is not there stays as it
// was typed, so names and figures are found by themselves, and a question about
// something else keeps its strange words and is refused.
//
// It is no translator: the order of words is put right only as far as the
// search and whoever reads "understood as" need it. It never touches a document,
// and a Vietnamese question passes it unchanged.
package english
