package webchat

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"reflect"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/hoinq/hoinq/bot"
)

// apiRoot begins the address of every operation.
const apiRoot = "/api/"

// askAPIPath is where programs, and the widget, ask.
const askAPIPath = apiRoot + "v1/ask"

// Limits of a request.
const (
	maxAskBody      = 64 << 10 // bytes; a question of 1,000 characters needs at most 12,000
	maxConversation = 128      // characters
)

// api is the public interface for programs.
type api struct {
	log     *slog.Logger
	asker   Asker
	version string
}

func newAPI(log *slog.Logger, asker Asker, version string) *api {
	return &api{log: log, asker: asker, version: version}
}

// register adds the operations and their description to mux.
func (a *api) register(mux *http.ServeMux) {
	config := huma.DefaultConfig("hoinq", a.version)
	config.Info.Description = "Hỏi văn bản, nhận câu trả lời trích nguyên văn kèm vị trí; không tìm thấy thì nói rõ lý do. " +
		"Không cần khóa. Mỗi địa chỉ được gọi có giới hạn (429 kèm Retry-After)."
	config.CreateHooks = nil                         // no $schema in the answers: their shape is a contract
	config.AllowAdditionalPropertiesByDefault = true // what a later version adds breaks no caller
	config.DocsPath, config.SchemasPath = "", ""
	h := humago.New(mux, config)
	ask := huma.Operation{
		OperationID: "ask", Method: http.MethodPost, Path: askAPIPath, Summary: "Đặt một câu hỏi",
		Description: "conversation giữ mạch hỏi tiếp trong 30 phút; bỏ trống khi mỗi câu đứng riêng. Mỗi người một mã ngẫu nhiên, khó đoán: ai biết mã thì hỏi tiếp được câu trước đó.",
		Responses:   problems(h, 400, 413, 422, 429, 503),
	}
	huma.Register(h, ask, a.ask)
	// Only described: huma would refuse a body in its own words, see askInput.
	h.OpenAPI().Paths[ask.Path].Post.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{
		"application/json": {Schema: h.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[askRequest](), true, "AskRequest")},
	}}
	a.registerDocuments(h)
	for path, allow := range map[string]string{
		askAPIPath: "POST", "/api/v1/documents": "GET, HEAD", "/openapi.json": "GET, HEAD",
		"/api/v1/documents/{id}": "GET, HEAD", "/api/v1/documents/{id}/editions/{edition}/text": "GET, HEAD",
	} {
		mux.HandleFunc(path, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Allow", allow)
			writeProblem(w, problemOf(http.StatusMethodNotAllowed, "Địa chỉ này chỉ nhận phương thức "+allow+"."))
		})
	}
	mux.HandleFunc(apiRoot, func(w http.ResponseWriter, _ *http.Request) {
		writeProblem(w, problemOf(http.StatusNotFound, "Không có địa chỉ này; các địa chỉ có trong /openapi.json."))
	})
}

// askRequest is the body of a question.
type askRequest struct {
	Question     string `json:"question" minLength:"1" maxLength:"1000" doc:"Câu hỏi, có dấu hay không dấu" example:"Ba khâu đột phá là gì?"`
	Conversation string `json:"conversation,omitempty" maxLength:"128" doc:"Mã cuộc trò chuyện do bên gọi tự đặt, ngẫu nhiên và riêng cho mỗi người"`
}

// askInput reads the body itself, so that every refusal is one of ours: huma's
// own would be in English and repeat what was sent.
type askInput struct {
	request askRequest
	refused *problem
}

var _ huma.Resolver = (*askInput)(nil)

