package gui

import (
	"bytes"
	"image"
	"image/png"
	"testing"

	"fyne.io/fyne/v2"

	"culver/messenger"
)

func TestTransferShowsABar(t *testing.T) {
	of := messenger.Transfer{Name: "report.pdf", State: messenger.TransferRunning, CanPause: true, Size: 100, Done: 40}
	g, f := shipping(t, of)
	bar := element(t, g, kindProgress, "report.pdf")
	if bar.Value != "40" || bar.Height != belowBarHeight {
		t.Errorf("the bar is %+v", bar)
	}
	cancel, line := element(t, g, kindLink, "Cancel"), element(t, g, kindLine, lineText(g, 0))
	if bar.Y < cancel.Y+cancel.Height-1 || bar.Y+bar.Height > line.Y+line.Height {
		t.Errorf("the bar is at %+v, below are %+v of %+v", bar, cancel, line)
	}

	// A click on the bar is none on what stands above it.
	p := g.chats.front()
	bars, _ := p.lines.placesBelow(p.lines.at(0))
	if _, ok := p.lines.clickable(bars.AddXY(float32(cancel.X-bar.X)+2, 4)); ok {
		t.Error("a click on the bar does something")
	}
	f.has(t)

	of.ID, of.Conv, of.Line = "t1", peer("bob"), "l1"
	of.State, of.CanPause = messenger.TransferFinished, false
	g.apply([]messenger.Event{messenger.TransferChanged{Transfer: of}})
	if described(g, kindProgress, "report.pdf") {
		t.Error("the bar is still there at the end")
	}
}

func TestTransferShowsThePicture(t *testing.T) {
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewNRGBA(image.Rect(0, 0, 320, 160))); err != nil {
		t.Fatal(err)
	}
	g, _ := shipping(t, messenger.Transfer{Name: "a.png", State: messenger.TransferFinished, Image: true, Preview: b.Bytes()})
	if e := element(t, g, kindImage, "a.png"); e.Width != 320 || e.Height != 160 {
		t.Errorf("the picture is %+v", e)
	}
	g, _ = shipping(t, messenger.Transfer{Name: "a.png", State: messenger.TransferFinished, Image: true, Preview: []byte("no picture")})
	if described(g, kindImage, "a.png") {
		t.Error("something that is no picture is shown")
	}
}

func TestBelowIsAsWideAsTheText(t *testing.T) {
	b := below{bar: true, picture: image.NewNRGBA(image.Rect(0, 0, 320, 160))}
	if got := b.barSize(100); got.Width != 100 {
		t.Errorf("the bar is %v", got)
	}
	if got := b.pictureSize(160); got != fyne.NewSize(160, 80) {
		t.Errorf("the picture is %v", got)
	}
	if got := b.height(160); got != belowBarHeight+80+4*belowGap {
		t.Errorf("it is %v high", got)
	}
	if got := (below{picture: image.NewNRGBA(image.Rect(0, 0, 0, 9))}).height(100); got != 0 {
		t.Errorf("nothing is %v high", got)
	}
}
