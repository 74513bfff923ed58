package main

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/hoinq/hoinq/internal/durable"
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
		err = writeKey(path, key)
	}
	if err != nil {
		return nil, fmt.Errorf("key of pseudonyms: %w", err)
	}
	if len(key) < 32 {
		return nil, fmt.Errorf("key of pseudonyms: %s is damaged; delete it, and a new one is made", path)
	}
	return key, nil
}

// writeKey keeps a key for its owner alone, safe on disk before it is used: an
// empty file after a power cut would keep the program from starting.
func writeKey(path string, key []byte) error {
	temp, err := os.CreateTemp(filepath.Dir(path), "."+hashKeyFile+"-*") // mode 0600
	if err != nil {
		return err
	}
	if err := temp.Close(); err != nil {
		return err
	}
	return durable.ReplaceFile(temp.Name(), path, key)
}
