package gui

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"
)

func TestFootUsesItsWidth(t *testing.T) {
	test.NewTempApp(t)
	f := newFootText()
	text := "Somebody with a rather long name is typing…"
	f.set(text)
	r := test.TempWidgetRenderer(t, f).(*footTextRenderer)
	whole := measure(text, theme.CaptionTextSize(), fyne.TextStyle{})
	f.Resize(fyne.NewSize(whole+1, 20))
	if r.text.Text != text {
		t.Errorf("%q though there is room", r.text.Text)
	}
	f.Resize(fyne.NewSize(whole-20, 20))
	if !strings.HasSuffix(r.text.Text, "…") || r.text.MinSize().Width > whole-20 || len(r.text.Text) < len(text)/2 {
		t.Errorf("%q in %v", r.text.Text, whole-20)
	}
	f.Resize(fyne.NewSize(whole+1, 20))
	if r.text.Text != text {
		t.Errorf("%q when there is room again", r.text.Text)
	}
}
