package gui

import (
	"image/color"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
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
		colorView: {theme.ColorNameForeground, colorSubtle, colorNotice, colorAlarm, colorOwnNick, colorPeerNick, colorQuoted,
			theme.ColorNameHyperlink, theme.ColorNamePrimary},
		colorAlarmBack:                {colorAlarm, theme.ColorNameHyperlink, theme.ColorNameForeground, colorSubtle, colorPeerNick},
		theme.ColorNameMenuBackground: {theme.ColorNameForeground, colorSubtle},
		colorSelected:                 {theme.ColorNameForeground},
		colorStrip:                    {theme.ColorNameForeground},
		colorFound:                    {theme.ColorNameForeground},
		colorFoundHere:                {theme.ColorNameForeground},
		colorTab:                      {theme.ColorNameForeground, theme.ColorNamePrimary},
		theme.ColorNameBackground:     {theme.ColorNameForeground, colorSubtle},
	}
	words[colorNamed] = []fyne.ThemeColorName{theme.ColorNameForeground, colorQuoted, colorSubtle, theme.ColorNameHyperlink}
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

// The bar of a menu that is too long for its window, or of a line, lies in the margin, not
// on the letters.
func TestBarsHideNoLetters(t *testing.T) {
	l := newLook("")
	if bar, margin := l.Size(theme.SizeNameScrollBarSmall), l.Size(theme.SizeNameInnerPadding); bar > margin {
		t.Errorf("the bar has %v, the margin %v", bar, margin)
	}
}

// No part of a window has a theme of its own: for each, the toolkit (fyne v2.8.1) reads all
// fonts once more and keeps them, more than ten megabytes each time.
func TestOneThemeForAll(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, name := range files {
		source, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasSuffix(name, "_test.go") && strings.Contains(string(source), "ThemeOverride") {
			t.Errorf("%s has a theme of its own", name)
		}
	}
}
