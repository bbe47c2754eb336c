package gui

import (
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"culver/im"
	"culver/plugin"
)

// Progress of unknown length moves by a few steps a second, as long as it is
// shown, and says no percentage.
func TestProgressOfUnknownLength(t *testing.T) {
	test.NewTempApp(t)
	var ticks []func()
	b := newProgressBar(func(after time.Duration, f func()) {
		if after < 200*time.Millisecond {
			t.Errorf("a tick every %v", after)
		}
		ticks = append(ticks, f)
	})
	b.Resize(fyne.NewSize(200, 20))
	b.show(im.Unknown)
	b.show(im.Unknown)
	b.Refresh()
	seen := map[float32]bool{}
	for range 4 * progressSteps {
		if len(ticks) != 1 {
			t.Fatalf("%d ticks at once", len(ticks))
		}
		from, part := b.filled()
		if from < 0 || from+part > 1.0001 || part <= 0 || b.text() != "" {
			t.Fatalf("from %v, %v of it, %q", from, part, b.text())
		}
		seen[from] = true
		f := ticks[0]
		ticks = nil
		f()
	}
	if len(seen) != progressSteps+1 {
		t.Errorf("%d places", len(seen))
	}
	b.show(30)
	f := ticks[0]
	ticks = nil
	f()
	if from, part := b.filled(); len(ticks) != 0 || from != 0 || part != 0.3 || b.text() != "30%" {
		t.Errorf("known: %d ticks, %v, %v, %q", len(ticks), from, part, b.text())
	}
}

func TestProgressWithoutANumber(t *testing.T) {
	page := func(rough bool) plugin.Form {
		return plugin.Page("T", "", []im.Field{{ID: "p", Kind: im.FieldProgress, Percent: 70, Rough: rough, Label: "Fair"}}, cancelButton)
	}
	w, _ := asked(t, page(true))
	bar := view[*progressField](t, w, "p").bar
	if _, part := bar.filled(); bar.text() != "" || part != 0.7 {
		t.Errorf("%q, %v of it", bar.text(), part)
	}
	if w.Update(page(false)); bar.text() != "70%" {
		t.Errorf("%q", bar.text())
	}
}

func TestProgressIsForgotten(t *testing.T) {
	form := func(fields ...im.Field) plugin.Form { return plugin.Page("T", "", fields, cancelButton) }
	w, _ := asked(t, form(im.Field{ID: "p", Kind: im.FieldProgress, Percent: im.Unknown, Label: "Please wait…"}))
	bar := view[*progressField](t, w, "p").bar
	if e := element(t, w.gui, kindProgress, "Please wait…"); e.Value != "" {
		t.Errorf("%+v", e)
	}
	w.Update(form())
	if bar.percent == im.Unknown {
		t.Error("it goes on after its field went")
	}
}
