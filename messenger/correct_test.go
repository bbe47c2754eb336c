package messenger_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"culver/im"
	"culver/messenger/scenetest"
	"culver/plugin"
	"culver/protocol"
	"culver/storage"
)

// read is what stands in a conversation.
func read(a *scenetest.Actor, c im.ConvID) (lines []string) {
	chat := a.Chats[c]
	if chat == nil {
		return nil
	}
	for _, m := range chat.Lines.Lines(0) {
		text := m.Text.String()
		if m.Kind != im.Chat {
			text = "*"
		}
		if m.Edited {
			text += " (edited)"
		}
		lines = append(lines, text)
	}
	return lines
}

func reads(t *testing.T, a *scenetest.Actor, c im.ConvID, want ...string) {
	t.Helper()
	a.Until(fmt.Sprintf("reading %q", want), func() bool { return slices.Equal(read(a, c), want) })
}

// Two messengers: corrections, in the open and in private.
func TestCorrections(t *testing.T) {
	play(t, func(s *scenetest.Scene, alice, bob *scenetest.Actor) {
		s.Script(friends + `
			alice to bob: frist
			alice to bob: second
			bob from alice: second
		`)
		to, from := with(alice, bob), with(bob, alice)
		alice.ExpectState(to, im.Delivered)
		first := own(t, alice, to, "frist")
		alice.M.Correct(to, first.ID, "first", im.Open)
		reads(t, alice, to, "first (edited)", "second")
		reads(t, bob, from, "first (edited)", "second")
		alice.Until("its arrival", func() bool { return own(t, alice, to, "first").State == im.Delivered })
		alice.M.Correct(to, first.ID, "1st", im.Open)
		reads(t, bob, from, "1st (edited)", "second")
		alice.M.Correct(to, first.ID, "1st", im.Open) // nothing new
		alice.Quit()
		bob.Quit()
		alice.Start()
		bob.Start()
		alice.M.Open(to)
		bob.M.Open(from)
		reads(t, alice, to, "1st (edited)", "second")
		reads(t, bob, from, "1st (edited)", "second")
		alice.UntilOnline()
		bob.UntilOnline()
		s.Script(`
			alice sees bob: Available
			bob sees alice: Available
		`)
		alice.M.Correct(to, first.ID, "No. 1", im.Open) // after a restart, too
		reads(t, bob, from, "No. 1 (edited)", "second")

		s.Script(`
			alice menu bob: Start private conversation
			alice with bob: Unverified
			bob with alice: Unverified
			alice to bob: between uss
			bob from alice: between uss
		`)
		secret := own(t, alice, to, "between uss")
		alice.Until("its arrival", func() bool { return own(t, alice, to, "between uss").State == im.Delivered })
		alice.M.Correct(to, secret.ID, "between us", im.Private)
		alice.Until("its coming back", func() bool { return slices.Contains(alice.TakenBack, "between us") })
		own(t, alice, to, "between uss")
	})
}

// hears is a line of bob's.
func (s *fakeSession) hears(id, body, replaces string) {
	s.events <- protocol.Received{From: bobsPhone, ID: id, Body: body, Replaces: replaces, Time: time.Now()}
}

// CVE-2022-39835: only who said something can say it differently.
func TestCVE_2022_39835_OthersCannotCorrect(t *testing.T) {
	store := storage.NewMemory()
	part := scenetest.Part{Plugins: noPlugins, Store: scenetest.StoreOf(store, func(id string) plugin.Store { return store.Space(id) })}
	alone(t, part, func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
		s := net.online()
		eve := im.ConvID{Account: bob.Account, Peer: "eve@x"}
		s.events <- protocol.Roster{Buddies: []im.Buddy{{Bare: "bob@x"}, {Bare: "eve@x"}}}
		a.M.Send(bob, "ours", im.Open)
		ours := a.ExpectState(bob, im.Done)
		s.hears("b1", "bob's", "")
		s.events <- protocol.Received{From: im.Addr{Bare: "eve@x"}, ID: "e1", Body: "eve's", Time: time.Now()}
		reads(t, a, bob, "ours", "bob's")
		reads(t, a, eve, "eve's")
		forge := func(from im.Addr, replaces string) {
			s.events <- protocol.Received{From: from, ID: "forged", Body: "forged", Replaces: replaces, Time: time.Now()}
		}
		forge(im.Addr{Bare: "eve@x"}, "b1")
		reads(t, a, eve, "eve's", "forged")
		forge(im.Addr{Bare: "eve@x", Resource: "phone"}, ours.ID)
		reads(t, a, eve, "eve's", "forged", "forged")
		forge(bobsPhone, ours.ID)
		forge(bobsPhone, "e1")
		reads(t, a, bob, "ours", "bob's", "forged", "forged")
		forge(im.Addr{Bare: "bob@x", Resource: "desk"}, "b1") // another device of his
		reads(t, a, bob, "ours", "forged (edited)", "forged", "forged")
		reads(t, a, eve, "eve's", "forged", "forged")
	})
}

