package messenger_test

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
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

var bobAtX = im.ConvID{Account: "fake:alice@x", Peer: "bob@x"}

// past are n lines of a conversation.
func past(c im.ConvID, n int) (all []im.Message) {
	for i := range n {
		all = append(all, im.Message{ID: fmt.Sprint(c.Peer, i), Conv: c, From: im.Addr{Bare: c.Peer}, Text: im.Plain(fmt.Sprint("line ", i)),
			Time: time.Date(1999, 1, 1, 0, 0, i, 0, time.UTC)})
	}
	return all
}

func linesOf(all []im.Message) func(context.Context, func(im.Message) error) error {
	return func(_ context.Context, emit func(im.Message) error) error {
		for _, l := range all {
			if err := emit(l); err != nil {
				return err
			}
		}
		return nil
	}
}

// newcomer is somebody with an empty messenger.
func newcomer(t *testing.T, plugins []plugin.Plugin, f func(net *fakenet, a *scenetest.Actor, store *storage.Memory, vault *storage.MemoryVault)) {
	synctest.Test(t, func(t *testing.T) {
		net, store, vault := newFakenet(), storage.NewMemory(), storage.NewMemoryVault()
		a := scenetest.Join(t, "newcomer", messenger.New(messenger.Config{Store: store, Vault: vault, NoFirstRun: true,
			Spaces: func(id string) plugin.Store { return store.Space(id) }, Networks: []protocol.Protocol{net}, Plugins: plugins}))
		defer a.Quit()
		f(net, a, store, vault)
	})
}

// house is all that can arrive.
func house() messenger.Arriving {
	lines := past(bobAtX, 500)
	return messenger.Arriving{
		Accounts: []im.Account{{ID: "fake:alice@x", Alias: "Home", Enabled: true, Options: map[string]string{"server": "s", "later": "v", "pin": "p"}}},
		Password: map[im.AccountID]string{"fake:alice@x": "hunter2"},
		Buddies:  map[im.AccountID][]im.Buddy{"fake:alice@x": {{Bare: "bob@x", Name: "Bob", Groups: []string{"Friends"}, Subscription: im.SubscriptionBoth}}},
		Pasts:    []im.Past{{Conv: bobAtX, Lines: len(lines)}},
		Lines:    linesOf(lines),
		Settings: map[string]string{"theme": "dark", "plugin.otr.removed": "x"},
	}
}

// arrivals are the cells of the preview.
func arrivals(a *scenetest.Actor) (out []string) {
	f := a.Form("Bring In", "take")
	for _, r := range f.Form.Tabs[0].Fields[0].Rows {
		out = append(out, strings.Join(r.Cells, "|"))
	}
	return out
}

func TestEverythingThatArrivesIsShownAndBroughtIn(t *testing.T) {
	newcomer(t, nil, func(net *fakenet, a *scenetest.Actor, store *storage.Memory, vault *storage.MemoryVault) {
		a.M.BringIn(house())
		want := []string{
			"Yes|Account|alice@x|New; signs in by itself; Server: s", "Yes|Password|alice@x|", "Yes|Buddies|alice@x|1 buddy",
			"Yes|History with bob@x|alice@x|500 lines", "Yes|Settings of Culver and its plugins||",
		}
		if got := arrivals(a); !slices.Equal(got, want) {
			t.Errorf("the preview is\n%s", strings.Join(got, "\n"))
		}
		a.Reads("Bring In", "Which certificate alice@x accepts is left out")
		a.Reads("Bring In", "1 setting is left out")
		if all, _ := store.Accounts(); len(all) > 0 {
			t.Error("something was brought in before the user said so")
		}
		a.Answer("Bring In", "take")
		s := net.online()
		if s.password != "hunter2" || s.account.Option("server") != "s" || s.account.Option("later") != "" || s.account.Option("pin") != "" {
			t.Errorf("signed in as %+v with %q", s.account, s.password)
		}
		a.Reads("Bring In", "500 lines of your conversations.")
		a.Answer("Bring In", "close")
		if recent, _ := store.Older(bobAtX, "", 1000); len(recent) != 500 || recent[0].Text.String() != "line 0" {
			t.Errorf("%d lines", len(recent))
		}
		if v, _, _ := store.Setting("theme"); v != "dark" {
			t.Errorf("the theme is %q", v)
		}
		if _, ok, _ := store.Setting("plugin.otr.removed"); ok {
			t.Error("what plugins have to forget was brought in")
		}
		if b, ok := a.List.Buddy(bobAtX); !ok || b.Name != "Bob" {
			t.Errorf("the buddy is %+v", b)
		}
		a.M.BringIn(house())
		if got := arrivals(a); got[0] != "Yes|Account|alice@x|Is here already, and stays as it is" || !strings.HasPrefix(got[4], "No|Settings") {
			t.Errorf("the second time, the preview is %q", got)
		}
		a.Answer("Bring In", "take")
		a.Reads("Bring In", "0 lines of your conversations; 500 were here already.")
	})
}

