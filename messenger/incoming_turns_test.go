package messenger_test

import (
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"culver/backup"
	"culver/foreign"
	"culver/im"
	"culver/messenger"
	"culver/messenger/scenetest"
	"culver/plugin"
	"culver/protocol"
	"culver/storage"
)

// weighing is a network that counts how many addresses it is asked about in one turn
// of the messenger.
type weighing struct {
	*fakenet
	m *messenger.Messenger

	mu        sync.Mutex
	now, most int
}

func (n *weighing) NormalizePeer(typed string) (string, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.now++; n.now == 1 {
		n.m.Turn(func() {
			n.mu.Lock()
			defer n.mu.Unlock()
			n.most, n.now = max(n.most, n.now), 0
		})
	}
	return n.fakenet.NormalizePeer(typed)
}

// Nobody waits for what is looked through: of very much, a little is done at a time.
func TestVeryMuchIsLookedThroughInManyTurns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store, net := storage.NewMemory(), &weighing{fakenet: newFakenet()}
		net.m = messenger.New(messenger.Config{Store: store, Vault: storage.NewMemoryVault(), NoFirstRun: true,
			Spaces: func(id string) plugin.Store { return store.Space(id) }, Networks: []protocol.Protocol{net}})
		a := scenetest.Join(t, "newcomer", net.m)
		defer a.Quit()
		x := house()
		x.Logging = map[im.ConvID]bool{}
		for n := range 9000 {
			peer := fmt.Sprintf("p%d@x", n)
			x.Buddies["fake:alice@x"] = append(x.Buddies["fake:alice@x"], im.Buddy{Bare: peer}, im.Buddy{Bare: "nonsense"})
			x.Pasts = append(x.Pasts, im.Past{Conv: im.ConvID{Account: "fake:alice@x", Peer: peer}, Lines: 1})
			x.Logging[im.ConvID{Account: "fake:alice@x", Peer: peer}] = false
		}
		a.M.BringIn(x)
		if got := len(arrivals(a)); got != 9006 {
			t.Errorf("%d rows", got)
		}
		a.Answer("Bring In", "take")
		a.Reads("Bring In", "500 lines of your")
		synctest.Wait()
		net.mu.Lock()
		defer net.mu.Unlock()
		if net.most < 2 || net.most > 300 {
			t.Errorf("%d addresses in one turn", net.most)
		}
	})
}

// outside is a network that goes on with the first thing it is asked when the
// messenger has done something else.
type outside struct {
	oldnet
	m      *messenger.Messenger
	asked  atomic.Bool
	waited atomic.Bool // and the messenger did not
}

func (n *outside) Account(v map[string]string) (im.Account, error) {
	if n.asked.CompareAndSwap(false, true) {
		done := make(chan struct{})
		n.m.Turn(func() { close(done) })
		select {
		case <-done:
		case <-time.After(time.Minute):
			n.waited.Store(true)
		}
	}
	return n.oldnet.Account(v)
}

// The messenger goes on while somebody makes sense of what another program keeps.
func TestWhatAnotherProgramKeepsIsSortedOutBesideTheMessenger(t *testing.T) {
	home := oldHome(t)
	synctest.Test(t, func(t *testing.T) {
		store, net := storage.NewMemory(), &outside{oldnet: oldnet{newFakenet()}}
		net.m = messenger.New(messenger.Config{Store: store, Vault: storage.NewMemoryVault(), NoFirstRun: true, Foreign: foreign.Places{Home: home},
			Spaces: func(id string) plugin.Store { return store.Space(id) }, Networks: []protocol.Protocol{net}})
		a := scenetest.Join(t, "mover", net.m)
		defer a.Quit()
		a.M.ShowImport()
		a.Answer("Import From Another Program", "next")
		a.Form("Import from Pidgin", "take")
		if !net.asked.Load() || net.waited.Load() {
			t.Errorf("asked: %v, waited: %v", net.asked.Load(), net.waited.Load())
		}
	})
}

