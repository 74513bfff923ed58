package answer

import "github.com/hoinq/hoinq/retrieval"

// bilingual is something that the program says, in Vietnamese and in English.
// English answers a question in English; what a document says stays as it is.
type bilingual struct{ vi, en string }

func (b bilingual) in(english bool) string {
	if english {
		return b.en
	}
	return b.vi
}

// texts are all that an answer says around the words of documents, with the
// verbs of fmt where something is filled in; read-only.
var texts = struct {
	// An answer.
	source, more, notTheirWords, notThat, list, section, longSection, heads, someHeads bilingual
	// What a reader of English must be told once.
	quoted bilingual
	// A refusal.
	outOfScope, insufficient, ambiguous, unsafe, noMatch, tooLong, notGiven, noSuchPlace, divided bilingual
	noDocuments, documents, furtherDocuments, whoever, whom                                       bilingual
	// Above the nearest passages, and above the suggestions.
	nearest, next bilingual
	// No question.
	greeting, thanks, wordless, urgent bilingual
}{
	source: bilingual{
		vi: "Theo %s: %s",
		en: "According to %s: %s",
	},
	more: bilingual{
		vi: "Các đoạn liên quan được trích thêm bên dưới.",
		en: "Related passages are quoted below as well.",
	},
	notTheirWords: bilingual{
		vi: "Tài liệu không dùng đúng lời của anh/chị; đoạn gần với chuyện anh/chị hỏi nhất là đây. ",
		en: "The documents do not use your words; this is the passage that comes nearest to what you ask. ",
	},
	notThat: bilingual{
		vi: "Nếu chưa phải chuyện đó, mời anh/chị xem các đoạn gần khác bên dưới.",
		en: "If that is not what you meant, please see the other near passages below.",
	},
	list: bilingual{
		vi: "Theo %s, phần %s có %d ý, trích đầy đủ bên dưới.",
		en: "According to %s, the part %s has %d points, quoted in full below.",
	},
	section: bilingual{
		vi: "Theo %s, phần %s nêu như trích bên dưới.",
		en: "According to %s, the part %s says what is quoted below.",
	},
	longSection: bilingual{
		vi: "Theo %s, phần %s khá dài; bên dưới là %s, anh/chị có thể hỏi tiếp từng đề mục.",
		en: "According to %s, the part %s is rather long; below are %s, and you may ask about each of them.",
	},
	heads: bilingual{
		vi: "%d đề mục của phần này",
		en: "its %d headings",
	},
	someHeads: bilingual{
		vi: "%d trong %d đề mục của phần này",
		en: "%d of its %d headings",
	},
	quoted: bilingual{
		en: "Quotations are in Vietnamese, the language of the documents.",
	},
	outOfScope: bilingual{
		vi: "Câu hỏi này nằm ngoài các tài liệu tôi đang có, nên tôi không trả lời được.",
		en: "This question is outside the documents I have, so I cannot answer it.",
	},
	insufficient: bilingual{
		vi: "Các tài liệu có nói đến chuyện này nhưng không nêu đúng điều anh/chị hỏi, nên tôi không trả lời thay.",
		en: "The documents speak of this but do not give just what you ask, so I do not answer in their place.",
	},
	ambiguous: bilingual{
		vi: "Câu hỏi còn rộng nên tôi chưa biết nên trích đoạn nào. Anh/chị vui lòng hỏi cụ thể hơn, ví dụ về lĩnh vực nào, năm nào hay cơ quan nào.",
		en: "The question is wide, so I do not know which passage to quote. Please ask more exactly, for example about which field, which year or which agency.",
	},
	unsafe: bilingual{
		vi: "Tôi chỉ trả lời câu hỏi về nội dung tài liệu, bằng cách trích nguyên văn. Việc này tôi không làm được.",
		en: "I only answer questions about what the documents say, by quoting them word for word. This is something I cannot do.",
	},
	noMatch: bilingual{
		vi: "Tôi chưa tìm thấy trong các tài liệu đoạn nào trả lời câu hỏi này.",
		en: "I have found no passage in the documents that answers this question.",
	},
	tooLong: bilingual{
		vi: "Câu hỏi dài quá %d ký tự nên tôi chưa đọc. Anh/chị vui lòng hỏi ngắn hơn.",
		en: "The question is longer than %d characters, so I have not read it. Please ask a shorter one.",
	},
	notGiven: bilingual{
		vi: " Trong đoạn gần nhất không thấy nêu: %s.",
		en: " The nearest passage does not speak of: %s.",
	},
	noSuchPlace: bilingual{
		vi: "Trong các tài liệu đang có không có chỗ “%s”.",
		en: "The documents have no place “%s”.",
	},
	divided: bilingual{
		vi: " Tài liệu được chia theo %s; anh/chị có thể hỏi lại theo cách chia này.",
		en: " They are divided into: %s. You may ask again by this division.",
	},
	noDocuments: bilingual{
		vi: "Hiện chưa có tài liệu nào được nạp.",
		en: "No documents are loaded yet.",
	},
	documents: bilingual{
		vi: "Tài liệu đang có: %s.",
		en: "The documents here: %s.",
	},
	furtherDocuments: bilingual{
		vi: "; và %d văn bản khác",
		en: "; and %d more",
	},
	whoever: bilingual{
		vi: "Anh/chị có thể hỏi cơ quan ban hành văn bản, hoặc cấp ủy, chính quyền nơi mình ở.",
		en: "You may ask the agency that issued the document, or the Party committee or local authority where you live.",
	},
	whom: bilingual{
		vi: "Anh/chị có thể hỏi trực tiếp: %s.",
		en: "You may ask directly: %s.",
	},
	nearest: bilingual{
		vi: "Đoạn gần nhất tìm thấy (chưa phải câu trả lời):",
		en: "The nearest passages found (not an answer yet):",
	},
	next: bilingual{
		vi: "Có thể hỏi tiếp:",
		en: "You may ask next, in Vietnamese or in English:",
	},
	greeting: bilingual{
		vi: "Chào anh/chị. Tôi trả lời câu hỏi về các tài liệu dưới đây bằng cách trích nguyên văn; mời anh/chị đặt câu hỏi.",
		en: "Hello. I answer questions about the documents below by quoting them word for word, in Vietnamese; please ask.",
	},
	thanks: bilingual{
		vi: "Dạ không có gì ạ. Anh/chị cần tra điều gì nữa, cứ hỏi nhé.",
		en: "You are welcome. If there is anything else to look up, please ask.",
	},
	wordless: bilingual{
		vi: "Tôi chưa đọc được câu hỏi nào trong tin này. Anh/chị vui lòng gõ câu hỏi bằng chữ, có dấu hay không dấu đều được.",
		en: "I could not read a question in this message. Please type your question in words.",
	},
	urgent: bilingual{
		// The numbers that help in Vietnam, free of charge.
		vi: "Nếu đang nguy cấp, xin gọi ngay 115 (cấp cứu), 113 (công an), 114 (cứu nạn, cứu hỏa) hoặc 111 (bảo vệ trẻ em); các số này miễn phí.",
		en: "If this is an emergency, please call at once 115 (ambulance), 113 (police), 114 (rescue, fire) or 111 (child protection); these numbers are free of charge.",
	},
}

// reasonText is the fixed text of each reason to refuse.
func reasonText(reason retrieval.Reason) bilingual {
	switch reason {
	case retrieval.OutOfScope:
		return texts.outOfScope
	case retrieval.Insufficient:
		return texts.insufficient
	case retrieval.Ambiguous:
		return texts.ambiguous
	case retrieval.Unsafe:
		return texts.unsafe
	default:
		return texts.noMatch
	}
}