// All and None are for every row, but what protects less than what is in force is only
// ticked by hand. An account says whether it signs in by itself.
func TestAllOrNoneOfWhatArrives(t *testing.T) {
	newcomer(t, nil, func(_ *fakenet, a *scenetest.Actor, store *storage.Memory, _ *storage.MemoryVault) {
		a.M.BringIn(messenger.Arriving{Accounts: []im.Account{{ID: "fake:here@x", Options: map[string]string{}}}})
		a.Answer("Bring In", "take")
		a.Answer("Bring In", "close")
		store.SetLogging(im.ConvID{Account: "fake:here@x", Peer: "eve@x"}, false)
		a.M.SetLogging(im.ConvID{Account: "fake:here@x", Peer: "eve@x"}, false)
		x := house()
		x.Accounts = append(x.Accounts, im.Account{ID: "fake:bare@x", Enabled: true, Options: map[string]string{}}, im.Account{ID: "fake:off@x", Options: map[string]string{}})
		x.Pasts = append(x.Pasts, im.Past{Conv: im.ConvID{Account: "fake:here@x", Peer: "eve@x"}, Lines: 3})
		a.M.BringIn(x)
		d := a.Form("Bring In", "take")
		does := func(action string, want ...string) {
			t.Helper()
			var rows []string
			for _, r := range a.Form("Bring In", "cancel").Form.Tabs[0].Fields[0].Rows {
				if slices.Contains(r.Can, action) {
					rows = append(rows, r.ID)
				}
			}
			a.M.Answer(d.ID, plugin.Answers{Action: action, Rows: rows})
			a.Until(fmt.Sprintf("%q", want), func() bool {
				var got []string
				for _, r := range a.Form("Bring In", "cancel").Form.Tabs[0].Fields[0].Rows {
					got = append(got, strings.Join(r.Cells, "|"))
				}
				return slices.Equal(got, want)
			})
		}
		const theirs = "|Settings of Culver and its plugins||Replace those that are here, unless these protect more"
		does("none", "No|Account|alice@x|New; signs in when you have typed its password; Server: s", "No|Password|alice@x|", "No|Buddies|alice@x|1 buddy", "No|History with bob@x|alice@x|500 lines",
			"No|Account|bare@x|New; signs in when you have typed its password", "No|Account|off@x|New; signs in when you have enabled it",
			"No|History with eve@x|here@x|3 lines, which you do not keep here", "No"+theirs)
		if f := a.Form("Bring In", "cancel").Form; !f.Buttons[1].Off || f.Buttons[1].Label != "Import" {
			t.Errorf("with nothing to import: %+v", f.Buttons)
		}
		does("all", "Yes|Account|alice@x|New; signs in by itself; Server: s", "Yes|Password|alice@x|", "Yes|Buddies|alice@x|1 buddy", "Yes|History with bob@x|alice@x|500 lines",
			"Yes|Account|bare@x|New; signs in when you have typed its password", "Yes|Account|off@x|New; signs in when you have enabled it",
			"No|History with eve@x|here@x|3 lines, which you do not keep here", "Yes"+theirs)
		a.Answer("Bring In", "take")
		a.Reads("Bring In", "Imported:")
	})
}

