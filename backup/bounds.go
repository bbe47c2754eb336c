package backup

// MaxConversations is how many conversations the history of a backup has at most.
const MaxConversations = 20_000

// MaxDraft is how many bytes a draft has at most: it fits a row, whatever is in it.
const MaxDraft = 256 << 10

// Bounds on what a file may hold. A [Writer] keeps them, too: what it makes can be
// opened.
const (
	maxSmall    = 32 << 20 // bytes of each file of the archive but pieces of the history
	maxPiece    = 4 << 20
	maxPlugins  = 64 << 20 // bytes of all files of plugins
	maxFiles    = 200      // of plugins
	maxUnknown  = 1000     // files with other names
	maxAccounts = 1000
	maxRows     = 200_000 // of buddies, settings, choices together
	maxRow      = 2 << 20 // bytes of one row
	maxName     = 4096    // bytes of an address
)
