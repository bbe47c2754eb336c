package messenger_test

import (
	"context"
	"errors"
	"image"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"culver/im"
	"culver/messenger"
	"culver/messenger/scenetest"
	"culver/protocol"
)

// doornet is a network with servers that make accounts.
type doornet struct {
	*fakenet
	mu        sync.Mutex
	asked     []map[string]string // how they were to be reached
	err       error               // they cannot be
	questions protocol.Questions  // what they want to know
	answered  []map[string]string // what they were told
	refuse    []error             // in turn, before they agree
	open      int                 // connections that wait
	hold      chan struct{}       // unless nil, they answer when it is closed
	slow      chan struct{}       // unless nil, they make the account when it is closed
	deaf      bool                // and do not notice that nobody waits for it any more
}

func (*doornet) Servers() []string { return []string{"one.example", "two.example"} }

func (n *doornet) Register(ctx context.Context, server string, answers map[string]string) (protocol.Registration, error) {
	if n.hold != nil {
		<-n.hold
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	n.asked = append(n.asked, map[string]string{"host": server, "pin": answers[protocol.FieldPin], "proxy": answers[protocol.FieldProxyHost] + " " + answers[protocol.FieldProxyPassword]})
	if n.err != nil {
		return nil, n.err
	}
	n.open++
	proxy, err := protocol.CheckProxy(func(id string) string { return answers[id] })
	return &door{n, server, proxy}, err
}

type door struct {
	net     *doornet
	server  string
	options map[string]string // how it was reached
}

func (d *door) Questions() protocol.Questions { return d.net.questions }
func (d *door) Close() {
	d.net.mu.Lock()
	defer d.net.mu.Unlock()
	d.net.open--
}
func (d *door) Submit(ctx context.Context, answers map[string]string) (im.Account, error) {
	if d.net.deaf {
		ctx = context.Background()
	}
	select {
	case <-d.net.slow:
	case <-ctx.Done():
		return im.Account{}, ctx.Err()
	}
	d.net.mu.Lock()
	defer d.net.mu.Unlock()
	d.net.answered = append(d.net.answered, answers)
	if len(d.net.refuse) > 0 {
		err := d.net.refuse[0]
		d.net.refuse = d.net.refuse[1:]
		return im.Account{}, err
	}
	return im.Account{ID: im.NewAccountID("fake", answers[protocol.FieldName]+"@"+d.server), Options: maps.Clone(d.options)}, nil
}

var someQuestions = protocol.Questions{
	Words: "Be\u202e kind.",
	Fields: []im.Field{
		{ID: protocol.FieldName, Kind: im.FieldText, Label: "Username"},
		{ID: protocol.FieldPassword, Kind: im.FieldSecret, Label: "Password"},
		{ID: "ocr", Kind: im.FieldText, Label: "What does the picture\u202e say?"},
		{ID: "remember", Kind: im.FieldText, Label: "A name that is ours"},
		{Kind: im.FieldImage, Image: image.NewGray(image.Rect(0, 0, 9, 9))},
	},
}

// withoutAccount is somebody without an account.
func withoutAccount(t *testing.T, n *doornet) (*home, *scenetest.Actor) {
	n.fakenet = newFakenet()
	if n.slow == nil {
		n.slow = make(chan struct{})
		close(n.slow)
	}
	h := newHome()
	m := messenger.New(messenger.Config{Store: h.store, Vault: h.vault, Networks: []protocol.Protocol{n}})
	return h, scenetest.Join(t, "somebody", m)
}

const (
	registerTitle = "Create an Account"
	goodPassword  = "vjw82 kfp1m 4xz9q"
)

func TestAnAccountIsMade(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := &doornet{questions: someQuestions, refuse: []error{&protocol.Refusal{Text: "The letters were other ones."}}}
		h, a := withoutAccount(t, n)
		defer a.Quit()
		begins(a)
		a.Answer("Welcome", "register")
		a.Answer(registerTitle, "next", "host=", "otherhost=  ")
		a.Reads(registerTitle, "Type the name of the server")
		a.Answer(registerTitle, "next", "host=two.example", "pin=abc")
		form := a.Form(registerTitle, "create").Form
		for _, f := range form.Tabs[0].Fields {
			if f.Kind == im.FieldNote && f.Label != "The server says: Be kind." || f.ID == "server.ocr" && f.Label != "What does the picture say?" {
				t.Errorf("%q is not clean", f.Label)
			}
		}
		a.Answer(registerTitle, "create", "server.password="+goodPassword, "repeat="+goodPassword)
		a.Reads(registerTitle, "Choose a name")
		a.Answer(registerTitle, "create", "server.name=alice", "server.password=alice123", "repeat=alice123")
		a.Reads(registerTitle, "easy to guess")
		a.Answer(registerTitle, "create", "server.name=alice", "server.password="+goodPassword, "repeat=vjw82")
		a.Reads(registerTitle, "not the same")
		if len(n.answered) != 0 {
			t.Fatalf("the server was told %q", n.answered)
		}
		right := []string{"server.name=alice", "server.password=" + goodPassword, "repeat=" + goodPassword, "server.remember=x"}
		a.Answer(registerTitle, "create", append(right, "server.ocr=wrong")...)
		a.Reads(registerTitle, "The letters were other ones.")
		a.Answer(registerTitle, "create", append(right, "server.ocr=right")...)
		s := n.online()
		if s.password != goodPassword || s.account.ID != "fake:alice@two.example" {
			t.Errorf("signed in as %s with %q", s.account.ID, s.password)
		}
		a.Until("the end of the window", func() bool { return len(a.Dialogs) == 0 })
		synctest.Wait()
		if b, err := h.vault.Get(context.Background(), "password/fake:alice@two.example"); string(b) != goodPassword {
			t.Errorf("kept %q, %v", b, err)
		}
		want := map[string]string{"name": "alice", "password": goodPassword, "ocr": "right", "remember": "x"}
		if got := n.answered[len(n.answered)-1]; !equalMaps(got, want) {
			t.Errorf("the server was told %q, want %q", got, want)
		}
		if len(n.asked) != 2 || n.asked[0]["pin"] != "abc" || n.open != 0 {
			t.Errorf("asked %q, %d connections left", n.asked, n.open)
		}
	})
}