func TestWhatIsLeftOutDoesNotComeIn(t *testing.T) {
	newcomer(t, nil, func(net *fakenet, a *scenetest.Actor, store *storage.Memory, vault *storage.MemoryVault) {
		a.M.BringIn(house())
		d := a.Form("Bring In", "take")
		a.M.Answer(d.ID, plugin.Answers{Action: "out", Rows: []string{"part0"}})
		a.Until("that nothing else comes either", func() bool {
			got := arrivals(a)
			return strings.HasPrefix(got[0], "No|Account") && strings.HasPrefix(got[1], "No (needs the account)|") && strings.HasPrefix(got[3], "No (needs the account)|")
		})
		a.M.Answer(d.ID, plugin.Answers{Action: "in", Rows: []string{"part0"}})
		a.M.Answer(d.ID, plugin.Answers{Action: "out", Rows: []string{"part1", "part3"}})
		a.Answer("Bring In", "take")
		a.Reads("Bring In", "1 account.")
		if kept, _ := vault.Get(context.Background(), "password/fake:alice@x"); kept != nil {
			t.Error("the password came in")
		}
		if recent, _ := store.Older(bobAtX, "", 10); len(recent) > 0 {
			t.Error("the history came in")
		}
	})
}

func TestWhatIsHereWins(t *testing.T) {
	vault := storage.NewMemoryVault()
	alone(t, scenetest.Part{Plugins: noPlugins, Vault: vault}, func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
		net.friends = nil
		net.online()
		a.UntilOnline()
		before := a.Accounts[a.Self].Account
		x := house()
		x.Accounts[0].Enabled = false
		a.M.BringIn(x)
		a.Answer("Bring In", "take")
		a.Reads("Bring In", "500 lines of your")
		if kept, _ := vault.Get(context.Background(), "password/fake:alice@x"); string(kept) != "pw" {
			t.Errorf("the password is %q", kept)
		}
		if set := a.Accounts[a.Self].Account; !reflect.DeepEqual(set, before) { // not even where it had nothing
			t.Errorf("the account is %+v, was %+v", set, before)
		}
		if _, ok := a.List.Buddy(bob); ok {
			t.Error("the server did not say that bob is on the list")
		}
	})
}

func TestHostileThingsThatArrive(t *testing.T) {
	newcomer(t, nil, func(net *fakenet, a *scenetest.Actor, store *storage.Memory, _ *storage.MemoryVault) {
		x := house()
		x.Accounts = append(x.Accounts, im.Account{ID: "nonet:x@y"}, im.Account{ID: "fake:nobody"}, x.Accounts[0], im.Account{})
		x.Accounts[0].Alias = "a\u202eb\n"
		x.Buddies["fake:alice@x"] = append(x.Buddies["fake:alice@x"], im.Buddy{Bare: "nonsense"}, im.Buddy{Bare: "bob@x"},
			im.Buddy{Bare: "eve@x", Name: "\x1b[31mE\x00", Groups: []string{"", "\u2066g"}, Subscription: "all"})
		strange := im.ConvID{Account: "fake:other@x", Peer: "bob@x"}
		odd := im.ConvID{Account: "fake:alice@x", Peer: "odd"}
		good := im.Message{ID: "good", Conv: bobAtX, Out: true, State: im.Waiting, From: im.Addr{Bare: "eve@x", Resource: "\x00r"},
			Text: im.Text{{Text: "a\u202eb", Link: "file:///etc"}}, Time: time.Now().Add(time.Hour), Seal: im.Seal{Level: 77, By: "x"}, Reason: "x"}
		lines := []im.Message{
			{ID: "1", Conv: strange, Text: im.Plain("x")}, {ID: "2", Conv: odd, Text: im.Plain("x")},
			{ID: "", Conv: bobAtX, Text: im.Plain("x")}, {ID: strings.Repeat("x", 300), Conv: bobAtX, Text: im.Plain("x")},
			{ID: "a\nb", Conv: bobAtX, Text: im.Plain("x")}, {ID: "k", Conv: bobAtX, Kind: 9, Text: im.Plain("x")}, {ID: "e", Conv: bobAtX},
			good,
		}
		x.Lines = linesOf(lines)
		x.Pasts = []im.Past{{Conv: bobAtX, Lines: 6}, {Conv: strange, Lines: 1}, {Conv: odd, Lines: 1}}
		a.M.BringIn(x)
		d := a.Form("Bring In", "take")
		for _, want := range []string{"does not know its network", "looks like bob@", "there twice"} {
			a.Reads("Bring In", want)
		}
		a.Answer("Bring In", "take")
		a.Reads("Bring In", "6 lines made no sense")
		_ = d
		recent, _ := store.Older(bobAtX, "", 10)
		want := im.Message{ID: "good", Conv: bobAtX, Out: true, State: im.Failed, From: im.Addr{Bare: "alice@x", Resource: "r"}, Text: im.Plain("ab"),
			Time: time.Now().UTC()}
		if len(recent) != 1 {
			t.Fatalf("%d lines", len(recent))
		}
		if recent[0].Reason == "" || recent[0].Time.After(time.Now()) {
			t.Errorf("the line is %+v", recent[0])
		}
		recent[0].Reason, recent[0].Time = "", want.Time
		if !reflect.DeepEqual(recent[0], want) {
			t.Errorf("the line is %+v", recent[0])
		}
		all, _ := store.Accounts()
		if len(all) != 1 || all[0].Alias != "ab" {
			t.Errorf("the accounts are %+v", all)
		}
		buddies, _ := store.Roster("fake:alice@x")
		if len(buddies) != 2 || buddies[1].Name != "[31mE" || !slices.Equal(buddies[1].Groups, []string{"g"}) || buddies[1].Subscription != im.SubscriptionNone {
			t.Errorf("the buddies are %+v", buddies)
		}
	})
}

