// Package portal is the channel to a province's portals and to any other site
// that asks by program: questions come in as signed webhooks, and answers go
// out as signed webhooks to an address of the portal's, its callback. Both
// follow Standard Webhooks 1.0.0.
//
// The portals are those of a file, see [ParseClients]. A portal posts to
// /webhooks/portal/{its id}
//
//	webhook-id: msg_2kq7              names the question; the same id again is a repeat
//	webhook-timestamp: 1795000000     seconds; five minutes more or less
//	webhook-signature: v1,<base64>    of id.timestamp.body; several, with blanks between, for a change of secrets
//
//	{"type":"question.asked","timestamp":"2026-11-22T06:00:00Z",
//	 "data":{"conversation":"c1","question":"Ba khâu đột phá là gì?"}}
//
// The signature is HMAC-SHA256 under the bytes that the secret names: what
// stands behind "whsec_", in base64. In PHP:
//
//	$key  = base64_decode(substr($secret, strlen('whsec_')));
//	$sign = fn($id, $time, $body) => 'v1,' . base64_encode(hash_hmac('sha256', "$id.$time.$body", $key, true));
//	// to ask: the headers webhook-id: $id, webhook-timestamp: $time, webhook-signature: $sign($id, $time, $body)
//	// to take an answer: hash_equals($sign($id, $time, file_get_contents('php://input')), $signature) and abs(time() - $time) < 300
//
// A question is answered 202 once it is stored; 401 if the signature, the
// time or the id is not right, with no word on which of them; 413, 400 for what
// is too large or not of this shape, 429 with Retry-After beyond per_minute, 503
// when it should send the same again. An event of another type is taken in and
// dropped. The id is printable ASCII without dots, the conversation any name of
// 1 to 128 characters that stands for one person's talk: a question is
// understood by the one before it in its conversation.
//
// The callback gets, signed with the first of the portal's secrets,
//
//	{"type":"question.answered","timestamp":"…",
//	 "data":{"conversation":"c1","question_id":"msg_2kq7","answer":{…}}}
//
// where answer is what "hoinq ask --json" prints, with question_id as its id. A
// question that is empty or too long gets an answer object that says so. Any
// 2xx takes it; 410 gives this one answer up; 429, 502, 503 and 504 with
// Retry-After are waited for; everything else, redirects too, is tried again
// after 5 s, 5 min, 30 min, 2 h, 5 h and 10 h, and then lies among the dead
// letters. Its webhook-id stays the same, its webhook-timestamp is that of the
// attempt.
//
// Whoever can write the file, or the name server of a portal, could otherwise
// make this program talk to machines of its own network: a callback on an
// address that is not public is refused when it is connected to, whatever its
// name says, unless the client has allow_private.
//
// The package neither stores nor retries, and it draws no page: what stands in
// a portal's pages is bot/widget, which asks the public API from the origins of
// the file. No secret, conversation or word of a person appears in the errors
// of this package, nor more of a callback than its host.
package portal
