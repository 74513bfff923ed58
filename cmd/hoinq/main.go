package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"log/slog"
	"os"
	"os/signal"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/alecthomas/kong"

	"github.com/hoinq/hoinq/internal/config"
)

// Exit codes; they are a contract.
const (
	exitDone    = 0 // answered, or done
	exitFailure = 1
	exitUsage   = 2 // wrong usage or settings
	exitRefused = 3 // ask refused to answer
)

// grace is how long the program may go on after it was asked to end; serve has
// its own.
const grace = 2 * time.Second

func main() {
	// Libraries that write to the standard logger quote what they received, and
	// so an address with a token in it: net/http does.
	log.SetOutput(io.Discard)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	var patience atomic.Int64
	patience.Store(int64(grace))
	context.AfterFunc(ctx, func() {
		stop()                                     // a second signal ends the program at once
		time.Sleep(time.Duration(patience.Load())) // nobody can interrupt a read from a terminal or a pipe
		os.Exit(exitFailure)
	})
	code := run(ctx, system{
		args:    os.Args[1:],
		getenv:  os.Getenv,
		environ: os.Environ,
		stdin:   os.Stdin,
		stdout:  os.Stdout,
		stderr:  os.Stderr,
		endIn:   func(d time.Duration) { patience.Store(int64(d)) },
	})
	stop()
	os.Exit(code)
}

// system is what the program has of the world besides files.
type system struct {
	args           []string
	getenv         func(string) string
	environ        func() []string
	stdin          io.Reader
	stdout, stderr io.Writer
	// endIn sets how long the program may go on after it was asked to end.
	endIn func(time.Duration)
}

// program is what every subcommand gets: the checked settings and the streams.
type program struct {
	system
	config.Settings
	log *slog.Logger
	// cores are those that serve may use.
	cores int
}

// codeError ends the program with a code and nothing more to say.
type codeError int

func (e codeError) Error() string { return fmt.Sprintf("exit code %d", int(e)) }

// usageError is a wrong use of the command line, in Vietnamese.
type usageError string

func (e usageError) Error() string { return string(e) }

// run is the whole program but for the process around it.
func run(ctx context.Context, sys system) int {
	var grammar commandLine
	parser, err := kong.New(&grammar,
		kong.Name("hoinq"),
		kong.Description("Hỏi nghị quyết: trả lời câu hỏi về văn bản bằng trích dẫn nguyên văn, kèm vị trí trong văn bản."),
		kong.Writers(sys.stdout, sys.stderr),
		kong.NoDefaultHelp(),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, NoExpandSubcommands: true}),
		kong.ValueFormatter(func(v *kong.Value) string { return v.Help }),
	)
	if err != nil {
		panic(err) // the grammar is ours: a mistake of the programmer
	}
	parsed, err := parser.Parse(sys.args)
	switch {
	case errors.Is(err, errHelp):
		return exitDone
	case err != nil:
		say(sys.stderr, "hoinq: sai cách dùng: %v\nXem cách dùng: hoinq --help\n", err)
		return exitUsage
	}
	raw, err := rawSettings(parsed.Flags(), sys.getenv)
	var settings config.Settings
	if err == nil {
		settings, err = config.Parse(raw)
	}
	if err != nil {
		say(sys.stderr, "hoinq: cài đặt chưa đúng:\n%v\n", err)
		return exitUsage
	}
	p := &program{system: sys, Settings: settings, log: slog.New(slog.NewTextHandler(sys.stderr, nil))}
	parsed.BindTo(ctx, (*context.Context)(nil))
	return p.code(parsed.Run(p))
}

// code turns the outcome of a subcommand into the program's exit code and says
// what went wrong.
func (p *program) code(err error) int {
	var code codeError
	var usage usageError
	switch {
	case err == nil:
		return exitDone
	case errors.As(err, &code):
		return int(code)
	case errors.As(err, new(config.Problems)):
		say(p.stderr, "hoinq: cài đặt chưa đúng:\n%v\n", err)
		return exitUsage
	case errors.As(err, &usage):
		say(p.stderr, "hoinq: %s\nXem cách dùng: hoinq --help\n", usage)
		return exitUsage
	}
	say(p.stderr, "hoinq: %s\n", explain(err))
	return exitFailure
}

// say writes to a stream of the program. A stream that is gone cannot be told.
func say(w io.Writer, format string, args ...any) { _, _ = fmt.Fprintf(w, format, args...) }
