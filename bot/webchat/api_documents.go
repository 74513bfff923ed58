package webchat

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/hoinq/hoinq/bot"
	"github.com/hoinq/hoinq/corpus"
)

// documentSummary is what the API says of an edition of a document.
type documentSummary struct {
	ID       corpus.DocumentID `json:"id"`
	Title    string            `json:"title"`
	Kind     corpus.Kind       `json:"kind"`
	Label    string            `json:"label" doc:"Phải hiện cạnh mọi trích dẫn khi không rỗng"`
	Issuer   string            `json:"issuer"`
	Number   string            `json:"number"`
	Date     string            `json:"date"`
	Term     string            `json:"term"`
	Edition  corpus.EditionID  `json:"edition"`
	Status   corpus.Status     `json:"status"`
	Digest   string            `json:"digest" doc:"SHA-256 của toàn văn"`
	Sources  []string          `json:"sources"`
	Passages int               `json:"passages"`
	Bytes    int               `json:"bytes"`
	URL      string            `json:"url" doc:"Trang đọc"`
}

// documentDetail adds the outline and the other editions.
type documentDetail struct {
	documentSummary
	Outline  []outlineEntry    `json:"outline"`
	Editions []documentSummary `json:"editions" doc:"Mọi bản còn giữ, bản đang dùng đứng đầu"`
}

type outlineEntry struct {
	Passage  corpus.PassageID `json:"passage"`
	Location string           `json:"location"`
	Text     string           `json:"text"`
	Depth    int              `json:"depth"`
	Start    int              `json:"start"`
	End      int              `json:"end"`
}

type documentsOutput struct {
	Body struct {
		Documents []documentSummary `json:"documents"`
	}
}

type documentInput struct {
	ID string `path:"id"`
}

type documentOutput struct{ Body documentDetail }

type textInput struct {
	ID      string `path:"id"`
	Edition string `path:"edition"`
}

type textOutput struct {
	ContentType  string `header:"Content-Type"`
	CacheControl string `header:"Cache-Control"`
	Body         []byte
}

// registerDocuments adds the operations that show documents.
func (a *api) registerDocuments(h huma.API) {
	huma.Register(h, huma.Operation{
		OperationID: "documents", Method: http.MethodGet, Path: "/api/v1/documents", Summary: "Các văn bản đang dùng",
		Responses: problems(h, 429, 503),
	}, a.documents)
	huma.Register(h, huma.Operation{
		OperationID: "document", Method: http.MethodGet, Path: "/api/v1/documents/{id}", Summary: "Một văn bản, dàn ý và các bản",
		Responses: problems(h, 404, 429, 503),
	}, a.document)
	text := problems(h, 404, 429, 503)
	text["200"] = &huma.Response{Description: "OK", Content: map[string]*huma.MediaType{"text/plain": {Schema: &huma.Schema{Type: huma.TypeString}}}}
	huma.Register(h, huma.Operation{
		OperationID: "text", Method: http.MethodGet, Path: "/api/v1/documents/{id}/editions/{edition}/text", Summary: "Toàn văn của một bản",
		Description: "start và end của mọi trích dẫn tính bằng byte của văn bản này.",
		Responses:   text,
	}, a.text)
}

func (a *api) documents(context.Context, *struct{}) (*documentsOutput, error) {
	library := a.asker.Library()
	if library == nil {
		return nil, a.unavailable(bot.ErrNotReady)
	}
	out := &documentsOutput{}
	out.Body.Documents = []documentSummary{}
	for _, e := range library.InForce() {
		out.Body.Documents = append(out.Body.Documents, a.summary(e))
	}
	return out, nil
}

func (a *api) document(_ context.Context, in *documentInput) (*documentOutput, error) {
	library := a.asker.Library()
	if library == nil {
		return nil, a.unavailable(bot.ErrNotReady)
	}
	e, ok := library.Edition(corpus.DocumentID(in.ID), "")
	if !ok {
		return nil, noDocument()
	}
	detail := documentDetail{documentSummary: a.summary(e), Outline: []outlineEntry{}}
	for _, i := range e.Outline() {
		p := e.Passages[i]
		detail.Outline = append(detail.Outline, outlineEntry{
			Passage: p.ID, Location: p.Location, Text: e.Words(p.Span), Depth: len(e.Ancestors(i)), Start: p.Start, End: p.End,
		})
	}
	for _, other := range library.All() {
		if other.Document.ID == e.Document.ID {
			detail.Editions = append(detail.Editions, a.summary(other))
		}
	}
	return &documentOutput{Body: detail}, nil
}

func (a *api) text(_ context.Context, in *textInput) (*textOutput, error) {
	library := a.asker.Library()
	if library == nil {
		return nil, a.unavailable(bot.ErrNotReady)
	}
	e, ok := library.Edition(corpus.DocumentID(in.ID), corpus.EditionID(in.Edition))
	if !ok {
		return nil, noDocument()
	}
	// The words of an edition never change.
	return &textOutput{ContentType: "text/plain; charset=utf-8", CacheControl: "public, max-age=86400, immutable", Body: []byte(e.Text)}, nil
}

func noDocument() *problem {
	return problemOf(http.StatusNotFound, "Không có văn bản hay bản này; danh sách ở /api/v1/documents.")
}

func (a *api) summary(e *corpus.Edition) documentSummary {
	d := e.Document
	return documentSummary{
		ID: d.ID, Title: d.Title, Kind: d.Kind, Label: e.Label(), Issuer: d.Issuer, Number: d.Number, Date: d.Date, Term: d.Term,
		Edition: e.ID, Status: e.Validity.Status, Digest: e.Digest, Sources: append([]string{}, d.Sources...),
		Passages: len(e.Passages), Bytes: len(e.Text),
		URL: a.asker.Office().PublicURL + bot.ReadingRoot + string(d.ID) + "?" + bot.EditionParam + "=" + string(e.ID),
	}
}
