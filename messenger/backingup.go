package messenger

import (
	"context"
	"errors"
	"io"
	"maps"
	"slices"
	"time"

	"culver/backup"
	"culver/im"
	"culver/lang"
	"culver/plugin"
	"culver/protocol"
)

// backingUp is the making of a backup, and its window:
//
//	asking --Back up--> packing (plugins) --> gathering --> writing --> over
//	   ^------------------------- failed ----------------------|
//
// The file is written on a goroutine of its own, which asks the messenger for some
// lines at a time. What is said meanwhile may be in it or not.
type backingUp struct {
	m        *Messenger
	dialog   *dialog
	step     backupStep
	values   map[string]string // what was typed, but passphrases
	problem  string
	replace  string // a file that is there: the user is asked about it
	order    order
	contents *backup.Contents
	writing  bool // the order and the contents belong to the goroutine that writes
	pasts    []im.Past
	notes    []string // what is not in it, and why
	progress progress
	turn     int     // counts what is waited for
	waiting  *hosted // the plugin that packs
	stop     context.CancelFunc
	stopped  bool
	begun    bool   // once, so that a problem may be that it failed
	made     string // what was made
}

type backupStep int

const (
	backupAsking backupStep = iota
	backupBusy
	backupOver
)

// What of the history is in a backup.
const (
	historyAll    = "all"
	historyPublic = "public" // not what was said privately
	historyNone   = "none"
)

// order is what the user wants in a backup, and where.
type order struct {
	path       string
	passphrase []byte
	history    string
	passwords  bool
	drafts     bool
}

// dropBackup ends the making of a backup, as at the end of the program.
func (m *Messenger) dropBackup() {
	if b := m.backup; b != nil {
		b.end()
	}
}

func (b *backingUp) end() {
	b.m.backup = nil
	b.turn++
	b.halt()
	b.dialog.Close()
}

// halt gives up what is under way.
func (b *backingUp) halt() {
	b.stop()
	if !b.writing {
		clear(b.order.passphrase)
		if b.contents != nil {
			b.contents.Wipe()
		}
	}
	b.contents, b.waiting = nil, nil
}

// begin makes a backup. The passphrase is its own from now on.
func (b *backingUp) begin(o order) {
	b.step, b.problem, b.notes, b.stopped, b.begun, b.order = backupBusy, "", nil, false, true, o
	b.progress = progress{label: lang.T("Accounts and keys…")}
	b.contents = &backup.Contents{}
	b.pack(slices.Clone(b.m.offers))
}

// pack collects what plugins have, one after the other.
func (b *backingUp) pack(rest []*offer) {
	if len(rest) == 0 {
		b.gather()
		return
	}
	one := rest[0]
	mover, ok := one.plugin.(plugin.Mover)
	switch {
	case !ok:
		data, left, err := b.m.packSpace(one)
		if err != nil {
			b.failed(lang.F("What %s keeps could not be read, so nothing was written. %s", one.info.Title, asSentence(err)))
			return
		}
		if left > 0 {
			b.notes = append(b.notes, lang.N(left, "%s keeps more than a backup can hold: %s entry is not in it.",
				"%s keeps more than a backup can hold: %s entries are not in it.", one.info.Title, im.Number(left)))
		}
		if data != nil {
			b.contents.Files = append(b.contents.Files, backup.File{Plugin: one.info.ID, Name: packedSpace, Data: data})
		}
		b.then(func() { b.pack(rest[1:]) })
		return
	case one.host == nil || one.failed:
		b.notes = append(b.notes, lang.F("%s is disabled: its keys and settings are not in the backup.", one.info.Title))
		b.pack(rest[1:])
		return
	}
	b.turn++
	turn := b.turn
	b.waiting = one.host
	packed := func(files []plugin.File, err error) {
		if b.turn != turn {
			wipeFiles(files)
			return
		}
		b.waiting = nil
		if err != nil {
			wipeFiles(files)
			b.failed(lang.F("%s could not give away what it keeps: %s", one.info.Title, asSentence(err)))
			return
		}
		for _, f := range files {
			b.contents.Files = append(b.contents.Files, backup.File{Plugin: one.info.ID, Name: f.Name, Data: f.Data})
		}
		b.then(func() { b.pack(rest[1:]) })
	}
	called := false
	b.m.guard(func() {
		mover.Pack(b.m.movingIDs(), packed)
		called = true
	})
	if !called {
		packed(nil, errPluginFailed)
	}
}

