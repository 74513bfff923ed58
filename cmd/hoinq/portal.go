package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"

	"github.com/hoinq/hoinq/bot/portal"
	"github.com/hoinq/hoinq/internal/config"
)

// portalSetting names the file of portals.
const portalSetting = "HOINQ_PORTAL_CLIENTS"

// portal is the channel to the portals.
func (p *program) portal() (channel, error) {
	c := channel{id: portal.ID, name: "cổng thông tin", route: portal.Route, accepted: http.StatusAccepted}
	if p.Portal.Clients == "" {
		c.unset = portalSetting
		return c, nil
	}
	clients, err := readPortals(p.Portal.Clients)
	if err != nil {
		var problems config.Problems
		for line := range strings.Lines(err.Error()) {
			problems = append(problems, portalSetting+": "+strings.TrimSpace(line))
		}
		return c, problems
	}
	c.Channel, c.origins = portal.New(clients, portal.Options{}), clients.Origins()
	c.check = func(ctx context.Context) (string, error) {
		var well []string
		var problems []error
		for _, id := range clients.IDs() {
			where, err := clients.Check(ctx, id)
			if err != nil {
				problems = append(problems, err)
				continue
			}
			well = append(well, where)
		}
		return "gồm " + strings.Join(well, ", "), errors.Join(problems...)
	}
	return c, nil
}

// readPortals reads the file of clients.
func readPortals(path string) (portal.Clients, error) {
	f, err := os.Open(path)
	if err != nil {
		return portal.Clients{}, fmt.Errorf("không đọc được tệp %s: %s", path, explain(err))
	}
	defer func() { _ = f.Close() }() // only read from
	file, err := io.ReadAll(io.LimitReader(f, portal.MaxFile+1))
	if err != nil {
		return portal.Clients{}, fmt.Errorf("không đọc được tệp %s: %s", path, explain(err))
	}
	return portal.ParseClients(file)
}
