package messenger_test

import (
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"culver/im"
	"culver/messenger"
	"culver/messenger/scenetest"
	"culver/plugin"
	"culver/protocol"
	"culver/storage"
)

// listener tells of everything there is to read.
type listener struct{ booklet }

func (*listener) Info() plugin.Info { return plugin.Info{ID: "ears", Name: "Ears", Title: "Ears"} }
func (l *listener) Heard(c im.ConvID) {
	l.host.Attention(c, plugin.Attention{Notify: true, Count: true})
}

// awareness is what one person is made aware of by what comes.
type awareness struct {
	a     *scenetest.Actor
	s     *fakeSession
	bob   im.ConvID
	lines int
}

// comes has bob say a line, and reports what the user was made aware of.
func (w *awareness) comes(t *testing.T) (told []plugin.Attention, heard []messenger.Sound) {
	t.Helper()
	w.lines++
	return w.after(func() {
		text := fmt.Sprint("line ", w.lines)
		w.s.events <- protocol.Received{From: im.Addr{Bare: w.bob.Peer}, Body: text}
		w.a.Expect(w.bob, text)
	})
}

// after reports what the user was made aware of by something.
func (w *awareness) after(do func()) (told []plugin.Attention, heard []messenger.Sound) {
	synctest.Wait() // what was chosen is in force
	w.a.Until("what was shown before", func() bool { return true })
	w.a.Attention, w.a.Sounds = nil, nil
	do()
	synctest.Wait()
	w.a.Until("what is shown", func() bool { return true })
	for _, e := range w.a.Attention {
		told = append(told, e.How)
	}
	for _, e := range w.a.Sounds {
		heard = append(heard, e.Sound)
	}
	return told, heard
}

// Whoever is muted is not heard of, on the next day neither; what is unread is counted.
func TestMutedConversations(t *testing.T) {
	store := storage.NewMemory()
	part := scenetest.Part{Plugins: func() []plugin.Plugin { return []plugin.Plugin{&listener{}} }, Store: scenetest.StoreOf(store, func(id string) plugin.Store { return store.Space(id) })}
	alone(t, part, func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
		w := &awareness{a: a, s: net.online(), bob: bob}
		a.UntilOnline()
		if told, heard := w.comes(t); len(told) != 1 || !slices.Equal(heard, []messenger.Sound{messenger.SoundBegan}) {
			t.Errorf("at first: told %v, heard %v", told, heard)
		}
		a.M.SetHeed(bob, messenger.HeedNone)
		if told, heard := w.comes(t); len(told)+len(heard) != 0 {
			t.Errorf("muted: told %v, heard %v", told, heard)
		}
		a.M.SetHeed(bob, messenger.HeedAll) // has no meaning with one person
		if told, heard := w.comes(t); len(told) != 1 || !slices.Equal(heard, []messenger.Sound{messenger.SoundReceived}) {
			t.Errorf("as usual: told %v, heard %v", told, heard)
		}
		a.M.SetHeed(bob, messenger.HeedNone)
		synctest.Wait()
		a.Until("it is known", func() bool { return a.Heeds[bob] == messenger.HeedNone })
		a.Quit()
		a.Start()
		w.s = net.online()
		a.UntilOnline()
		if a.Heeds[bob] != messenger.HeedNone {
			t.Error("forgotten")
		}
		if told, heard := w.comes(t); len(told)+len(heard) != 0 {
			t.Errorf("on the next day: told %v, heard %v", told, heard)
		}
	})
}

// Do not disturb: no notification and no sound. The title of the window counts.
func TestDoNotDisturb(t *testing.T) {
	alone(t, part(&listener{}), func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
		w := &awareness{a: a, s: net.online(), bob: bob}
		a.UntilOnline()
		a.M.SetPresence(im.Presence{Show: im.DoNotDisturb})
		if told, heard := w.comes(t); !slices.Equal(told, []plugin.Attention{{Count: true}}) || len(heard) != 0 {
			t.Errorf("told %+v, heard %v", told, heard)
		}
		a.M.SetPresence(im.Presence{Show: im.Away})
		if told, heard := w.comes(t); len(told) != 1 || !told[0].Notify || len(heard) != 1 {
			t.Errorf("away: told %+v, heard %v", told, heard)
		}
		a.M.SetSetting(messenger.SettingSoundAvailable, im.On)
		if _, heard := w.comes(t); len(heard) != 0 {
			t.Errorf("away, and only while available: heard %v", heard)
		}
		a.M.SetPresence(im.Presence{Show: im.Available})
		if _, heard := w.comes(t); len(heard) != 1 {
			t.Errorf("available: heard %v", heard)
		}
		a.M.SetSetting(messenger.SettingSounds, "")
		if _, heard := w.comes(t); len(heard) != 0 {
			t.Errorf("without sounds: heard %v", heard)
		}
	})
}

