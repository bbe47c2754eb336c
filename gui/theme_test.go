package gui

import (
	"image/color"
	"math"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"

	"culver/im"
)

// contrast is that of two colours, by WCAG 2.1: 1 to 21.
func contrast(a, b color.Color) float64 {
	luminance := func(c color.Color) float64 {
		r, g, b, _ := c.RGBA()
		part := func(v uint32) float64 {
			s := float64(v) / 0xffff
			if s <= 0.04045 {
				return s / 12.92
			}
			return math.Pow((s+0.055)/1.055, 2.4)
		}
		return 0.2126*part(r) + 0.7152*part(g) + 0.0722*part(b)
	}
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

func TestWordsCanBeRead(t *testing.T) {
	const enough = 4.5
	words := map[fyne.ThemeColorName][]fyne.ThemeColorName{
		theme.ColorNameButton: {theme.ColorNameForeground},
		colorView: {theme.ColorNameForeground, colorSubtle, colorNotice, colorAlarm, colorOwnNick, colorPeerNick,
			theme.ColorNameHyperlink, theme.ColorNamePrimary},
		colorAlarmBack:                {colorAlarm, theme.ColorNameHyperlink, theme.ColorNameForeground, colorSubtle, colorPeerNick},
		theme.ColorNameMenuBackground: {theme.ColorNameForeground, colorSubtle},
		colorSelected:                 {theme.ColorNameForeground},
		colorStrip:                    {theme.ColorNameForeground},
		colorTab:                      {theme.ColorNameForeground, theme.ColorNamePrimary},
		theme.ColorNameBackground:     {theme.ColorNameForeground, colorSubtle},
	}
	words[colorNamed] = []fyne.ThemeColorName{theme.ColorNameForeground, colorSubtle, theme.ColorNameHyperlink}
	for i := range nickColors {
		words[colorView] = append(words[colorView], nickColorAt(i))
		words[colorNamed] = append(words[colorNamed], nickColorAt(i))
	}
	for _, l := range []im.Level{im.Open, im.Private, im.Verified, im.Ended} {
		words[theme.ColorNameButton] = append(words[theme.ColorNameButton], levelColor(l))
	}
	for _, mode := range []string{themeLight, themeDark} {
		look := newLook(mode)
		for back, fronts := range words {
			for _, front := range fronts {
				if got := contrast(look.Color(front, 0), look.Color(back, 0)); got < enough {
					t.Errorf("%s: %s on %s has a contrast of %.2f", mode, front, back, got)
				}
			}
		}
	}
}

// The bar of a menu that is too long for its window lies in the margin, not on the letters.
func TestMenuBarsHideNoLetters(t *testing.T) {
	l := newLook("")
	if bar, margin := l.Size(theme.SizeNameScrollBarSmall), l.Size(theme.SizeNameInnerPadding); bar > margin {
		t.Errorf("the bar has %v, the margin %v", bar, margin)
	}
}

// A line to type in has no bar over its letters, and else looks as all does, also when that
// changes.
func TestLinesLookAsAllDoes(t *testing.T) {
	app := test.NewTempApp(t)
	for _, mode := range []string{themeLight, themeDark} {
		whole := newLook(mode)
		app.Settings().SetTheme(whole)
		l := lineLook{}
		if l.Size(theme.SizeNameScrollBar) != 0 || l.Size(theme.SizeNameScrollBarSmall) != 0 || l.Size(theme.SizeNameText) != whole.Size(theme.SizeNameText) {
			t.Error("sizes")
		}
		if l.Color(colorAlarm, 0) != whole.Color(colorAlarm, 0) || l.Icon(theme.IconNameConfirm) != whole.Icon(theme.IconNameConfirm) ||
			l.Font(fyne.TextStyle{}) != whole.Font(fyne.TextStyle{}) {
			t.Errorf("%s looks otherwise", mode)
		}
	}
}