// CVE-2021-41055: a message that corrects itself, or nothing, ends nothing.
func TestCVE_2021_41055_CorrectionsOfThemselves(t *testing.T) {
	alone(t, scenetest.Part{Plugins: noPlugins}, func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
		s := net.online()
		s.hears("1", "itself", "1")
		reads(t, a, bob, "itself")
		s.hears("1", "again", "1")
		reads(t, a, bob, "again (edited)")
		s.hears("2", "unknown", "nobody's")
		reads(t, a, bob, "again (edited)", "unknown")
		s.hears("3", "known by now", "nobody's")
		reads(t, a, bob, "again (edited)", "known by now (edited)")
		s.hears("", "without an ID", "1")
		reads(t, a, bob, "without an ID (edited)", "known by now (edited)")
		s.hears("5", "too long an ID", strings.Repeat("x", 1000))
		reads(t, a, bob, "without an ID (edited)", "known by now (edited)", "too long an ID")
	})
}

// Chains: each correction may name the line, or the correction before.
func TestChainsOfCorrections(t *testing.T) {
	alone(t, scenetest.Part{Plugins: noPlugins}, func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
		s := net.online()
		s.hears("1", "a", "")
		s.hears("2", "b", "1")
		s.hears("3", "c", "2")
		s.hears("4", "d", "1")
		s.hears("5", "e", "4")
		reads(t, a, bob, "e (edited)")
		for i := range 300 { // what is remembered of them has a bound
			s.hears(fmt.Sprint(100+i), fmt.Sprint("n", i), "1")
		}
		reads(t, a, bob, "n299 (edited)")
	})
}

// A line is on the disk, and no longer in memory, when it is corrected; and one of long
// ago stays as it is.
func TestCorrectionsOfThePast(t *testing.T) {
	store := storage.NewMemory()
	part := scenetest.Part{Plugins: noPlugins, Store: scenetest.StoreOf(store, func(id string) plugin.Store { return store.Space(id) })}
	alone(t, part, func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
		s := net.online()
		s.hears("1", "frist", "")
		reads(t, a, bob, "frist")
		for i := range 300 {
			s.hears("", fmt.Sprint(i), "")
		}
		a.Quit()
		a.Start()
		s = net.online()
		s.hears("2", "first", "1")
		synctest.Wait()
		lines, err := store.Newer(bob, "", 1)
		if err != nil || lines[0].Text.String() != "first" || !lines[0].Edited {
			t.Errorf("kept: %+v, %v", lines, err)
		}
		<-time.After(47 * time.Hour)
		s.hears("3", "almost", "1")
		synctest.Wait()
		<-time.After(time.Hour)
		s.hears("4", "too late", "1")
		synctest.Wait()
		lines, err = store.Newer(bob, "", 1)
		if err != nil || lines[0].Text.String() != "almost" {
			t.Errorf("kept: %+v, %v", lines, err)
		}
		lines, err = store.Older(bob, "", 1)
		if err != nil || lines[0].Text.String() != "too late" || lines[0].Edited {
			t.Errorf("kept: %+v, %v", lines, err)
		}
	})
}

// sealing is a plugin that says of what comes in how it is sealed.
type sealing struct{}