func TestSoundsOfWhatOneDoesAndOfBuddies(t *testing.T) {
	alone(t, scenetest.Part{Plugins: noPlugins}, func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
		w := &awareness{a: a, s: net.online(), bob: bob}
		a.UntilOnline()
		w.s.bobIs(im.SubscriptionBoth)
		hears := func(what string, do func(), want ...messenger.Sound) {
			t.Helper()
			if _, heard := w.after(do); !slices.Equal(heard, want) {
				t.Errorf("%s: heard %v, want %v", what, heard, want)
			}
		}
		is := func(show im.Show) func() {
			return func() {
				w.s.events <- protocol.PresenceChanged{From: bobsPhone, Presence: im.Presence{Show: show}}
			}
		}
		send := func() { a.M.Send(bob, "x", im.Open) }
		hears("off by default", send)
		for _, s := range []string{"sent", "on", "off"} {
			a.M.SetSetting("sounds."+s, im.On)
		}
		hears("sent", send, messenger.SoundSent)
		hears("all come at once after the account", is(im.Available))
		hears("all come at once after the account", is(im.Offline))
		<-time.After(time.Minute)
		hears("signs on", is(im.Available), messenger.SoundSignsOn)
		hears("goes away", is(im.Away))
		hears("signs off", is(im.Offline), messenger.SoundSignsOff)
		a.M.SetHeed(bob, messenger.HeedNone)
		hears("signs on, muted", is(im.Available))
	})
}

// The window of sounds plays what is chosen, whatever the settings are.
func TestWindowOfSounds(t *testing.T) {
	store := storage.NewMemory()
	part := scenetest.Part{Plugins: noPlugins, Store: scenetest.StoreOf(store, func(id string) plugin.Store { return store.Space(id) })}
	alone(t, part, func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
		w := &awareness{a: a, s: net.online(), bob: bob}
		a.UntilOnline()
		a.M.SetPresence(im.Presence{Show: im.DoNotDisturb})
		a.M.ShowSounds()
		hears := func(want messenger.Sound, volume int, button string, fields ...string) {
			t.Helper()
			_, heard := w.after(func() { a.Answer("Preferences", button, fields...) })
			if !slices.Equal(heard, []messenger.Sound{want}) || !a.Sounds[0].Always || a.Sounds[0].Volume != volume {
				t.Errorf("heard %+v, want %v", a.Sounds, want)
			}
		}
		hears(messenger.SoundReceived, 50, "hear")
		hears(messenger.SoundSent, 50, "sounds.sent", "sounds.sent="+im.On)
		hears(messenger.SoundSent, 100, "sounds.volume", "sounds.volume=100")
		a.Answer("Preferences", "sample", "sample=off")
		hears(messenger.SoundSignsOff, 100, "hear")
		a.Answer("Preferences", "close")
		synctest.Wait()
		for key, want := range map[string]string{"sounds.sent": im.On, "sounds.volume": "100"} {
			if got, _, err := store.Setting(key); got != want || err != nil {
				t.Errorf("%s is %q, %v", key, got, err)
			}
		}
	})
}

// In a room, what names the user is heard, or every line, or none.
func TestHeedInRooms(t *testing.T) {
	inRoom(t, func(s *fakeSession, a *scenetest.Actor, room im.ConvID) {
		w := &awareness{a: a, s: s, bob: room}
		hears := func(text string, late bool, want ...messenger.Sound) {
			t.Helper()
			w.lines++
			_, heard := w.after(func() {
				s.events <- protocol.RoomMessage{Room: kitchen, Nick: "Bob", ID: fmt.Sprint(w.lines), Body: text, Time: time.Now(), Late: late}
			})
			if !slices.Equal(heard, want) {
				t.Errorf("%q: heard %v, want %v", text, heard, want)
			}
		}
		hears("soup?", false)
		hears("alice: soup?", false, messenger.SoundNamed)
		hears("alice: this was long ago", true)
		a.M.SetSetting("sounds.room", im.On)
		hears("soup!", false, messenger.SoundRoom)
		a.M.SetHeed(room, messenger.HeedNone)
		hears("alice: soup!", false)
		a.M.SetHeed(room, messenger.HeedAll)
		hears("soup.", false, messenger.SoundRoom)
	})
}

// Whether plugins make the user aware of a room's lines goes by that as well.
func TestPluginsHearOfRoomsAsChosen(t *testing.T) {
	alone(t, part(&listener{}), func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
		w := &awareness{a: a, s: net.online(), bob: im.ConvID{Account: a.Self, Peer: kitchen}}
		a.UntilOnline()
		a.M.ShowJoinRoom(im.ConvID{})
		a.Answer("Join a Chat", "ok", "room="+kitchen, "nick=alice", "password=")
		synctest.Wait()
		w.s.events <- protocol.RoomJoined{Room: kitchen, Nick: "alice", Occupants: cooks("Bob")}
		for _, c := range []struct {
			heed         messenger.Heed
			plain, named int
		}{{messenger.HeedUsual, 0, 1}, {messenger.HeedAll, 1, 1}, {messenger.HeedNone, 0, 0}} {
			a.M.SetHeed(w.bob, c.heed)
			for text, want := range map[string]int{"soup": c.plain, "alice, soup": c.named} {
				w.lines++
				told, _ := w.after(func() {
					w.s.events <- protocol.RoomMessage{Room: kitchen, Nick: "Bob", ID: fmt.Sprint(w.lines), Body: fmt.Sprint(text, w.lines), Time: time.Now()}
				})
				if len(told) != want {
					t.Errorf("%q, %q: told %v", c.heed, text, told)
				}
			}
		}
	})
}
