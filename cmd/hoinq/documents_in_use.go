package main

import (
	"context"
	"errors"
	"runtime/debug"
	"time"

	"github.com/hoinq/hoinq/bot"
	"github.com/hoinq/hoinq/corpus"
)

// lookAgain is how often the data folder is looked at for a new set of
// documents; a clerk sees it served within two seconds.
const lookAgain = time.Second

// keepCurrent puts the documents in force, and again whenever they change. The
// first time must succeed; later ones leave the old set in force.
func (p *program) keepCurrent(ctx context.Context, answerer *bot.Answerer) error {
	k := &keeper{program: p, answerer: answerer, store: corpus.OpenStore(p.Data)}
	if err := k.takeOver(ctx); err != nil {
		if ctx.Err() != nil {
			return nil //nolint:nilerr // it was asked to end
		}
		return err
	}
	tick := time.NewTicker(lookAgain)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
			k.look(ctx)
		}
	}
}

// keeper keeps the documents of an answerer current.
type keeper struct {
	*program
	answerer *bot.Answerer
	store    *corpus.Store
	// served is the name of the set in use, said what was last complained of.
	served, said string
	// again is when a set that could not be loaded is tried the next time.
	again time.Time
}

// retryLoad is the pause before a set that could not be loaded is tried again.
const retryLoad = 15 * time.Second

// takeOver loads the documents and puts them in use.
func (k *keeper) takeOver(ctx context.Context) error {
	name, err := k.store.Current()
	if err != nil {
		return err
	}
	if err := k.swap(ctx, k.answerer); err != nil {
		return err
	}
	debug.FreeOSMemory() // a third is what loading left behind, or an old set
	k.served, k.said = name, ""
	k.log.Info("documents in use", "documents", len(k.answerer.Library().InForce()))
	return nil
}

// errGone: the bundled documents must not take the place of an office's own
// because a file was lost.
var errGone = errors.New("corpus/CURRENT is gone; put it back from a backup, or take the documents in again")

// look takes a new set over. What keeps it from that is said once, and the old
// set goes on.
func (k *keeper) look(ctx context.Context) {
	name, err := k.store.Current()
	switch {
	case err != nil:
	case name == k.served || time.Now().Before(k.again):
		return
	case name == "":
		err = errGone
	default:
		err = k.takeOver(ctx)
	}
	if err == nil || ctx.Err() != nil {
		return
	}
	k.again = time.Now().Add(retryLoad)
	if k.said != err.Error() {
		k.said = err.Error()
		k.log.Error("new documents not taken over, the old ones go on", "error", err)
	}
}

// maxStarters is how many questions the page offers to begin with.
const maxStarters = 6

// swap loads the documents and puts them in force.
func (p *program) swap(ctx context.Context, answerer *bot.Answerer) error {
	library, err := p.library(ctx, nil)
	if err != nil {
		return err
	}
	index, err := p.index(ctx, library)
	if err != nil {
		return err
	}
	engine, composer := p.engine(index.Index)
	answerer.Swap(bot.Serving{Engine: engine, Starters: composer.Starters(ctx, maxStarters), Questions: composer.Questions()})
	p.keep(ctx, index) // nobody has to wait for it
	return nil
}
