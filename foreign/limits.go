package foreign

// Bounds on what is read. They are far above what people have, and far below what
// would hurt.
const (
	maxFile     = 64 << 20  // of a file that is read whole, in bytes
	maxKeyFile  = 4 << 20   // of a file for plugins
	maxEntries  = 10_000    // of one folder that are looked at
	maxLogFiles = 500_000   // in all
	maxLogBytes = 5 << 30   // in all
	maxLines    = 5_000_000 // in all
	maxLine     = 256 << 10 // of a log, in bytes: what is longer is cut
	maxRecord   = 512 << 10 // lines that belong together
	maxAccounts = 200
	maxBuddies  = 50_000
	maxGroups   = 50 // of one buddy
	maxAddress  = 3071
	maxName     = 1000 // of a person or group, in bytes
	maxNotes    = 40
	maxDepth    = 64
	maxNodes    = 2_000_000
	maxFiles    = 500 // for plugins
)
