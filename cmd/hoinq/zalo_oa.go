package main

// zaloOA is the channel to Zalo OA.
func (p *program) zaloOA() (channel, error) {
	return channel{id: "zalo-oa", name: "Zalo OA", unset: "HOINQ_ZALO_OA_APP_ID"}, nil
}
