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
	words := map[fyne.ThemeColorName][]fyne.ThemeColorName{
		theme.ColorNameButton: {theme.ColorNameForeground},
		colorView: {theme.ColorNameForeground, colorSubtle, colorNotice, colorAlarm, colorOwnNick, colorPeerNick, colorQuoted,
			theme.ColorNameHyperlink, theme.ColorNamePrimary},
		colorAlarmBack:                {colorAlarm, theme.ColorNameHyperlink, theme.ColorNameForeground, colorSubtle, colorPeerNick},
		theme.ColorNameMenuBackground: {theme.ColorNameForeground, colorSubtle},
		colorSelected:                 {theme.ColorNameForeground, colorSubtle},
		colorStrip:                    {theme.ColorNameForeground},
		colorFound:                    {theme.ColorNameForeground},
		colorFoundHere:                {theme.ColorNameForeground},
		colorTab:                      {theme.ColorNameForeground, theme.ColorNamePrimary},
		theme.ColorNameBackground:     {theme.ColorNameForeground, colorSubtle, theme.ColorNameHyperlink, theme.ColorNamePrimary},

		theme.ColorNameInputBackground:   {theme.ColorNameForeground, theme.ColorNamePlaceHolder},
		theme.ColorNameOverlayBackground: {theme.ColorNameForeground, colorSubtle},
		theme.ColorNameHeaderBackground:  {theme.ColorNameForeground},
		theme.ColorNamePrimary:           {theme.ColorNameForegroundOnPrimary},
		theme.ColorNameError:             {theme.ColorNameForegroundOnError},
		colorProgress:                    {theme.ColorNameForeground},
	}
	words[colorNamed] = []fyne.ThemeColorName{theme.ColorNameForeground, colorQuoted, colorSubtle, theme.ColorNameHyperlink}
	for i := range nickColors {
		words[colorView] = append(words[colorView], nickColorAt(i))
		words[colorNamed] = append(words[colorNamed], nickColorAt(i))
	}
	for _, l := range []im.Level{im.Open, im.Private, im.Verified, im.Ended} {
		words[theme.ColorNameButton] = append(words[theme.ColorNameButton], levelColor(l))
	}
	for _, w := range []wish{{mode: themeLight}, {mode: themeDark}, {mode: themeLight, strong: true}, {mode: themeDark, strong: true}} {
		look, enough := newLook(w), 4.5 // WCAG 2.1, AA
		if w.strong {
			enough = 7 // AAA
		}
		for back, fronts := range words {
			for _, front := range fronts {
				if got := contrast(look.Color(front, 0), look.Color(back, 0)); got < enough {
					t.Errorf("%+v: %s on %s has a contrast of %.2f", w, front, back, got)
				}
			}
		}
	}
}

// With high contrast, what has the keyboard and the edges of what is typed into can be told
// from what is around them, and a word on what has the keyboard be read.
func TestStrongEdges(t *testing.T) {
	for _, mode := range []string{themeLight, themeDark} {
		look := newLook(wish{mode: mode, strong: true})
		of := func(n fyne.ThemeColorName) color.Color { return look.Color(n, 0) }
		for _, edge := range []fyne.ThemeColorName{theme.ColorNameInputBorder, theme.ColorNamePrimary, theme.ColorNameSeparator} {
			if got := contrast(of(edge), of(theme.ColorNameBackground)); got < 4.5 {
				t.Errorf("%s: %s has a contrast of %.2f", mode, edge, got)
			}
		}
		if got := contrast(of(theme.ColorNameForeground), of(theme.ColorNameFocus)); got < 4.5 {
			t.Errorf("%s: words on what has the keyboard have a contrast of %.2f", mode, got)
		}
		if _, _, _, alpha := of(theme.ColorNameFocus).RGBA(); alpha != 0xffff {
			t.Errorf("%s: what has the keyboard is only tinted", mode)
		}
	}
}

func TestLettersGrow(t *testing.T) {
	for zoom, want := range map[int]float32{0: 13, 100: 13, 80: 10.5, 150: 19.5, 200: 26} {
		if got := newLook(wish{zoom: zoom}).Size(theme.SizeNameText); got != want {
			t.Errorf("at %d %% letters have %v, want %v", zoom, got, want)
		}
	}
}

// The bar of a menu that is too long for its window, or of a line, lies in the margin, not
// on the letters.
func TestBarsHideNoLetters(t *testing.T) {
	l := newLook(wish{})
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

// Where something can be typed or ticked is seen by its edge.
func TestEdgesCanBeSeen(t *testing.T) {
	for _, v := range []fyne.ThemeVariant{theme.VariantLight, theme.VariantDark} {
		for _, mode := range []string{themeLight, themeDark} {
			l := newLook(wish{mode: mode, zoom: 100})
			for _, back := range []fyne.ThemeColorName{theme.ColorNameBackground, theme.ColorNameInputBackground} {
				if c := contrast(l.Color(theme.ColorNameInputBorder, v), l.Color(back, v)); c < 2.9 {
					t.Errorf("%v: the edge of an entry has the contrast %.1f to %s", mode, c, back)
				}
			}
		}
	}
}