func equalMaps(a, b map[string]string) bool {
	if len(a) != len(b) {
		return false
	}
	for k, v := range a {
		if w, ok := b[k]; !ok || v != w {
			return false
		}
	}
	return true
}

// A password is told how good it is, or made up, and then it can be copied.
func TestAPasswordIsMadeUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := &doornet{questions: someQuestions}
		_, a := withoutAccount(t, n)
		defer a.Quit()
		begins(a)
		a.Answer("Welcome", "register")
		a.Answer(registerTitle, "next", "host=one.example")
		field := func(id string) im.Field {
			synctest.Wait()
			fields := a.Form(registerTitle, "create").Form.Tabs[0].Fields
			if i := slices.IndexFunc(fields, func(f im.Field) bool { return f.ID == id }); i >= 0 {
				return fields[i]
			}
			return im.Field{}
		}
		a.Answer(registerTitle, "create") // the window is there
		a.Answer(registerTitle, "server.password", "server.password=pass")
		a.Until("a word on it", func() bool { return field("strength").Label == "Easy to guess" })
		a.Answer(registerTitle, "makeup")
		a.Until("a password", func() bool { return field("madeup").Value != "" })
		made := field("madeup").Value
		if field("server.password").Value != made || field("repeat").Value != made || field("strength").Label != "Strong" {
			t.Errorf("made %q, but shown are %+v", made, a.Form(registerTitle, "create").Form.Tabs[0].Fields)
		}
		a.Answer(registerTitle, "create", "server.name=alice", "server.password="+made, "repeat="+made)
		if s := n.online(); s.password != made {
			t.Errorf("signed in with %q", s.password)
		}
	})
}

// What the account was made through it is signed in through.
func TestAnAccountIsMadeThroughAProxy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := &doornet{questions: someQuestions}
		_, a := withoutAccount(t, n)
		defer a.Quit()
		begins(a)
		a.Answer("Welcome", "register")
		a.Answer(registerTitle, "next", "host=one.example", "proxy=socks5", "proxy_host=p", "proxy_user=me", "proxy_password=canary")
		a.Answer(registerTitle, "create", "server.name=alice", "server.password="+goodPassword, "repeat="+goodPassword)
		s := n.online()
		if s.account.Option("proxy_host") != "p" || s.proxy != "canary" {
			t.Errorf("signed in through %v with %q", s.account.Options, s.proxy)
		}
	})
}

// An account that was made while the window was closed is not lost; where nobody knows
// whether it was, that is told.
func TestTheWindowIsClosedWhileAnAccountIsMade(t *testing.T) {
	for _, deaf := range []bool{true, false} {
		synctest.Test(t, func(t *testing.T) {
			n := &doornet{questions: someQuestions, slow: make(chan struct{}), deaf: deaf}
			h, a := withoutAccount(t, n)
			defer a.Quit()
			begins(a)
			a.Answer("Welcome", "register")
			a.Answer(registerTitle, "next", "host=one.example")
			a.Answer(registerTitle, "create", "server.name=alice", "server.password="+goodPassword, "repeat="+goodPassword)
			a.Reads(registerTitle, "Creating the account…")
			a.Answer(registerTitle, "cancel")
			a.Until("the end of the window", func() bool { return len(a.Dialogs) == 0 })
			if !deaf {
				a.Until("a word on it", func() bool { return len(a.Trouble) == 1 && strings.Contains(a.Trouble[0], "may be there all the same") })
				return
			}
			close(n.slow)
			if s := n.online(); s.password != goodPassword {
				t.Errorf("signed in with %q", s.password)
			}
			if list, _ := h.store.Accounts(); len(list) != 1 {
				t.Errorf("accounts %+v", list)
			}
		})
	}
}

func TestNoAccountIsMade(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := &doornet{err: errors.New("one.example makes no accounts")}
		h, a := withoutAccount(t, n)
		defer a.Quit()
		begins(a)
		a.Answer("Welcome", "register")
		a.Answer(registerTitle, "next", "host=one.example")
		a.Reads(registerTitle, "One.example makes no accounts.")

		n.err, n.questions = nil, protocol.Questions{Page: "https://one.example/new"}
		a.Answer(registerTitle, "next", "host=one.example")
		prose := a.Form(registerTitle, "signin").Form.Tabs[0].Fields[0].Prose
		if prose[len(prose)-1].Link != "https://one.example/new" {
			t.Errorf("it leads to %+v", prose)
		}
		a.Answer(registerTitle, "back")

		n.questions, n.hold = someQuestions, make(chan struct{})
		a.Answer(registerTitle, "next", "host=two.example")
		a.Reads(registerTitle, "Asking two.example…")
		a.Answer(registerTitle, "cancel")
		close(n.hold)
		a.Until("the end of the window", func() bool { return len(a.Dialogs) == 0 })
		synctest.Wait()
		if n.open != 0 {
			t.Errorf("%d connections are left", n.open)
		}
		if list, _ := h.store.Accounts(); len(list) != 0 {
			t.Errorf("accounts %+v", list)
		}
	})
}
