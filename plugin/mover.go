package plugin

import "culver/im"

// File is something of a plugin's on its way into a backup or out of one, or a
// file that another program keeps for a plugin of its own.
type File struct {
	Name string // in a backup, the plugin's choice; of another program, its name there: "otr.private_key"
	Data []byte // may be secret: whoever has it last wipes it
}

// Mover is a plugin whose data moves house with the user.
type Mover interface {
	// Pack collects what a backup is to hold for these accounts, and the plugin's
	// settings. Done is called later, once; the files are then the caller's.
	Pack(accounts []im.AccountID, done func([]File, error))
	// Unpack looks at files, which may be hostile, and changes nothing. From is
	// empty for those of Pack, else it names the program that wrote them, for
	// instance "pidgin". Own says which account of the user's an entry of theirs
	// means, by the names that program has for the network and the account; the account may
	// be one that is only going to be made. Any goroutine may call it. Done is called later,
	// once: with nil if there is nothing for the plugin. The files stay the caller's, who
	// wipes them after that.
	Unpack(from string, files []File, own func(network, account string) (im.AccountID, bool), done func(Parcel, error))
}

// Parcel is what [Mover.Unpack] found. It belongs to the messenger's goroutine.
type Parcel interface {
	// Contents is what there is to take, in sentences for people.
	Contents() []Content
	// LeftOut says what there is for the plugin and cannot be taken, in sentences for people.
	LeftOut() []string
	// Take takes what is wanted. Taking the same twice changes nothing. Done gets what
	// came of it, in sentences for people.
	Take(want Wanted, done func(results []string, err error))
	// Wipe forgets it all. Nothing can be taken after that.
	Wipe()
}

// Wanted is what the user wants of a parcel. The accounts exist now; the empty one
// stands for the plugin's settings.
type Wanted struct {
	Accounts []im.AccountID // take what belongs to these, but what weakens
	Weaker   []im.AccountID // take what weakens, of these
	// Replace says that where both sides have something that can be there only once, or
	// that only the user can decide about, theirs wins; else it is left out.
	Replace bool
}

// Content is one thing in a parcel.
type Content struct {
	Account im.AccountID // whose; empty: the plugin's settings
	Label   string       // "a private key", "12 fingerprints, 5 of them verified"
	Clash   string       // what of the user's own it would replace, in a sentence; empty: nothing
	Weakens bool         // it protects less than what is in force here, which the label says
}