func TestStoppingInTheMiddleKeepsWhatCameSoFar(t *testing.T) {
	newcomer(t, nil, func(net *fakenet, a *scenetest.Actor, store *storage.Memory, _ *storage.MemoryVault) {
		x := house()
		all := past(bobAtX, 1000)
		half := make(chan struct{})
		x.Lines = func(ctx context.Context, emit func(im.Message) error) error {
			for i, l := range all {
				if err := emit(l); err != nil {
					return err
				}
				if i == 500 {
					close(half)
					<-ctx.Done()
				}
			}
			return nil
		}
		a.M.BringIn(x)
		a.Answer("Bring In", "take")
		<-half
		a.Answer("Bring In", "stop")
		a.Reads("Bring In", "Stopped.")
		a.Reads("Bring In", "disabled")
		recent, _ := store.Older(bobAtX, "", 1000)
		if len(recent) == 0 || len(recent) > 501 {
			t.Errorf("%d lines", len(recent))
		}
		if set, _ := store.Accounts(); len(set) != 1 || set[0].Enabled {
			t.Errorf("the accounts are %+v", set)
		}
		x = house()
		x.Lines = linesOf(all)
		a.M.BringIn(x)
		a.Answer("Bring In", "take")
		a.Reads("Bring In", fmt.Sprint(len(recent), " were here already"))
		if recent, _ = store.Older(bobAtX, "", 2000); len(recent) != 1000 {
			t.Errorf("%d lines", len(recent))
		}
	})
}

func TestAConversationOnShowHasWhatCameInAboveIt(t *testing.T) {
	alone(t, scenetest.Part{Plugins: noPlugins}, func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
		server := net.online()
		a.UntilOnline()
		server.events <- protocol.Received{From: im.Addr{Bare: "bob@x"}, Body: "now"}
		a.Expect(bob, "now")
		a.M.BringIn(house())
		a.Answer("Bring In", "take")
		a.Reads("Bring In", "500 lines of your")
		a.M.LoadOlder(bob)
		a.Until("the old lines", func() bool {
			lines := a.Chats[bob].Lines.Lines(0)
			return len(lines) > 100 && lines[len(lines)-2].Text.String() == "line 499"
		})
	})
}

func TestTheProgramMayEndWhileSomethingComesIn(t *testing.T) {
	newcomer(t, nil, func(net *fakenet, a *scenetest.Actor, _ *storage.Memory, _ *storage.MemoryVault) {
		x := house()
		x.Lines = func(ctx context.Context, _ func(im.Message) error) error { <-ctx.Done(); return ctx.Err() }
		a.M.BringIn(x)
		a.Answer("Bring In", "take")
		a.Reads("Bring In", "You can go on chatting")
		synctest.Wait()
		a.Quit()
	})
}

// movee is a plugin with data that moves.
type movee struct {
	unpack func(from string, files []plugin.File, done func(plugin.Parcel, error))
}

func (*movee) Info() plugin.Info {
	return plugin.Info{ID: "movee", Name: "Movee", Title: "Moving Things"}
}
func (*movee) Init(plugin.Host) error                                 { return nil }
func (*movee) Close() error                                           { return nil }
func (*movee) Pack(_ []im.AccountID, done func([]plugin.File, error)) { done(nil, nil) }
func (p *movee) Unpack(from string, files []plugin.File, _ func(network, account string) (im.AccountID, bool), done func(plugin.Parcel, error)) {
	p.unpack(from, files, done)
}

