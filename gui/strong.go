package gui

import (
	"maps"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"culver/im"
)

// strengthen makes the palette one of high contrast: all words have at least seven times
// the light of what is behind them, or a seventh of it (WCAG 2.1, AAA), all that has an
// edge shows it, and what has the keyboard stands out.
func (l *look) strengthen() {
	maps.Copy(l.palette, map[fyne.ThemeColorName]shades{
		theme.ColorNameBackground:          {0xffffff, 0x000000},
		theme.ColorNameButton:              {0xe8e8e8, 0x2a2a2a},
		theme.ColorNameDisabledButton:      {0xf4f4f4, 0x141414},
		theme.ColorNameDisabled:            {0x595959, 0xa6a6a6},
		theme.ColorNameForeground:          {0x000000, 0xffffff},
		theme.ColorNameForegroundOnPrimary: {0xffffff, 0x000000},
		theme.ColorNameForegroundOnError:   {0xffffff, 0x000000},
		theme.ColorNameHeaderBackground:    {0xffffff, 0x000000},
		theme.ColorNameHyperlink:           {0x003a8c, 0x9fd0ff},
		theme.ColorNameInputBackground:     {0xf0f0f0, 0x1f1f1f},
		theme.ColorNameInputBorder:         {0x000000, 0xffffff},
		theme.ColorNameMenuBackground:      {0xffffff, 0x000000},
		theme.ColorNameOverlayBackground:   {0xffffff, 0x000000},
		theme.ColorNamePlaceHolder:         {0x4a4a4a, 0xb8b8b8},
		theme.ColorNamePrimary:             {0x003a8c, 0x9fd0ff},
		theme.ColorNameFocus:               {0xffc400, 0x0059c9},
		theme.ColorNameSelection:           {0xffdf80, 0x00449e},
		theme.ColorNameSeparator:           {0x000000, 0xffffff},
		theme.ColorNameScrollBar:           {0x404040, 0xc0c0c0},
		theme.ColorNameError:               {0x8f0000, 0xffa8a0},

		colorView:      {0xffffff, 0x000000},
		colorSubtle:    {0x333333, 0xd6d6d6},
		colorNotice:    {0x333333, 0xd6d6d6},
		colorAlarm:     {0x8f0000, 0xffa8a0},
		colorAlarmBack: {0xffeceb, 0x330000},
		colorOwnNick:   {0x003a8c, 0x9fd0ff},
		colorPeerNick:  {0x8a0000, 0xffb3ab},
		colorQuoted:    {0x0b4a2c, 0xa8e6c3},
		colorSelected:  {0xcfe4ff, 0x00336b},
		colorStrip:     {0xfff3d6, 0x332600},
		colorTab:       {0xe8e8e8, 0x1c1c1c},
		colorProgress:  {0x9fcaff, 0x00499e},
		colorFound:     {0xffef99, 0x4d4200},
		colorFoundHere: {0xffc44d, 0x6b4a00},
		colorNamed:     {0xe6f0ff, 0x001f47},

		levelColor(im.Open):     {0x8f0000, 0xffa8a0},
		levelColor(im.Private):  {0x5c3600, 0xffc966},
		levelColor(im.Verified): {0x00470f, 0x7fe88d},
		levelColor(im.Ended):    {0x333333, 0xd6d6d6},
	})
	for i, s := range strongNickShades() {
		l.palette[nickColorAt(i)] = s
	}
}

// strongNickShades are nickShades with high contrast.
func strongNickShades() [nickColors]shades {
	return [nickColors]shades{
		{0x8a0f0c, 0xffb0a8}, {0x703300, 0xffbd80}, {0x574100, 0xf0d060}, {0x364d00, 0xc3e67a},
		{0x0b5219, 0x8fe89f}, {0x004f45, 0x6fe6d1}, {0x004a63, 0x86d9fa}, {0x1f3f94, 0xb3cbff},
		{0x482d99, 0xcdbfff}, {0x6b1f7a, 0xeab8fa}, {0x82164f, 0xffb3d9}, {0x543a28, 0xe3c7b0},
	}
}