func (sealing) Info() plugin.Info {
	return plugin.Info{ID: "sealing", Name: "Sealing", Title: "Sealing"}
}
func (sealing) Init(plugin.Host) error { return nil }
func (sealing) Close() error           { return nil }
func (sealing) Outgoing(_ im.ConvID, text string) (plugin.Out, error) {
	return plugin.Out{Wire: text}, nil
}
func (sealing) Incoming(_ im.ConvID, a plugin.Arrival) (plugin.In, error) {
	in := plugin.In{Text: a.Wire}
	switch kind, text, _ := strings.Cut(a.Wire, ":"); kind {
	case "private":
		in = plugin.In{Text: text, Seal: im.Seal{Level: im.Private, By: "sealing"}}
	case "verified":
		in = plugin.In{Text: text, Seal: im.Seal{Level: im.Verified, By: "sealing"}}
	case "other":
		in = plugin.In{Text: text, Seal: im.Seal{Level: im.Verified, By: "other"}}
	case "alarm":
		in = plugin.In{Text: text, Alarm: "This came in the open."}
	}
	return in, nil
}

// Nothing takes the place of a sealed line, however it came: the server says which line a
// message replaces, and could have any one vanish behind another.
func TestSealedLinesStay(t *testing.T) {
	for line, ways := range map[string]map[string]bool{
		"open:x":     {"b": true, "private:b": true, "verified:b": true, "other:b": true, "alarm:b": false},
		"private:x":  {"b": false, "private:b": false, "verified:b": false, "other:b": false, "alarm:b": false},
		"verified:x": {"b": false, "private:b": false, "verified:b": false, "other:b": false, "alarm:b": false},
	} {
		for way, taken := range ways {
			t.Run(line+" "+way, func(t *testing.T) {
				part := scenetest.Part{Plugins: func() []plugin.Plugin { return []plugin.Plugin{sealing{}} }}
				alone(t, part, func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
					s := net.online()
					s.hears("1", line, "")
					s.hears("2", way, "1")
					first := strings.TrimPrefix(strings.TrimPrefix(line, "private:"), "verified:")
					switch {
					case taken:
						reads(t, a, bob, "b (edited)")
						m := a.Chats[bob].Lines.At(0)
						if want := map[string]im.Level{"b": im.Open, "private:b": im.Private, "verified:b": im.Verified, "other:b": im.Verified}[way]; m.Seal.Level != want {
							t.Errorf("it says %v", m.Seal)
						}
					case way == "alarm:b":
						reads(t, a, bob, first, "*", "b")
					default:
						reads(t, a, bob, first, "b")
					}
				})
			})
		}
	}
}

// In a room only the one who said something can say it differently: nobody by another
// name, and nobody who came in later under the same one.
func TestCorrectionsInARoom(t *testing.T) {
	inRoom(t, func(s *fakeSession, a *scenetest.Actor, room im.ConvID) {
		says := func(nick, id, body, replaces string, late bool) {
			<-time.After(time.Second)
			s.events <- protocol.RoomMessage{Room: kitchen, Nick: nick, ID: id, Body: body, Replaces: replaces, Time: time.Now(), Late: late, Own: nick == "alice"}
			synctest.Wait()
		}
		a.Until("being in", func() bool { return a.Chats[room] != nil })
		says("Bob", "0", "earlier", "", true)
		says("Bob", "1", "frist", "", false)
		says("Bob", "2", "first", "1", false)
		reads(t, a, room, "earlier", "first (edited)")
		says("Eve", "3", "forged", "1", false)
		says("Bob", "4", "who was it?", "0", false)
		says("Bob", "5", "whoever it was", "1", true)
		reads(t, a, room, "earlier", "first (edited)", "forged", "who was it?", "whoever it was")
		a.M.Send(room, "ours", im.Open)
		synctest.Wait()
		ours := s.last().ID
		says("alice", ours, "ours", "", false)
		a.M.Correct(room, own(t, a, room, "ours").ID, "truly ours", im.Open)
		synctest.Wait()
		o := s.last()
		if o.Replaces != ours || !o.Room || o.WantReceipt || o.Typing {
			t.Errorf("sent %+v", o)
		}
		says("alice", o.ID, "truly ours", ours, false)
		reads(t, a, room, "earlier", "first (edited)", "forged", "who was it?", "whoever it was", "truly ours (edited)")
		s.events <- protocol.Delivered{From: im.Addr{Bare: kitchen, Resource: "Eve"}, ID: o.ID}
		says("alice", o.ID, "truly ours", ours, false)
		if m := a.ExpectState(room, im.Done); m.State != im.Done {
			t.Error("one of many said that it came")
		}
		<-time.After(time.Second)
		s.events <- protocol.OccupantGone{Room: kitchen, Nick: "Bob"}
		s.events <- protocol.OccupantHere{Room: kitchen, Occupant: im.Occupant{Nick: "Bob", Role: im.Participant}}
		says("Bob", "6", "another Bob", "1", false)
		reads(t, a, room, "earlier", "first (edited)", "forged", "who was it?", "whoever it was", "truly ours (edited)", "another Bob")
	})
}