// Whoever stops while buddies are added keeps those that are on the list.
func TestBuddiesThatWereAddedAreSavedWhoeverStops(t *testing.T) {
	newcomer(t, nil, func(_ *fakenet, a *scenetest.Actor, store *storage.Memory, _ *storage.MemoryVault) {
		x := house()
		for n := range 4000 {
			x.Buddies["fake:alice@x"] = append(x.Buddies["fake:alice@x"], im.Buddy{Bare: fmt.Sprintf("p%d@x", n)})
		}
		a.M.BringIn(x)
		d := a.Form("Bring In", "take")
		a.M.Answer(d.ID, plugin.Answers{Action: "take"})
		a.M.Turn(func() { // the account is there
			a.M.Turn(func() { // and a first part of the buddies
				a.M.Answer(d.ID, plugin.Answers{Action: "stop"})
			})
		})
		a.Form("Bring In", "close")
		a.Reads("Bring In", "Stopped.")
		synctest.Wait()
		saved, err := store.Roster("fake:alice@x")
		a.Until("what was added", func() bool { _, ok := a.List.Buddy(bobAtX); return ok })
		on := 0
		for n := range 4000 {
			if _, ok := a.List.Buddy(im.ConvID{Account: "fake:alice@x", Peer: fmt.Sprintf("p%d@x", n)}); ok {
				on++
			}
		}
		if err != nil || on == 0 || on == 4000 || len(saved) != on+1 {
			t.Errorf("%v; %d were added, %d are saved", err, on+1, len(saved))
		}
	})
}

// Drafts come in whole, however long; those that Culver never keeps are told.
func TestLongDraftsComeInWhole(t *testing.T) {
	newcomer(t, nil, func(_ *fakenet, a *scenetest.Actor, store *storage.Memory, _ *storage.MemoryVault) {
		x := house()
		x.Accounts[0].Enabled = false
		long, eve := "ä"+strings.Repeat("0123456789abcdef", 200<<6), im.ConvID{Account: bobAtX.Account, Peer: "eve@x"}
		x.Drafts = map[im.ConvID]im.Draft{bobAtX: {Text: long}, eve: {Text: strings.Repeat("x", backup.MaxDraft+1)}}
		a.M.BringIn(x)
		a.Reads("Bring In", "1 draft is left out")
		a.Answer("Bring In", "take")
		a.Form("Bring In", "close")
		drafts, err := store.Drafts()
		if err != nil || len(drafts) != 1 || drafts[bobAtX].Text != long {
			t.Errorf("%v; %d drafts, of %d bytes, not %d", err, len(drafts), len(drafts[bobAtX].Text), len(long))
		}
		if c := opens(a, bobAtX); c.Draft != long {
			t.Errorf("%d bytes stand in the entry", len(c.Draft))
		}
	})
}

// What a backup has for plugins, and cannot come in, is told.
func TestWhatPluginsCannotTakeIsTold(t *testing.T) {
	path := filepath.Join(t.TempDir(), "b.age")
	var rows strings.Builder
	rows.WriteString("nonsense\n{\"key\":\"\",\"value\":\"\"}\n")
	for n := range 1003 {
		fmt.Fprintf(&rows, "{\"key\":\"k%04d\",\"value\":\"eA==\"}\n", n)
	}
	err := backup.WriteFile(path, func(f io.Writer) error {
		w, err := backup.Create(f, []byte(passphrase), 2, backup.Manifest{})
		if err != nil {
			return err
		}
		err = w.Add(&backup.Contents{Files: []backup.File{{Plugin: "keeper", Name: "store.json", Data: []byte(rows.String())},
			{Plugin: "strange", Name: "store.json", Data: []byte("{}")}, {Plugin: "odd", Name: "x", Data: []byte("x")}}})
		return errors.Join(err, w.Close())
	})
	if err != nil {
		t.Fatal(err)
	}
	h := newHome()
	synctest.Test(t, func(t *testing.T) {
		h.net = newFakenet()
		a := h.enter(t, new(keeper))
		defer a.Quit()
		restore(a, path)
		a.Reads("Restore", "Of what Keeping Things keeps, 5 entries are left out")
		a.Reads("Restore", "does not have these plugins: odd, strange.")
		a.Answer("Restore", "take")
		a.Reads("Restore", "The settings of Culver and its plugins.")
		if rows, _ := h.store.Space("keeper").List(""); len(rows) != 1000 {
			t.Errorf("%d entries came in", len(rows))
		}
	})
}
