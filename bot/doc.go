// Package bot is the conversation between a person and the documents, without
// any vendor's format in it.
//
// A [Channel] turns a vendor's request into [Message] values and a [Reply]
// into the vendor's [Part] values. Between the two stand a [Service], which
// keeps both on disk until they are done with, and a [Conversation], which
// says what is replied:
//
//	vendor ─▶ Webhook ─▶ Channel.Receive ─▶ inbox ─▶ Conversation ─▶ Channel.Render ─▶ outbox ─▶ Channel.Send ─▶ vendor
//	                     401, 413, 400      200                ╰─ Answerer, Memory
//
// A part that the vendor's [Limits] hold back for now returns to the outbox and
// comes again: nobody waits in Send, so that a chat or a channel that must wait
// holds back only itself. The vendor gets its 200 when the message is in the
// inbox, synced; the message leaves the inbox when its reply is in the outbox; a
// part leaves the outbox when the vendor has it. A conversation that asks faster
// than people do is told so once and answered more slowly. Package internal/queue says what a crash at
// any moment leads to.
//
// What somebody types in another chat to find a passage ([KindInline]) goes the
// same way and is dropped wherever nobody waits for it any more
// ([Message.Until]); it leaves nothing for a conversation. In a group each
// person has a conversation of their own.
//
// An [Answerer] asks the documents in force, for chats and for the web alike,
// and is given new documents while it works. [Memory] is all that is held of a
// conversation besides. The text of everything that people read here stands in
// texts.go; refusals are worded in internal/answer. What a reply offers is a
// button where the vendor has buttons, and everywhere a number to send back.
//
// The channels are packages below this one (bot/telegram …). None of them
// imports another, retrieval or internal/answer. This package knows no vendor
// and no markup, and it logs no word and no id of a person.
//
// # Metrics
//
// The program shows these to Prometheus on its admin address, beside those of
// Go and of the process. A counter begins at 0 with the process. The stages are
// accept (to store a message, synced), wait (from there until work on it
// begins), answer (to find and prove the words, of the web too), store (to
// store a part of a reply, synced), send (one call to the vendor), and whole
// (from the stored message until the vendor has the last part).
//
//	hoinq_answers_total{outcome}                    questions: "answered", or why they were refused
//	hoinq_build_info{version}                       1, for the version that runs
//	hoinq_dead_letters{queue}                       items given up and still kept: see "hoinq queue dead"
//	hoinq_dead_letters_total{queue}                 items given up
//	hoinq_queue_items{queue}                        items left to do, of all processes
//	hoinq_queue_lost_items                          items that could not be read when the queue was opened, at most
//	hoinq_queue_oldest_seconds{queue}               how long the oldest of them waits
//	hoinq_ready                                     1 when /readyz says so, else 0
//	hoinq_received_total{channel}                   messages accepted, repeats included
//	hoinq_rejected_total{channel,reason}            requests not accepted: forged, flood, store …
//	hoinq_repeated_total{channel}                   deliveries of a message accepted before
//	hoinq_replicas                                  processes that share the work
//	hoinq_send_failures_total{channel,kind,code}    attempts to send: rate_limited, gone, refused, transient; the vendor's status
//	hoinq_sent_total{channel}                       parts of replies that a vendor took
//	hoinq_stage_seconds{stage}                      histogram of the time that each stage took
//
// The queue is inbox (messages without a stored reply) or outbox (parts of
// replies not sent). Three alerts wake somebody for what matters: people wait or
// a replica is not ready, something could not be done or read, a vendor does not
// take what we send. Whom the vendor makes wait, or who has blocked us, is no
// failure. While a queue cannot be asked, its metrics are missing, not 0.
//
//	groups:
//	  - name: hoinq
//	    rules:
//	      - alert: HoinqQuestionsWait
//	        expr: max by (queue) (hoinq_queue_oldest_seconds) > 60 or hoinq_ready == 0
//	        for: 2m
//	        annotations:
//	          summary: Có câu hỏi hoặc câu trả lời chờ quá một phút, hoặc máy chưa sẵn sàng; xem nhật ký và kênh đang lỗi.
//	      - alert: HoinqDeadLetters
//	        expr: sum by (queue) (increase(hoinq_dead_letters_total[10m])) > 0 or hoinq_queue_lost_items > 0
//	        annotations:
//	          summary: Có tin không xử lý được (xem bằng lệnh hoinq queue dead list) hoặc tệp hàng đợi hỏng (xem nhật ký).
//	      - alert: HoinqSendFailures
//	        expr: >-
//	          sum by (channel) (rate(hoinq_send_failures_total{kind=~"transient|refused"}[5m]))
//	          > 0.2 * (sum by (channel) (rate(hoinq_sent_total[5m]))
//	          + sum by (channel) (rate(hoinq_send_failures_total{kind=~"transient|refused"}[5m])))
//	        for: 5m
//	        annotations:
//	          summary: Hơn một phần năm số tin gửi đi bị từ chối hoặc lỗi; xem mã lỗi (code) của kênh.
package bot
