package main

import (
	"fmt"
	"html"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// writeIndex writes a page that shows the pictures of each window side by side.
func writeIndex(o options) error {
	files, err := filepath.Glob(filepath.Join(o.out, "*x", "*.png"))
	if err != nil {
		return err
	}
	var names []string
	looks := map[string][]string{} // the files by the window
	for _, f := range files {
		name := strings.TrimSuffix(filepath.Base(f), ".png")
		if looks[name] == nil {
			names = append(names, name)
		}
		looks[name] = append(looks[name], filepath.Join(filepath.Base(filepath.Dir(f)), filepath.Base(f)))
	}
	slices.Sort(names)
	var b strings.Builder
	b.WriteString("<!doctype html><meta charset=utf-8><title>Culver's windows</title><style>body{font:14px sans-serif;background:#888}" +
		"div{display:flex;flex-wrap:wrap;gap:12px;align-items:flex-start}figure{margin:0}img{max-width:48vw;max-height:90vh}</style>\n")
	for _, name := range names {
		fmt.Fprintf(&b, "<h2 id=%q>%s</h2><div>\n", html.EscapeString(name), html.EscapeString(name))
		for _, f := range looks[name] {
			fmt.Fprintf(&b, "<figure><figcaption>%s</figcaption><a href=%q><img loading=lazy src=%[2]q></a></figure>\n",
				html.EscapeString(filepath.Dir(f)), html.EscapeString(filepath.ToSlash(f)))
		}
		b.WriteString("</div>\n")
	}
	return os.WriteFile(filepath.Join(o.out, "index.html"), []byte(b.String()), 0o644)
}
