package webchat

import (
	"cmp"
	"net/http"

	"github.com/hoinq/hoinq/bot/widget"
)

// embeddingPath shows how another site takes the widget in.
const embeddingPath = "/widget"

// exampleAddress stands in the lines to copy where no public address is set.
const exampleAddress = "https://hoi.example.vn"

// embeddingView is the page for webmasters, with the widget at work on it.
type embeddingView struct {
	frame
	Guides []widget.Guide
	// Example says that the lines hold an address that is not ours.
	Example bool
}

func (p *Pages) embedding(w http.ResponseWriter, r *http.Request) {
	v := embeddingView{frame: p.frame("Nhúng vào cổng thông tin", "")}
	v.Example = v.Office.PublicURL == ""
	v.Guides = widget.Guides(cmp.Or(v.Office.PublicURL, exampleAddress))
	p.renderKept(w, r, "embedding", v)
}
