package main

import (
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
)

// files are sent and taken.
var files = []shot{
	form("choose-file", named("Send to %s", "Bob"), openFolder, clickOn("row", "kettle.png")),
	form("offered", named("File from %s", "Bob"), func(w *walk) { sends(w) }, sees("button", "Save")),
	form("transfers", named("File Transfers"), menu("Tools", "File Transfers")),
}

func openFolder(w *walk) {
	w.Clicks("menu", "Conversation")
	w.Clicks("menuitem", "Send File…")
	w.Fills("Folder", w.papers())
	w.Presses("Return")
}

// papers is a folder with something in it.
func (w *walk) papers() string {
	dir := filepath.Join(w.home, "papers")
	w.b.Must(os.MkdirAll(filepath.Join(dir, "older"), 0o700))
	w.b.Must(os.WriteFile(filepath.Join(dir, "notes.txt"), []byte("a few words\n"), 0o600))
	img := image.NewNRGBA(image.Rect(0, 0, 480, 320))
	for i := range 480 * 320 {
		img.Set(i%480, i/480, color.NRGBA{uint8(i % 480 / 2), uint8(i / 480), 120, 255})
	}
	f, err := os.Create(filepath.Join(dir, "kettle.png"))
	w.b.Must(err)
	defer f.Close()
	w.b.Must(png.Encode(f, img))
	return dir
}

// sends lets bob offer a picture.
func sends(w *walk) {
	a, c := w.actors["bob"], w.conv("bob", "alice")
	a.M.SendFiles(c, []string{filepath.Join(w.papers(), "kettle.png")})
}