// Resolve implements [huma.Resolver]. What is wrong is kept for the operation.
func (in *askInput) Resolve(ctx huma.Context) []error {
	body, err := io.ReadAll(io.LimitReader(ctx.BodyReader(), maxAskBody+1))
	switch {
	case err != nil:
		in.refused = problemOf(http.StatusBadRequest, "Chưa nhận đủ nội dung yêu cầu; vui lòng gửi lại.")
	case len(body) > maxAskBody:
		in.refused = problemOf(http.StatusRequestEntityTooLarge, "Yêu cầu quá lớn; câu hỏi dài nhất là 1.000 ký tự.")
	case !utf8.Valid(body):
		in.refused = problemOf(http.StatusBadRequest, "Yêu cầu không phải chữ mã UTF-8; vui lòng gửi bằng UTF-8.")
	case json.Unmarshal(body, &in.request) != nil:
		in.refused = problemOf(http.StatusBadRequest, `Yêu cầu không phải JSON dạng {"question":"…"}; vui lòng kiểm tra lại.`)
	case strings.TrimSpace(in.request.Question) == "":
		in.refused = problemOf(http.StatusUnprocessableEntity, "Chưa có câu hỏi; vui lòng ghi câu hỏi vào question.")
	case utf8.RuneCountInString(in.request.Question) > bot.MaxQuestion:
		in.refused = problemOf(http.StatusUnprocessableEntity, "Câu hỏi dài quá 1.000 ký tự; vui lòng rút ngắn.")
	case utf8.RuneCountInString(in.request.Conversation) > maxConversation:
		in.refused = problemOf(http.StatusUnprocessableEntity, "Mã conversation dài quá 128 ký tự; vui lòng rút ngắn.")
	}
	return nil
}

type askOutput struct {
	CacheControl string `header:"Cache-Control"`
	Body         bot.Response
}

// ask answers one question.
func (a *api) ask(ctx context.Context, in *askInput) (*askOutput, error) {
	if in.refused != nil {
		return nil, in.refused
	}
	r, err := a.asker.Ask(ctx, bot.Question{Text: in.request.Question, Channel: APIChannel, Conversation: in.request.Conversation})
	if err != nil {
		return nil, a.unavailable(err)
	}
	return &askOutput{CacheControl: "no-store", Body: bot.ReadAt(a.asker.Office().PublicURL, r)}, nil
}

// unavailable makes a problem of an error, whose detail goes to the log alone.
func (a *api) unavailable(err error) *problem {
	if !errors.Is(err, bot.ErrNotReady) && !errors.Is(err, context.Canceled) {
		a.log.Error("question not answered", "channel", APIChannel, "error", err)
	}
	return problemOf(http.StatusServiceUnavailable, "Chưa trả lời được lúc này; vui lòng thử lại sau ít giây.")
}

// problem is an error of the API (RFC 9457). Nothing of the request is in it.
type problem struct {
	Title  string `json:"title"`
	Status int    `json:"status"`
	Detail string `json:"detail" doc:"Lời giải thích bằng tiếng Việt"`
}

var _ huma.StatusError = (*problem)(nil)

func problemOf(status int, detail string) *problem {
	return &problem{Title: http.StatusText(status), Status: status, Detail: detail}
}

// Error implements error.
func (p *problem) Error() string { return p.Detail }

// GetStatus implements [huma.StatusError].
func (p *problem) GetStatus() int { return p.Status }

// ContentType implements [huma.ContentTypeFilter].
func (p *problem) ContentType(string) string { return problemType }

const problemType = "application/problem+json"

// writeProblem answers outside of huma.
func writeProblem(w http.ResponseWriter, p *problem) {
	w.Header().Set("Content-Type", problemType)
	w.WriteHeader(p.Status)
	_ = json.NewEncoder(w).Encode(p) // nobody is left to tell
}

// problems describes the errors of an operation.
func problems(h huma.API, statuses ...int) map[string]*huma.Response {
	schema := h.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[problem](), true, "Problem")
	responses := map[string]*huma.Response{}
	for _, status := range statuses {
		responses[strconv.Itoa(status)] = &huma.Response{
			Description: http.StatusText(status),
			Content:     map[string]*huma.MediaType{problemType: {Schema: schema}},
		}
	}
	return responses
}
