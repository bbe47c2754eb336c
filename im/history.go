package im

import "time"

// Range is a part of the history: the lines of one conversation, or of all if
// Conv is zero, that took their place at From or later, and before Until. A zero
// time is no bound.
type Range struct {
	Conv        ConvID
	From, Until time.Time
}

// Past says what the history holds of one conversation.
type Past struct {
	Conv        ConvID
	Lines       int
	First, Last time.Time // when the oldest and the newest line took their place
}

// Search is what somebody looks for in the history.
type Search struct {
	// Words as they were typed: a line is a hit that has all of them, in any order,
	// whatever their capitals and accents. The last one may be the beginning of a
	// word, from three letters on; words in "quotes" stand side by side.
	Words string
	Conv  ConvID // only here; zero: in all conversations
	Limit int    // how many hits at most, the newest
}

// Draft is what stands unsent in the entry of a conversation.
type Draft struct {
	Text    string
	Private bool // some of it was typed to be private: see Message.Private
}
