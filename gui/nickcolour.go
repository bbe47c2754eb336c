package gui

import (
	"hash/fnv"
	"strconv"

	"fyne.io/fyne/v2"
)

// nickColors is how many colours names in rooms have.
const nickColors = 12

// nickShades are the colours of names in rooms. All of them can be read on a transcript.
func nickShades() [nickColors]shades {
	return [nickColors]shades{
		{0xa82824, 0xf28b82}, {0x9a4a00, 0xf0a35e}, {0x775900, 0xd9b84a}, {0x4c6a00, 0xa9c95a},
		{0x1d7030, 0x74cc84}, {0x006e60, 0x55c9b5}, {0x00688a, 0x62c4e6}, {0x3a5bb5, 0x93b4f5},
		{0x6246b8, 0xb7a4f7}, {0x8a369c, 0xd79bea}, {0xa52a72, 0xf092c4}, {0x6d4f3a, 0xcfae97},
	}
}

func nickColorAt(i int) fyne.ThemeColorName {
	return fyne.ThemeColorName("culver-nick-" + strconv.Itoa(i))
}

// nickColor is the colour of a name in rooms, the same at all times and in all rooms.
func nickColor(name string) fyne.ThemeColorName {
	h := fnv.New32a()
	h.Write([]byte(name))
	return nickColorAt(int(h.Sum32() % nickColors))
}
