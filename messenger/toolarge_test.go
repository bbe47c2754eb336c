package messenger_test

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"culver/backup"
	"culver/conversation"
	"culver/im"
	"culver/messenger"
	"culver/messenger/scenetest"
	"culver/plugin"
	"culver/protocol"
	"culver/storage"
)

// made are the notes of the window after a backup was made.
func madeNotes(a *scenetest.Actor) string {
	a.Reads("Back Up", "The backup is in")
	var all []string
	for _, f := range a.Form("Back Up", "close").Form.Tabs[0].Fields {
		all = append(all, f.Label)
	}
	return strings.Join(all, "\n")
}

// What a backup cannot hold in one piece is left out, which is told; the rest can be
// restored.
func TestABackupWithoutWhatIsTooLarge(t *testing.T) {
	path := filepath.Join(t.TempDir(), "b.age")
	h := lived(t)
	huge := strings.Repeat("0123456789", 250_000)
	h.store.SetDraft(bobAtX, im.Draft{Text: huge})
	h.store.Append(im.Message{ID: "huge", Conv: bobAtX, Text: im.Plain(huge), Time: time.Date(1999, 2, 2, 0, 0, 0, 0, time.UTC)})
	h.store.SaveRoster("fake:work@x", []im.Buddy{{Account: "fake:work@x", Bare: "dave@x", Name: huge}})
	space := h.store.Space("keeper")
	space.Put(im.Rescued, []byte("plugins")) // is about this database alone
	for n := range 1001 {
		space.Put(fmt.Sprintf("k%04d", n), []byte("v"))
	}
	big := &slowPlugin{pack: func(done func([]plugin.File, error)) {
		done([]plugin.File{{Name: "big", Data: make([]byte, 33<<20)}, {Name: "bigger", Data: make([]byte, 34<<20)}, {Name: "small", Data: []byte("x")}}, nil)
	}}
	synctest.Test(t, func(t *testing.T) {
		h.net = newFakenet()
		a := h.enter(t, &keeper{}, big)
		defer a.Quit()
		a.M.ShowBackup()
		a.Answer("Back Up", "backup", "file="+path, "new="+passphrase, "again="+passphrase)
		notes := madeNotes(a)
		for _, want := range []string{"451 lines", "1 line of the history is not", "What you began to write to Bob is not", "Some of what Moving Things keeps",
			"1 account, buddy or setting is not", "Keeping Things keeps more than a backup can hold: 1 entry is"} {
			if strings.Count(notes, want) != 1 {
				t.Errorf("%q is not told once in\n%s", want, notes)
			}
		}
		a.Answer("Back Up", "close")
		restore(a, path)
	})
}

// sociable is a store with a line in each of too many conversations.
type sociable struct{ *storage.Memory }

func (sociable) Pasts() (all []im.Past, err error) {
	for n := range backup.MaxConversations + 1 {
		all = append(all, im.Past{Conv: im.ConvID{Account: bobAtX.Account, Peer: fmt.Sprintf("p%d@x", n)}, Lines: 1})
	}
	return all, nil
}

func (sociable) Page(r im.Range, from int64, _ int) ([]im.Message, int64, error) {
	if from > 0 {
		return nil, from, nil
	}
	return []im.Message{{ID: r.Conv.Peer, Conv: r.Conv, Text: im.Plain("x")}}, 1, nil
}

func TestABackupOfTooManyConversations(t *testing.T) {
	path := filepath.Join(t.TempDir(), "b.age")
	h := lived(t)
	synctest.Test(t, func(t *testing.T) {
		m := messenger.New(messenger.Config{Store: sociable{h.store}, Vault: h.vault, NoFirstRun: true,
			Spaces: func(id string) plugin.Store { return h.store.Space(id) }, Networks: []protocol.Protocol{newFakenet()}})
		m.EasyBackups()
		a := scenetest.Join(t, "somebody", m)
		defer a.Quit()
		a.M.ShowBackup()
		a.Answer("Back Up", "backup", "file="+path, "new="+passphrase, "again="+passphrase)
		a.Until("a word about it", func() bool {
			for _, d := range a.Dialogs {
				return strings.Contains(d.Form.Problem, "more than 20,000 conversations")
			}
			return false
		})
		if left, _ := filepath.Glob(path + "*"); len(left) > 0 {
			t.Errorf("left: %v", left)
		}
		backUp(a, path, "history=none")
	})
}

func TestALineThatIsTooLongGoesBackToTheEntry(t *testing.T) {
	remembering(t, 0, func(net *fakenet, a *scenetest.Actor, bob im.ConvID, d *diary) {
		opens(a, bob)
		most := strings.Repeat("x", conversation.MaxText)
		a.M.SetDraft(bob, most+"x", im.Open)
		a.M.Send(bob, most+"x", im.Open)
		a.Until("the text", func() bool { return slices.Equal(a.TakenBack, []string{most + "x"}) && len(a.Trouble) == 1 })
		if !strings.Contains(a.Trouble[0], "too long") || a.Chats[bob].Lines.Len() > 0 {
			t.Errorf("told %q, with %d lines", a.Trouble, a.Chats[bob].Lines.Len())
		}
		a.M.Send(bob, most, im.Open)
		a.ExpectState(bob, im.Waiting)
	})
}

// What was begun in private does not leave in the open because it came back.
func TestALongLineThatComesBackStaysPrivate(t *testing.T) {
	remembering(t, 0, func(net *fakenet, a *scenetest.Actor, bob im.ConvID, d *diary) {
		opens(a, bob)
		a.M.Send(bob, strings.Repeat("x", conversation.MaxText+1), im.Private)
		a.Until("the text", func() bool { return len(a.TakenBack) == 1 })
		a.M.Send(bob, "a part", im.Open)
		if m := a.ExpectState(bob, im.Waiting); !m.Private {
			t.Error("a part of it would leave in the open")
		}
	})
}

func TestADraftThatIsTooLongToBeKept(t *testing.T) {
	for more := range 2 {
		remembering(t, 0, func(net *fakenet, a *scenetest.Actor, bob im.ConvID, d *diary) {
			opens(a, bob)
			a.M.SetDraft(bob, strings.Repeat("x", backup.MaxDraft+more), im.Open)
			a.M.Quit()
			a.Answer("Quit Culver?", "keep")
			if more == 0 {
				a.Until("the end", a.Stopped)
				return
			}
			a.Reads("Quit Culver?", "too long to be kept")
			if d.wrote("x") {
				t.Error("it is on the disk")
			}
			a.Answer("Quit Culver?", "cancel")
			a.M.Close(bob)
			a.Until("the end of it", func() bool { return a.Chats[bob] == nil })
			if opens(a, bob).Draft == "" {
				t.Error("it is gone")
			}
		})
	}
}
