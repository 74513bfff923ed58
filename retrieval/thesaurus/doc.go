// Package thesaurus knows what people say for what documents write: "bịch ni
// lông" for "túi ni-lông", "tiền hưu" for "bảo hiểm xã hội".
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
// from one line to another, so there are no cycles: a concept is what its own
// line says. Fields whose name begins with [OutsidePrefix] hold what documents
// never speak of. fields/0-cach-viet.txt says all this in Vietnamese.
//
// A [Space] turns a text into a vector over the concepts. Passages and
// questions are compared there, by retrieval; what the similarity counts for is
// retrieval's affair.
package thesaurus
