package messenger

import (
	"bufio"
	"context"

	"culver/im"
	"culver/plugin"
)

// Arriving is what a reader hands over, for the tests of what becomes of it.
type Arriving struct {
	From     string
	Accounts []im.Account
	Password map[im.AccountID]string
	Buddies  map[im.AccountID][]im.Buddy
	Pasts    []im.Past
	Private  map[im.ConvID]int
	Lines    func(ctx context.Context, emit func(im.Message) error) error
	Files    map[string][]plugin.File
	Own      func(network, account string) (im.AccountID, bool)
	Settings map[string]string
	Drafts   map[im.ConvID]im.Draft
	Logging  map[im.ConvID]bool
	LeftOut  []string
}

// BringIn is what readers call at the end.
func (m *Messenger) BringIn(x Arriving) {
	a := &arriving{title: "Bring In", intro: "Something has come.", verb: imports, from: x.From, pasts: x.Pasts, private: x.Private, logging: x.Logging,
		lines: x.Lines, files: x.Files, own: x.Own, settings: x.Settings, drafts: x.Drafts, leftOut: x.LeftOut}
	for _, set := range x.Accounts {
		a.accounts = append(a.accounts, arrivingAccount{account: set,
			password: im.NewSecret([]byte(x.Password[set.ID])), buddies: x.Buddies[set.ID]})
	}
	m.inbox.Put(func() { m.bringIn(a, nil) })
}

// EasyBackups makes backups that take no work to open.
func (m *Messenger) EasyBackups() { m.backupWork = 2 }

// ExportCut exports everything, and is cancelled when the last line is written.
func (m *Messenger) ExportCut(path string) error {
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	e := &exporting{m: m, path: path, told: func(int) {}, write: func(b *bufio.Writer) scribe {
		return cut{exportFormats[0].write(b), stop}
	}}
	return e.run(ctx)
}

type cut struct {
	scribe
	stop func()
}

func (c cut) end() {
	c.scribe.end()
	c.stop()
}

// Turn does something in a turn of its own.
func (m *Messenger) Turn(do func()) { m.inbox.Put(do) }