// then goes on after what else waits for the messenger, unless it was given up.
func (b *backingUp) then(do func()) {
	b.turn++
	turn := b.turn
	b.m.inbox.Put(func() {
		if b.turn == turn {
			do()
		}
	})
}

// pluginEnded gives up, for a backup without what a plugin keeps is not what the
// user asked for.
func (b *backingUp) pluginEnded(h *hosted) {
	if b.waiting == h {
		b.failed(lang.F("%s was disabled meanwhile. Nothing was written. Try again.", h.plugin.Info().Title))
	}
}

func wipeFiles(files []plugin.File) {
	for _, f := range files {
		clear(f.Data)
	}
}

// movingIDs are the accounts of which plugins' data move house. A trial's peer has
// another key in each profile: to know the one of here there would raise an alarm.
func (m *Messenger) movingIDs() (ids []im.AccountID) {
	for _, a := range m.sortedAccounts() {
		if !a.removed && !isTrial(a.network) {
			ids = append(ids, a.id)
		}
	}
	return ids
}

// failed goes back to the questions.
func (b *backingUp) failed(problem string) {
	b.turn++
	b.halt()
	b.step, b.problem = backupAsking, problem
	b.show()
}

// gather takes what the store has but the history, one account at a time.
func (b *backingUp) gather() {
	store, c := b.m.cfg.Store, b.contents
	all, err := store.Accounts()
	if err == nil {
		c.Settings, err = store.Settings()
	}
	maps.DeleteFunc(c.Settings, func(key, value string) bool { return !b.m.moves(key, value) })
	if err == nil {
		c.Logging, err = store.Logging()
	}
	if err == nil {
		c.Choices, err = store.Choices()
	}
	if err == nil && b.order.drafts {
		c.Drafts, err = store.Drafts()
	}
	if b.order.history != historyAll {
		maps.DeleteFunc(c.Drafts, func(_ im.ConvID, d im.Draft) bool { return d.Private })
	}
	b.pasts = nil
	if err == nil && b.order.history != historyNone {
		b.pasts, err = store.Pasts()
	}
	b.gatherAccounts(all, err)
}

func (b *backingUp) gatherAccounts(rest []im.Account, err error) {
	switch {
	case err != nil:
		b.failed(lang.F("Not everything could be read, so nothing was written. %s", asSentence(err)))
	case len(rest) == 0:
		b.write()
		b.show()
	default:
		buddies, err := b.m.cfg.Store.Roster(rest[0].ID)
		b.contents.Accounts = append(b.contents.Accounts, backup.Account{Account: rest[0], Buddies: buddies})
		b.then(func() { b.gatherAccounts(rest[1:], err) })
	}
}

// write writes the file, on a goroutine of its own, which owns the contents while
// it does.
func (b *backingUp) write() {
	m, o, c, pasts := b.m, b.order, b.contents, b.pasts
	b.writing = true
	b.progress = progress{label: lang.T("Writing…")}
	for _, p := range pasts {
		b.progress.total += p.Lines
	}
	ctx, stop := context.WithCancel(m.ctx)
	b.stop = stop
	b.turn++
	turn := b.turn
	manifest := backup.Manifest{Culver: m.cfg.Version, Made: time.Now()}
	lines, notes, left := 0, []string(nil), backup.LeftOut{}
	m.background(func(context.Context) error {
		defer stop()
		defer clear(o.passphrase)
		defer c.Wipe()
		return backup.WriteFile(o.path, func(f io.Writer) error {
			w, err := backup.Create(f, o.passphrase, m.backupWork, manifest)
			if err != nil {
				return err
			}
			if o.passwords {
				notes = m.addPasswords(ctx, c)
			}
			if err := w.Add(c); err != nil {
				return err
			}
			for _, p := range pasts {
				n, err := b.writePast(ctx, w, p, o.history == historyAll)
				lines += n
				if err != nil {
					return err
				}
			}
			if ctx.Err() != nil {
				return ctx.Err()
			}
			left = w.LeftOut()
			return w.Close()
		})
	}, func(err error) {
		b.writing = false
		if b.turn != turn {
			return
		}
		b.contents = nil
		switch {
		case err == nil:
			b.step = backupOver
			b.notes = slices.Concat(b.notes, notes, b.tooLarge(left))
			b.made = b.summary(o, len(c.Accounts), lines-left.Lines)
		case b.stopped:
			b.step, b.problem = backupAsking, lang.T("Stopped. Nothing was written.")
		default:
			b.step, b.problem = backupAsking, writeProblem(err)
		}
		b.show()
	})
}