type parcel struct {
	contents []plugin.Content
	leftOut  []string
	took     []im.AccountID
	weaker   []im.AccountID
	replaced bool
	wiped    int
	err      error
}

func (p *parcel) Contents() []plugin.Content { return p.contents }
func (p *parcel) LeftOut() []string          { return p.leftOut }
func (p *parcel) Take(want plugin.Wanted, done func([]string, error)) {
	p.took, p.weaker, p.replaced = want.Accounts, want.Weaker, want.Replace
	done([]string{"The key was taken."}, p.err)
}
func (p *parcel) Wipe() { p.wiped++ }

func TestPluginsTakeTheirOwn(t *testing.T) {
	for _, choice := range []string{"ours", "theirs", "none"} {
		t.Run(choice, func(t *testing.T) {
			got := &parcel{contents: []plugin.Content{
				{Account: "fake:alice@x", Label: "a private key", Clash: "Here is key A, there is key B."},
				{Account: "fake:alice@x", Label: "3 fingerprints"}, {Label: "settings"}, {Account: "fake:nobody@x", Label: "x"},
			}, leftOut: []string{"One key is left out."}, err: errors.New("one was bad")}
			p := &movee{unpack: func(from string, files []plugin.File, done func(plugin.Parcel, error)) {
				if from != "pidgin" || len(files) != 1 || string(files[0].Data) != "secret" {
					panic("wrong files")
				}
				done(got, nil)
			}}
			newcomer(t, []plugin.Plugin{p}, func(net *fakenet, a *scenetest.Actor, _ *storage.Memory, _ *storage.MemoryVault) {
				x := house()
				secret := []byte("secret")
				x.From, x.Files = "pidgin", map[string][]plugin.File{"": {{Name: "keys", Data: secret}}}
				a.M.BringIn(x)
				if got := arrivals(a); !slices.Contains(got, "Yes|Moving Things|alice@x|A private key; 3 fingerprints") || !slices.Contains(got, "Yes|Moving Things||Settings") {
					t.Errorf("the preview is\n%s", strings.Join(got, "\n"))
				}
				a.Reads("Bring In", "One key is left out.")
				if choice == "none" {
					a.Answer("Bring In", "cancel")
					synctest.Wait()
				} else {
					a.Answer("Bring In", "take")
					a.Reads("Which Keys", "Here is key A")
					a.Answer("Which Keys", choice)
					a.Reads("Bring In", "The key was taken.")
					a.Reads("Bring In", "One was bad.")
					if !slices.Equal(got.took, []im.AccountID{"fake:alice@x", ""}) || got.replaced != (choice == "theirs") {
						t.Errorf("took %q, replace %v", got.took, got.replaced)
					}
				}
				if got.wiped == 0 || string(secret) == "secret" {
					t.Error("the secrets were not wiped")
				}
			})
		})
	}
}

func TestPluginsThatFailDoNotStopTheRest(t *testing.T) {
	for name, unpack := range map[string]func(string, []plugin.File, func(plugin.Parcel, error)){
		"error": func(_ string, _ []plugin.File, done func(plugin.Parcel, error)) {
			done(nil, errors.New("the file is damaged"))
		},
		"panic":   func(string, []plugin.File, func(plugin.Parcel, error)) { panic("x") },
		"nothing": func(_ string, _ []plugin.File, done func(plugin.Parcel, error)) { done(nil, nil) },
		"silence": func(string, []plugin.File, func(plugin.Parcel, error)) {},
	} {
		t.Run(name, func(t *testing.T) {
			newcomer(t, []plugin.Plugin{&movee{unpack: unpack}}, func(net *fakenet, a *scenetest.Actor, _ *storage.Memory, _ *storage.MemoryVault) {
				x := house()
				x.Files = map[string][]plugin.File{"movee": {{Name: "keys", Data: []byte("x")}}}
				a.M.BringIn(x)
				if name == "silence" {
					a.Reads("Bring In", "Looking through it")
					a.Plugin("movee", "disable")
				}
				a.Answer("Bring In", "take")
				a.Reads("Bring In", "500 lines of your")
			})
		})
	}
}
