package webchat

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"net/http"
	"path"
	"strings"
)

// assetRoot is the folder of style, scripts and the icon.
const assetRoot = "/assets/"

//go:embed assets
var assetFiles embed.FS

// asset is one file that a page loads.
type asset struct {
	contentType string
	hash        string // of the content, 8 digits, as in its address
	content     []byte
}

// assets are the files by the name under which pages ask for them,
// "chat.1a2b3c4d.js". The hash in it lets browsers keep a file for good.
type assets map[string]asset

func embeddedAssets() assets {
	entries, err := assetFiles.ReadDir("assets")
	if err != nil {
		panic(err) // unreachable: the folder is in the binary
	}
	all := assets{}
	for _, entry := range entries {
		content, err := assetFiles.ReadFile("assets/" + entry.Name())
		if err != nil {
			panic(err) // unreachable: the files are in the binary
		}
		sum := sha256.Sum256(content)
		a := asset{contentType: contentType(entry.Name()), hash: hex.EncodeToString(sum[:4]), content: content}
		ext := path.Ext(entry.Name())
		all[strings.TrimSuffix(entry.Name(), ext)+"."+a.hash+ext] = a
	}
	return all
}

// contentType is given here because the system's own table may differ from
// machine to machine.
func contentType(name string) string {
	switch path.Ext(name) {
	case ".css":
		return "text/css; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	}
	return "application/octet-stream"
}

// path is the address of the file with this plain name, "chat.js".
func (all assets) path(name string) (string, error) {
	for hashed, a := range all {
		if strings.Replace(hashed, "."+a.hash, "", 1) == name {
			return assetRoot + hashed, nil
		}
	}
	return "", fmt.Errorf("no asset %s", name)
}

func (p *Pages) asset(w http.ResponseWriter, r *http.Request) {
	a, ok := p.assets[r.PathValue("name")]
	if !ok {
		p.NotFound(w, r)
		return
	}
	securityHeaders(w.Header())
	h := w.Header()
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("Content-Type", a.contentType)
	h.Set("ETag", `"`+a.hash+`"`)
	serveBytes(w, r, a.content)
}
