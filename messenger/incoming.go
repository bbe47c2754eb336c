package messenger

import (
	"context"
	"slices"

	"culver/im"
	"culver/lang"
	"culver/plugin"
)

// What comes in from elsewhere, out of a backup or from another program, is merged
// with what there is: nothing that is here already is replaced but what the user
// says, and to bring in the same twice adds nothing.
//
//	looking (plugins unpack) --> choosing --Restore--> (keys clash) --> clashing
//	                                |                                     |
//	                                +-------------> taking <--------------+ --> over
//
// It goes in steps of the messenger, between which everything else goes on.

// Bounds on what comes in.
const (
	maxArrivingAccounts = 100
	maxArrivingBuddies  = 5000 // of one account
	maxArrivingOption   = 5000 // bytes, of an account
	maxArrivingPasts    = 20000
	maxArrivingSettings = 1000
)

// arriving is what there is to bring in. Whoever reads it somewhere fills it, on a
// goroutine of their own, and hands it over to [Messenger.bringIn]; all of it may be
// hostile.
type arriving struct {
	title string // of the windows: "Restore a Backup"
	intro string // what was found, in a sentence or two
	verb  verb   // what is done with it
	from  string // for [plugin.Mover]: empty for a backup of Culver's, else the program

	// accounts have the IDs that their networks give them.
	accounts []arrivingAccount
	// pasts says what lines has, by conversation, private how many of them were private.
	pasts   []im.Past
	private map[im.ConvID]int
	// lines goes through the history, whose order does not matter; nil: there is none.
	// It runs once, on a goroutine of its own, and ends with the first error of emit.
	lines func(ctx context.Context, emit func(im.Message) error) error
	// files are for plugins, by their IDs; those under "" are shown to all. Spaces are for
	// the stores of those that are no [plugin.Mover].
	files  map[string][]plugin.File
	spaces map[string][]spaceRow
	// own is for [plugin.Mover], on any goroutine; nil: no names of another program's.
	own func(network, account string) (im.AccountID, bool)
	// settings are those of the program.
	settings map[string]string
	// drafts are what stood unsent in entries, logging what was chosen there of
	// keeping a history.
	drafts  map[im.ConvID]im.Draft
	logging map[im.ConvID]bool
	choices map[im.ConvID]map[string]string // and of what peers are told
	// done is called when it is all over; nil: nothing is to be done then.
	done func()
	// leftOut says in sentences what was found and cannot be brought in, and what else
	// there is to know before.
	leftOut []string
	// advice is said at the end if plugins took something: a sentence or two.
	advice string
}

// arrivingAccount is an account, and what belongs to it.
type arrivingAccount struct {
	account  im.Account
	password im.Secret // empty: none
	buddies  []im.Buddy
	out      bool // it makes no sense here
}

// wipe forgets the secrets.
func (a *arriving) wipe() {
	for i := range a.accounts {
		a.accounts[i].password.Wipe()
		a.accounts[i].password = im.Secret{}
	}
	for _, files := range a.files {
		for _, f := range files {
			clear(f.Data)
		}
	}
	for _, rows := range a.spaces {
		for _, row := range rows {
			clear(row.Value)
		}
	}
	a.files, a.spaces = nil, nil
	if a.done != nil {
		a.done()
		a.done = nil
	}
}

type incomingStep int

const (
	incomingLooking incomingStep = iota
	incomingChoosing
	incomingClashing
	incomingTaking
	incomingOver
)

// incoming is the bringing in of what arrives, and its window.
type incoming struct {
	m      *Messenger
	what   *arriving
	dialog *dialog
	step   incomingStep
	first  bool // there was no account before
	parts  []*part
	single map[partKey]*part // see takes
	took   []*unpacked       // what plugins found

	replace  bool         // the keys here by those that come in
	unsaved  im.AccountID // whose buddies are on the list, and not on the disk yet
	restart  []*offer     // plugins whose stores have something else
	todo     []func()     // the steps that are left
	turn     int          // counts what is waited for: an answer to an older one is late
	waiting  *hosted      // the plugin that is to answer
	stop     context.CancelFunc
	stopped  bool
	slow     bool // looking or taking lasts long enough to be shown
	progress progress
	brought  broughtIn
	problems []string
}

// unpacked is what a plugin found in its files.
type unpacked struct {
	host     *hosted
	parcel   plugin.Parcel
	asked    bool // contents says what is in it
	contents []plugin.Content
}

// broughtIn counts what came in.
type broughtIn struct {
	accounts, buddies, passwords, lines, there, bad int
	plugins                                         []string // sentences of plugins
	settings                                        bool
}

// bringIn shows what arrives, in d if it is not nil, and merges it with what there
// is if the user says so. What arrives is its own from now on.
func (m *Messenger) bringIn(a *arriving, d *dialog) {
	m.dropIncoming()
	in := &incoming{m: m, what: a, first: len(m.accounts) == 0, stop: func() {}}
	m.incoming = in
	if d == nil {
		d = m.ask(im.ConvID{}, in.form(), nil)
	}
	in.dialog = d
	d.done = in.answered
	in.look()
	in.showLate()
}