// addPasswords adds the passwords that are kept. It says whose could not be read.
func (m *Messenger) addPasswords(ctx context.Context, c *backup.Contents) (problems []string) {
	for i := range c.Accounts {
		a := &c.Accounts[i]
		b, err := m.cfg.Vault.Get(ctx, passwordName(a.ID))
		if err != nil {
			problems = append(problems, lang.F("The password of %s could not be read, so it is not in the backup: %s", a.ID.Bare(), asSentence(err)))
			continue
		}
		a.Password = b
		if a.Options[protocol.FieldProxyUser] != "" {
			problems = append(problems, lang.F("The password of %s for its proxy is not in the backup. Enter it again after restoring.", a.ID.Bare()))
		}
	}
	return problems
}

// writePast writes the lines of one conversation.
func (b *backingUp) writePast(ctx context.Context, w *backup.Writer, p im.Past, private bool) (lines int, err error) {
	for next := int64(0); ; {
		var some []im.Message
		some, next, err = b.linesFrom(ctx, p.Conv, next)
		if err != nil || len(some) == 0 {
			return lines, err
		}
		for _, line := range some {
			if !private && secret(line) {
				continue
			}
			if err := w.Line(line); err != nil {
				return lines, err
			}
			lines++
		}
	}
}

// linesFrom are the next lines from a place on, and the place behind them.
func (b *backingUp) linesFrom(ctx context.Context, c im.ConvID, from int64) ([]im.Message, int64, error) {
	type answer struct {
		lines []im.Message
		next  int64
		err   error
	}
	done := make(chan answer, 1)
	b.m.inbox.Put(func() {
		lines, next, err := b.m.cfg.Store.Page(im.Range{Conv: c}, from, stepLines)
		if b.m.backup == b {
			b.progress.done += len(lines)
			b.show()
		}
		done <- answer{lines, next, err}
	})
	select {
	case a := <-done:
		return a.lines, a.next, a.err
	case <-ctx.Done():
		return nil, 0, ctx.Err()
	}
}

func (b *backingUp) summary(o order, accounts, lines int) string {
	held := lang.N(accounts, "%s account", "%s accounts", im.Number(accounts))
	if o.history != historyNone {
		held = lang.N(lines, "%s and %s line of your conversations", "%s and %s lines of your conversations", held, im.Number(lines))
	}
	return lang.F("The backup is in the file “%s”. It holds %s. Keep it on another disk, and its passphrase elsewhere.", cleanName(o.path), held)
}

// tooLarge says what is not in the backup because a backup cannot hold it.
func (b *backingUp) tooLarge(left backup.LeftOut) (notes []string) {
	if n := left.Lines; n > 0 {
		notes = append(notes, lang.N(n, "%s line of the history is not in the backup, because a backup cannot hold so much in one piece.",
			"%s lines of the history are not in the backup, because a backup cannot hold so much in one piece.", im.Number(n)))
	}
	for _, c := range left.Drafts {
		notes = append(notes, lang.F("What you began to write to %s is not in the backup, because a backup cannot hold so much in one piece.", b.m.list.Title(c)))
	}
	var told []string
	for _, f := range left.Files {
		if !slices.Contains(told, f.Plugin) {
			told = append(told, f.Plugin)
			notes = append(notes, lang.F("Some of what %s keeps is not in the backup, because a backup cannot hold so much in one piece.", b.m.pluginTitle(f.Plugin)))
		}
	}
	if n := left.Others; n > 0 {
		notes = append(notes, lang.N(n, "%s account, buddy or setting is not in the backup, because a backup cannot hold so much in one piece.",
			"%s accounts, buddies or settings are not in the backup, because a backup cannot hold so much in one piece.", im.Number(n)))
	}
	return notes
}

// pluginTitle is what people call a plugin.
func (m *Messenger) pluginTitle(id string) string {
	for _, o := range m.offers {
		if o.info.ID == id {
			return o.info.Title
		}
	}
	return id
}

// writeProblem says why there is no backup.
func writeProblem(err error) string {
	switch {
	case errors.Is(err, context.Canceled):
		return lang.T("Stopped. Nothing was written.")
	case errors.Is(err, backup.ErrTooManyConversations):
		return lang.F("You have more than %s conversations in your history, which is more than a backup can hold, so nothing was written. Back up without the history, or delete some of it first.", im.Number(backup.MaxConversations))
	case errors.Is(err, backup.ErrTooMuch):
		return lang.T("You have more accounts, buddies, settings or drafts than a backup can hold, so nothing was written. " +
			"Back up without what you have begun to write, or remove what you do not need.")
	}
	return lang.F("Nothing was written. %s", cannotWrite(err).Error())
}
