package main

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// hashKeyFile holds the key of pseudonyms where no setting gives one.
const hashKeyFile = "hash-key"

// hashKey is the key under which people's ids are kept: the setting, else the
// one in the data folder, which is made at the first start.
func (p *program) hashKey() ([]byte, error) {
	if p.HashKey != "" {
		return []byte(string(p.HashKey)), nil
	}
	path := filepath.Join(p.Data, hashKeyFile)
	key, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		fresh := make([]byte, 32)
		_, _ = rand.Read(fresh) // never fails (crypto/rand)
		key = []byte(hex.EncodeToString(fresh))
		err = os.WriteFile(path, key, 0o600)
	}
	if err != nil {
		return nil, fmt.Errorf("key of pseudonyms: %w", err)
	}
	if len(key) < 32 {
		return nil, fmt.Errorf("key of pseudonyms: %s is damaged; delete it, and a new one is made", path)
	}
	return key, nil
}
