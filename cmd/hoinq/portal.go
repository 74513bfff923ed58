package main

// portal is the channel to cổng thông tin.
func (p *program) portal() (channel, error) {
	return channel{id: "portal", name: "cổng thông tin", unset: "HOINQ_PORTAL_CLIENTS"}, nil
}