// dropIncoming ends what is coming in, as at the end of the program.
func (m *Messenger) dropIncoming() {
	if in := m.incoming; in != nil {
		in.end()
	}
}

// end takes the window away and forgets what arrived.
func (in *incoming) end() {
	if in.m.incoming == in {
		in.m.incoming = nil
	}
	in.turn++
	in.stop()
	in.wipe()
	in.dialog.Close()
}

func (in *incoming) wipe() {
	in.what.wipe()
	for _, u := range in.took {
		in.m.guard(u.parcel.Wipe)
	}
	in.took = nil
}

// look goes through what arrives, lets the plugins look at their files, one after the
// other, and lists what there is.
func (in *incoming) look() {
	in.checkCounts()
	in.checkAccounts()
	in.checkChoices()
	for _, o := range in.m.offers {
		in.todo = append(in.todo, func() { in.unpack(o) })
	}
	in.then(in.findParts)
	in.next()
}

// stepThings is how many things are looked at in one step of the messenger.
const stepThings = 200

// then plans a step.
func (in *incoming) then(do func()) {
	in.todo = append(in.todo, func() {
		do()
		in.next()
	})
}

// each plans steps that do something with each of n things, some at a time.
func (in *incoming) each(n, some int, do func(i int)) {
	for from := 0; from < n; from += some {
		in.then(func() {
			for i := from; i < min(from+some, n); i++ {
				do(i)
			}
		})
	}
}

// next does the next step, after what else waits for the messenger.
func (in *incoming) next() {
	turn := in.turn
	in.m.inbox.Put(func() {
		if in.m.incoming != in || in.turn != turn || len(in.todo) == 0 {
			return
		}
		if in.stopped && in.step == incomingTaking {
			in.todo = in.todo[len(in.todo)-1:] // what ends it
		}
		do := in.todo[0]
		in.todo = in.todo[1:]
		do()
		in.show()
	})
}

// awaits begins to wait; the function that it returns reports whether the answer
// came in time, and ends the waiting.
func (in *incoming) awaits(h *hosted) (answered func() bool) {
	in.turn++
	turn := in.turn
	in.waiting = h
	return func() bool {
		if in.m.incoming != in || in.turn != turn {
			return false
		}
		in.turn++
		in.waiting = nil
		return true
	}
}

// pluginEnded goes on without a plugin that was disabled meanwhile.
func (in *incoming) pluginEnded(h *hosted) {
	if in.waiting != h {
		return
	}
	in.turn++
	in.waiting = nil
	in.problem(lang.F("%s was disabled meanwhile: what there is for it was left out.", h.plugin.Info().Title))
	in.next()
}

func (in *incoming) problem(text string) { in.problems = append(in.problems, text) }

func (in *incoming) unpack(o *offer) {
	files := append(slices.Clone(in.what.files[o.info.ID]), in.what.files[""]...)
	mover, ok := o.plugin.(plugin.Mover)
	if !ok || len(files) == 0 {
		in.next()
		return
	}
	if o.host == nil || o.failed {
		in.what.leftOut = append(in.what.leftOut, lang.F("%s is disabled: what there is for it is left out. Enable it under Plugins, and come back here.", o.info.Title))
		in.next()
		return
	}
	own := in.what.own
	if own == nil {
		own = func(string, string) (im.AccountID, bool) { return "", false }
	}
	answered, host := in.awaits(o.host), o.host
	lent, giveBack := in.m.lend(files) // it may still read them when the user has closed the window
	failed := func(err error) {
		in.what.leftOut = append(in.what.leftOut, lang.F("What there is for %s cannot be read: %s", o.info.Title, asSentence(err)))
	}
	called := false
	in.m.guard(func() {
		mover.Unpack(in.what.from, lent, own, func(p plugin.Parcel, err error) {
			giveBack()
			switch {
			case !answered():
				if p != nil {
					p.Wipe()
				}
				return
			case err != nil:
				failed(err)
			case p != nil:
				in.took = append(in.took, &unpacked{host: host, parcel: p})
				in.m.guard(func() { in.what.leftOut = append(in.what.leftOut, p.LeftOut()...) })
			}
			in.next()
		})
		called = true
	})
	if !called && answered() {
		failed(errPluginFailed)
		in.next()
	}
}

// lend copies files for somebody who reads them on a goroutine of their own. The
// copies are wiped when they are given back, at the latest when all goroutines have
// ended.
func (m *Messenger) lend(files []plugin.File) (copies []plugin.File, giveBack func()) {
	copies = slices.Clone(files)
	for i := range copies {
		copies[i].Data = slices.Clone(copies[i].Data)
	}
	if m.lent == nil {
		m.lent = map[int][]plugin.File{}
	}
	m.loans++
	loan := m.loans
	m.lent[loan] = copies
	return slices.Clone(copies), func() {
		wipeFiles(copies)
		delete(m.lent, loan)
	}
}

const errPluginFailed = lang.Error("something failed inside Culver")
