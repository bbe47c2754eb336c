package gui

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
)

// TestPagesAreTold: the title of a page of a form is not cut off, as that of a
// conversation may be.
func TestPagesAreTold(t *testing.T) {
	test.NewTempApp(t)
	const long = "Bekannte Fingerabdrücke"
	for _, dropped := range []func(int){nil, func(int) {}} {
		s := newTabStrip(func(int) {}, dropped)
		s.setTabs([]tabTitle{{text: long}})
		s.Resize(fyne.NewSize(600, 40))
		shown := test.WidgetRenderer(s).(*tabStripRenderer).tabs[0].text.Text
		if whole := shown == long; whole != (dropped == nil) {
			t.Errorf("it reads %q", shown)
		}
	}
}