// Whoever repeats the IDs of somebody else in a room changes nothing about their lines.
func TestSomebodyElsesIDInARoom(t *testing.T) {
	inRoom(t, func(s *fakeSession, a *scenetest.Actor, room im.ConvID) {
		says := func(nick, id, body, replaces string) {
			<-time.After(time.Second)
			s.events <- protocol.RoomMessage{Room: kitchen, Nick: nick, ID: id, Body: body, Replaces: replaces, Time: time.Now()}
			synctest.Wait()
		}
		a.Until("being in", func() bool { return a.Chats[room] != nil })
		says("Bob", "1", "frist", "")
		says("Eve", "1", "hello", "")
		says("Bob", "2", "first", "1")
		reads(t, a, room, "first (edited)", "hello")
		says("Eve", "2", "hallo", "1")
		reads(t, a, room, "first (edited)", "hallo (edited)")
		says("Bob", "3", "1st", "2") // some programs name the correction
		reads(t, a, room, "1st (edited)", "hallo (edited)")
	})
}

// A room that tells once more what a line said before has not taken its correction.
func TestACorrectionInARoomWaitsForItself(t *testing.T) {
	inRoom(t, func(s *fakeSession, a *scenetest.Actor, room im.ConvID) {
		s.net.silent = true
		id := a.M.Send(room, "suop", im.Open)
		a.ExpectState(room, im.Sending)
		said := protocol.RoomMessage{Room: kitchen, Nick: "alice", ID: id, Body: "suop", Own: true, Time: time.Now()}
		s.events <- said
		a.ExpectState(room, im.Done)
		a.M.Correct(room, id, "soup", im.Open)
		a.ExpectState(room, im.Sending)
		synctest.Wait()
		correction := s.last()
		said.Late, said.Archive = true, "77"
		s.events <- said
		a.Until("its ID in the archive", func() bool { return own(t, a, room, "soup").Archive == "77" })
		if m := own(t, a, room, "soup"); m.State != im.Sending {
			t.Errorf("%+v", m)
		}
		s.events <- protocol.RoomMessage{Room: kitchen, Nick: "alice", ID: correction.ID, Replaces: id, Body: "soup", Own: true, Time: time.Now()}
		a.ExpectState(room, im.Done)
	})
}

