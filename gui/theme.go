package gui

import (
	"image/color"
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"culver/im"
)

// Colours of our own, by name, beside those of the toolkit.
const (
	colorView      fyne.ThemeColorName = "culver-view"       // behind lists and transcripts
	colorSubtle    fyne.ThemeColorName = "culver-subtle"     // time stamps, status messages
	colorNotice    fyne.ThemeColorName = "culver-notice"     // lines by Culver itself
	colorAlarm     fyne.ThemeColorName = "culver-alarm"      // what must not be overlooked
	colorAlarmBack fyne.ThemeColorName = "culver-alarm-back" // behind it
	colorOwnNick   fyne.ThemeColorName = "culver-own"        // the user's name
	colorPeerNick  fyne.ThemeColorName = "culver-peer"       // the peer's name
	colorSelected  fyne.ThemeColorName = "culver-selected"   // behind the chosen row
	colorStrip     fyne.ThemeColorName = "culver-strip"      // behind a trouble strip
	colorTab       fyne.ThemeColorName = "culver-tab"        // behind a tab that is not in front
	colorProgress  fyne.ThemeColorName = "culver-progress"   // the filled part of a progress bar

	colorNamed fyne.ThemeColorName = "culver-named" // behind a line that names the user

	colorQuoted fyne.ThemeColorName = "culver-quoted" // what somebody quotes

	colorFound     fyne.ThemeColorName = "culver-found"      // behind what was searched for
	colorFoundHere fyne.ThemeColorName = "culver-found-here" // and where the user is at

	colorLevelOpen     fyne.ThemeColorName = "culver-level-open"
	colorLevelPrivate  fyne.ThemeColorName = "culver-level-private"
	colorLevelVerified fyne.ThemeColorName = "culver-level-verified"
	colorLevelEnded    fyne.ThemeColorName = "culver-level-ended"
)

// shades are a colour in the light and in the dark look.
type shades struct{ light, dark uint32 } // 0xRRGGBB

// wish is what the user wants all windows to look like.
type wish struct {
	mode   string // one of the values below; empty: as the system
	strong bool   // high contrast
	zoom   int    // how large letters are, in percent; 0: 100
}

// look is Culver's theme: dense and calm, light or dark.
type look struct {
	fyne.Theme // the toolkit's own, for all that is not decided here
	wish
	palette map[fyne.ThemeColorName]shades
}

// The values of the setting "theme".
const (
	themeLight  = "light"
	themeDark   = "dark"
	themeSystem = "system"
)

// newLook returns the theme for a wish.
func newLook(w wish) *look {
	l := &look{Theme: theme.DefaultTheme(), wish: w, palette: map[fyne.ThemeColorName]shades{
		theme.ColorNameBackground:          {0xf1f1f0, 0x26272b},
		theme.ColorNameButton:              {0xe1e1df, 0x3a3c42},
		theme.ColorNameDisabledButton:      {0xe9e9e8, 0x2f3035},
		theme.ColorNameDisabled:            {0x8a8a8a, 0x7d8087},
		theme.ColorNameForeground:          {0x1f1f1f, 0xe8e8ea},
		theme.ColorNameHeaderBackground:    {0xe6e6e4, 0x303136},
		theme.ColorNameHyperlink:           {0x1a5fb4, 0x7fb2f0},
		theme.ColorNameInputBackground:     {0xffffff, 0x1b1c1f},
		theme.ColorNameInputBorder:         {0x8d8d89, 0x74777f},
		theme.ColorNameMenuBackground:      {0xfafafa, 0x303136},
		theme.ColorNameOverlayBackground:   {0xf6f6f5, 0x2b2c31},
		theme.ColorNamePlaceHolder:         {0x747474, 0x9498a0},
		theme.ColorNamePrimary:             {0x28629f, 0x5a97db},
		theme.ColorNameForegroundOnPrimary: {0xffffff, 0x0f1216},
		theme.ColorNameSeparator:           {0xd3d3d0, 0x3c3e44},
		theme.ColorNameError:               {0xc0271e, 0xf0655c},

		colorView:      {0xffffff, 0x1b1c1f},
		colorSubtle:    {0x5f5f5f, 0xa9acb3},
		colorNotice:    {0x666666, 0xa3a6ad},
		colorAlarm:     {0xb3261e, 0xff8a80},
		colorAlarmBack: {0xfdecea, 0x45201f},
		colorOwnNick:   {0x16569e, 0x7fb2f0},
		colorPeerNick:  {0xa82824, 0xf28b82},
		colorSelected:  {0xcfe0f2, 0x24405f},
		colorStrip:     {0xfff3d6, 0x42371c},
		colorTab:       {0xe2e2e0, 0x1f2023},
		colorProgress:  {0xa9c8ea, 0x35608f},
		colorQuoted:    {0x2f6b4f, 0x8fc7a8},
		colorFound:     {0xfdf0b8, 0x54490f},
		colorFoundHere: {0xffc44d, 0x7d5900},
		colorNamed:     {0xeaf2fb, 0x223248},

		colorLevelOpen:     {0xc40000, 0xff8a80},
		colorLevelPrivate:  {0x8a5200, 0xe6a940},
		colorLevelVerified: {0x006e1c, 0x63cf72},
		colorLevelEnded:    {0x4f4f4f, 0xb9bcc3},
	}}
	for i, s := range nickShades() {
		l.palette[nickColorAt(i)] = s
	}
	if w.strong {
		l.strengthen()
	}
	return l
}

// Color implements fyne.Theme.
func (l *look) Color(name fyne.ThemeColorName, v fyne.ThemeVariant) color.Color {
	switch l.mode {
	case themeLight:
		v = theme.VariantLight
	case themeDark:
		v = theme.VariantDark
	}
	if s, ok := l.palette[name]; ok {
		rgb := s.light
		if v == theme.VariantDark {
			rgb = s.dark
		}
		return color.NRGBA{R: uint8(rgb >> 16), G: uint8(rgb >> 8), B: uint8(rgb), A: 0xff}
	}
	return l.Theme.Color(name, v)
}

// Size implements fyne.Theme: Pidgin's density, not a phone's.
func (l *look) Size(name fyne.ThemeSizeName) float32 {
	switch name {
	case theme.SizeNameText:
		return l.zoomed(13)
	case theme.SizeNameCaptionText:
		return l.zoomed(11)
	case theme.SizeNameSubHeadingText:
		return l.zoomed(15)
	case theme.SizeNameHeadingText:
		return l.zoomed(19)
	case theme.SizeNamePadding:
		return 3
	case theme.SizeNameInnerPadding:
		return 5
	case theme.SizeNameLineSpacing:
		return 3
	case theme.SizeNameInlineIcon:
		return l.zoomed(16)
	case theme.SizeNameScrollBar:
		return 10
	case theme.SizeNameScrollBarSmall: // until the mouse is near: no wider than the margin of a menu, whose letters it would hide
		return 4
	case theme.SizeNameInputRadius, theme.SizeNameButtonRadius:
		return 3
	}
	return l.Theme.Size(name)
}

// zoomed is a size as the user wants it, in halves of a unit.
func (l *look) zoomed(size float32) float32 {
	if l.zoom == 0 {
		return size
	}
	return float32(math.Round(float64(size)*float64(l.zoom)/50)) / 2
}

// levelColor names the colour of a level's word.
func levelColor(l im.Level) fyne.ThemeColorName {
	switch l {
	case im.Private:
		return colorLevelPrivate
	case im.Verified:
		return colorLevelVerified
	case im.Ended:
		return colorLevelEnded
	default:
		return colorLevelOpen
	}
}
