// Package thesaurus leads from the words of citizens to the words of
// documents: from "bịch ni lông" to "túi ni-lông", from "tiền hưu" to "bảo hiểm
// xã hội".
//
// The words stand in fields/*.txt, one file for each field of public life,
// which an office can read and edit without knowing the program:
//
//	# What the field covers.
//	field: Giá cả và mức sống
//	giá leo thang, vật giá, đồ đắt -> kiểm soát lạm phát, chỉ số giá tiêu dùng
//	mức sống, đủ ăn đủ mặc -> đời sống nhân dân ; 0.7
//
// A line is one concept. Left of the arrow stands what people say, right of it
// what documents write, each a phrase of one or more syllables; behind a
// semicolon may stand how surely the left means the right, from 0 to 1 (0.8
// where nothing is said). Lines that begin with # are remarks. Nothing follows
// from one line to another: a phrase means what its own lines say.
//
// The package finds concepts in text. What they count for is retrieval's
// affair.
package thesaurus
