package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/hoinq/hoinq/corpus"
	"github.com/hoinq/hoinq/internal/answer"
	"github.com/hoinq/hoinq/internal/config"
	"github.com/hoinq/hoinq/internal/datafolder"
	"github.com/hoinq/hoinq/internal/queue"
	"github.com/hoinq/hoinq/retrieval"
	"github.com/hoinq/hoinq/retrieval/english"
	"github.com/hoinq/hoinq/retrieval/thesaurus"
)

// doctorCommand checks what the program stands on.
type doctorCommand struct{}

// Run checks everything and says of each part whether it is well, and what to
// mend where it is not.
func (doctorCommand) Run(ctx context.Context, p *program) error {
	healthy := true
	check := func(name string, err error, well string) {
		if err != nil {
			healthy = false
			say(p.stdout, "CẦN SỬA  %s: %s\n", name, explain(err))
			return
		}
		say(p.stdout, "ổn       %s: %s\n", name, well)
	}
	check("cài đặt", unknownSettings(p.environ()), "không có tên cài đặt lạ")
	const folder = "thư mục dữ liệu"
	if err := datafolder.Check(p.Data); err != nil {
		check(folder, err, "")
		return codeError(exitFailure) // a folder that is not ours is left alone
	}
	check(folder, checkData(p.Data), fmt.Sprintf("%s, phiên bản %d", p.Data, datafolder.Version))
	library, err := p.library(ctx, nil)
	if err != nil {
		check("văn bản", err, "")
		return codeError(exitFailure)
	}
	check("văn bản", nil, fmt.Sprintf("%d văn bản đang dùng%s", len(library.InForce()), p.ownOrNot(ctx)))
	index, err := p.index(ctx, library)
	if err != nil {
		check("chỉ mục", err, "")
		return codeError(exitFailure)
	}
	check("từ điển", wordListProblems(), "mọi dòng đều đọc được")
	p.checkIndex(ctx, index, check)
	check("chỉ mục và trích dẫn", p.tryOut(ctx, index.Index), "mọi câu trích thử đều đúng nguyên văn")
	check("địa chỉ", p.checkAddresses(ctx), p.Listen+", "+p.AdminListen)
	p.checkNATS(ctx, check)
	p.checkChannels(ctx, check)
	if p.Office == "" && p.Contact == "" {
		say(p.stdout, "nên có   HOINQ_OFFICE, HOINQ_CONTACT: tên và cách liên hệ của cơ quan, hiện khi không trả lời được\n")
	}
	if !healthy {
		return codeError(exitFailure)
	}
	return nil
}

func unknownSettings(environ []string) error {
	if unknown := config.Unknown(environ); len(unknown) > 0 {
		return fmt.Errorf("chương trình không có cài đặt %v; các cài đặt có: %v", unknown, config.Names())
	}
	return nil
}

// checkData tries whether the data folder can be written, or made.
func checkData(dir string) error {
	info, err := os.Stat(dir)
	for errors.Is(err, fs.ErrNotExist) && dir != filepath.Dir(dir) {
		dir = filepath.Dir(dir) // the first ingest makes the folder in this one
		info, err = os.Stat(dir)
	}
	switch {
	case err != nil:
		return fmt.Errorf("look at data folder: %w", err)
	case !info.IsDir():
		return fmt.Errorf("%s là một tệp; hãy đặt HOINQ_DATA thành một thư mục", dir)
	}
	f, err := os.CreateTemp(dir, ".doctor-*")
	if err != nil {
		return fmt.Errorf("write to data folder: %w", err)
	}
	return errors.Join(f.Close(), os.Remove(f.Name()))
}

// checkAddresses tries whether serve could listen, or does already.
func (p *program) checkAddresses(ctx context.Context) error {
	public, admin, err := p.listen(ctx)
	if err == nil {
		return errors.Join(public.Close(), admin.Close())
	}
	if p.serving(ctx) {
		return nil
	}
	return err
}

// askTimeout bounds one question of the doctor's to the network.
const askTimeout = 5 * time.Second

// serving reports whether a hoinq answers on the admin address.
func (p *program) serving(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, askTimeout)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+p.AdminListen+"/metrics", nil)
	if err != nil {
		return false
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		return false
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, 1<<20))
	return err == nil && bytes.Contains(body, []byte("hoinq_build_info"))
}

// checkNATS says whether the cluster, if there is one, can hold the queue.
func (p *program) checkNATS(ctx context.Context, check func(name string, err error, well string)) {
	const name = "cụm NATS"
	if p.NATS.URL == "" {
		say(p.stdout, "tắt      %s: chưa đặt HOINQ_NATS_URL, hàng đợi nằm trong thư mục dữ liệu\n", name)
		return
	}
	ctx, cancel := context.WithTimeout(ctx, askTimeout)
	defer cancel()
	server, err := queue.Connect(ctx, p.log, queue.Remote(p.NATS))
	if err != nil {
		check(name, err, "")
		return
	}
	check(name, server.Close(), fmt.Sprintf("biết %d máy chủ, JetStream đã bật, giữ được %d bản sao", server.Known(), server.Copies()))
}

// ownOrNot says when the data folder holds nothing, which a slip in its name
// looks like too.
func (p *program) ownOrNot(ctx context.Context) string {
	if own, err := corpus.OpenStore(p.Data).Load(ctx); err == nil && len(own.All()) == 0 {
		return fmt.Sprintf(" (kèm sẵn; thư mục %s chưa có văn bản riêng)", p.Data)
	}
	return ""
}

// tryOut asks each document for its own title and proves what comes back.
func (p *program) tryOut(ctx context.Context, index *retrieval.Index) error {
	engine, _ := p.engine(index)
	for _, e := range index.Library().InForce() {
		a, err := engine.Ask(ctx, retrieval.Query{Text: e.Document.Title})
		if err != nil {
			return err
		}
		if err := answer.Proven(index.Library(), a); err != nil {
			return fmt.Errorf("%s: %w", e.Document.ID, err)
		}
	}
	return nil
}

// wordListProblems are the lines of the thesaurus and of the English glossary
// that were left out.
func wordListProblems() error {
	_, problems := thesaurus.Load()
	var all []error
	for _, p := range problems {
		all = append(all, errors.New(p.String()))
	}
	_, wrong := english.Load()
	for _, p := range wrong {
		all = append(all, errors.New(p.String()))
	}
	return errors.Join(all...)
}