// What becomes of our corrections.
func TestCorrectionsThatFail(t *testing.T) {
	store := storage.NewMemory()
	part := scenetest.Part{Plugins: noPlugins, Store: scenetest.StoreOf(store, func(id string) plugin.Store { return store.Space(id) })}
	alone(t, part, func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
		net.silent = true
		s := net.online()
		s.bobIs(im.SubscriptionBoth)
		a.M.Send(bob, "frist", im.Open)
		m := a.ExpectState(bob, im.Sending)
		s.events <- protocol.Delivered{From: bobsPhone, ID: m.Origin}
		a.ExpectState(bob, im.Delivered)
		correct := func(text string) (id string) {
			t.Helper()
			a.M.Correct(bob, m.ID, text, im.Open)
			a.ExpectState(bob, im.Sending)
			synctest.Wait() // it is shown as such before it leaves
			o := s.last()
			if o.Replaces != m.Origin || o.ID == m.Origin || o.Body != text {
				t.Fatalf("sent %+v", o)
			}
			return o.ID
		}
		id := correct("first")
		s.events <- protocol.Delivered{From: bobsPhone, ID: m.Origin} // of what it said before
		s.events <- protocol.Rejected{ID: id, From: im.Addr{Bare: "bob@x"}, Reason: "No."}
		if m := a.ExpectState(bob, im.Failed); m.Reason != "No." || m.Text.String() != "first" {
			t.Errorf("%+v", m)
		}
		a.M.Discard(bob, m.ID)
		reads(t, a, bob, "frist")
		a.ExpectState(bob, im.Delivered)

		s.events <- protocol.Rejected{ID: correct("first"), From: im.Addr{Bare: "bob@x"}, Reason: "No."}
		a.ExpectState(bob, im.Failed)
		a.M.Edit(bob, m.ID)
		reads(t, a, bob, "frist")
		a.Until("its coming back", func() bool { return slices.Equal(a.TakenBack, []string{"first"}) })

		s.events <- protocol.Rejected{ID: correct("first"), From: im.Addr{Bare: "bob@x"}, Reason: "No."}
		a.ExpectState(bob, im.Failed)
		a.Quit()
		a.Start()
		s = net.online()
		s.bobIs(im.SubscriptionBoth)
		a.M.Open(bob)
		a.ExpectState(bob, im.Failed)
		a.M.Retry(bob, m.ID)
		a.ExpectState(bob, im.Sending)
		synctest.Wait()
		o := s.last()
		if o.Replaces != m.Origin || o.Body != "first" {
			t.Errorf("sent %+v", o)
		}
		s.events <- protocol.Sent{ID: o.ID}
		s.events <- protocol.Delivered{From: bobsPhone, ID: o.ID}
		a.ExpectState(bob, im.Delivered)
		reads(t, a, bob, "first (edited)")
		synctest.Wait()
		if lines, err := store.Older(bob, "", 9); err != nil || len(lines) != 1 || lines[0].Text.String() != "first" || !lines[0].Edited || lines[0].State != im.Delivered {
			t.Errorf("kept: %+v, %v", lines, err)
		}
		a.M.Correct(bob, "nobody's", "back", im.Open)
		a.Until("its coming back", func() bool { return len(a.TakenBack) == 2 && len(a.Trouble) == 1 })
		<-time.After(48 * time.Hour)
		a.M.Correct(bob, m.ID, "later", im.Open)
		a.Until("its coming back", func() bool { return len(a.TakenBack) == 3 && len(a.Trouble) == 2 })
		reads(t, a, bob, "first (edited)")
	})
}

// A private line stays as it was said. The correction of an open line leaves sealed once
// the conversation is, and what the line said is not on the disk then.
func TestCorrectionsOfPrivateLines(t *testing.T) {
	locked(t, func(net *fakenet, a *scenetest.Actor, bob im.ConvID, l *lock, store *storage.Memory) {
		s := net.online()
		a.M.Send(bob, "in the open", im.Open)
		open := a.ExpectState(bob, im.Done)
		shut(s, a, bob)
		a.M.Send(bob, "between uss", im.Private)
		a.Until("its leaving", func() bool { return own(t, a, bob, "between uss").State == im.Done })
		private := own(t, a, bob, "between uss")
		n := len(s.bodies())
		a.M.Correct(bob, private.ID, "between us", im.Private)
		a.Until("its coming back", func() bool { return slices.Contains(a.TakenBack, "between us") })
		if len(s.bodies()) != n {
			t.Errorf("sent %q", s.bodies()[n:])
		}
		// What was open, and becomes private, is taken off the disk.
		a.M.Correct(bob, open.ID, "now private", im.Private)
		a.Until("its leaving", func() bool { return own(t, a, bob, "now private").State == im.Done })
		if m := own(t, a, bob, "now private"); m.Seal.Level != im.Private {
			t.Errorf("%+v", m)
		}
		if lines, err := store.Older(bob, "", 9); err != nil || len(lines) != 0 {
			t.Errorf("kept: %+v, %v", lines, err)
		}
		n = len(s.bodies())
		s.events <- protocol.Received{From: im.Addr{Bare: bob.Peer}, Body: "open"}
		a.ExpectLevel(bob, "Not private")
		a.M.Correct(bob, open.ID, "canary", im.Open)
		a.Until("its coming back", func() bool { return slices.Contains(a.TakenBack, "canary") })
		if len(s.bodies()) != n {
			t.Errorf("sent %q", s.bodies()[n:])
		}
	})
}
