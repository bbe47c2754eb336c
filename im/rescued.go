package im

// Rescued is a key in the settings of a profile the database of which was damaged:
// what of it was lost, in the words below. In the store of a plugin it says that rows
// of it may be missing: the user's choices are then taken for the safest ones.
const Rescued = "rescued"

// What was lost in part or as a whole, in the value of Rescued.
const (
	LostSettings = "settings"
	LostChoices  = "choices" // which conversations are kept
	LostPlugins  = "plugins" // what plugins store
	LostTold     = "told"    // what else was chosen for conversations
)
