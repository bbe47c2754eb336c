package xmpp

import (
	"bytes"
	"image"
	"image/png"
	"slices"
	"strings"
	"testing"

	"mellium.im/xmpp/jid"

	"culver/im"
	"culver/internal/testkit"
	"culver/protocol"
)

// roundTrip waits until the server has handled all that was sent before.
func roundTrip(t *testing.T, c *client) {
	t.Helper()
	done := make(chan struct{})
	on(t, c, func(l *link) {
		must(t, l.ask("", "get", newElement(nsPing, "ping"), func(*element) { close(done) }))
	})
	<-done
}

// TestServersCarryNoAnswersToStrangers: a stranger at the same server sends all that a
// program may answer, and hears nothing (T4).
func TestServersCarryNoAnswersToStrangers(t *testing.T) {
	testkit.OnServers(t, testkit.ServerOptions{}, func(t *testing.T, s *testkit.Server) {
		alice, eve := servedBy(t, s, s.Fresh(t, "alice")), servedBy(t, s, s.Fresh(t, "eve"))
		var full, bare string
		on(t, alice, func(l *link) { full, bare = l.self.String(), l.bare })
		heard := make(chan string, 1024)
		listen := func(e *element, from jid.JID) bool {
			// What the server says of itself about somebody comes from their bare address.
			said := from.Resourcepart() == "" && e.attr("type") == "unavailable"
			if from.Bare().String() == bare && e.attr("type") != "error" && !said {
				heard <- e.name + " " + e.attr("type") + " " + string(e.marshal())
			}
			return false
		}
		on(t, eve, func(l *link) {
			l.extensions = slices.Insert(l.extensions, 0, extension{message: listen, presence: listen})
		})
		for what, probe := range probes {
			if what == "a probe" {
				continue // of presence: servers answer that themselves
			}
			e := parsed(t, strings.NewReplacer("'E'", "'x@localhost'", "'B'", "'x@localhost'").Replace(probe))
			e.attrs = slices.DeleteFunc(e.attrs, func(a attr) bool { return a.name == "from" })
			on(t, eve, func(l *link) {
				if e.name != "iq" {
					must(t, l.send(e.with("to", full)))
					return
				}
				if e.attr("type") == "result" || len(e.children) == 0 {
					return // no server carries that
				}
				// An error is an answer, too. What holds the question as well is not ours: ejabberd
				// answers some by itself.
				must(t, l.ask(full, e.attr("type"), e.children[0], func(answer *element) {
					if len(answer.children) == 1 {
						heard <- what + ": " + string(answer.marshal())
					}
				}))
			})
		}
		must(t, eve.Send(protocol.Outgoing{ID: "last", To: im.Addr{Bare: bare}, Body: "the last one"}))
		wait(alice, func(e protocol.Received) bool { return e.Body == "the last one" })
		roundTrip(t, alice)
		roundTrip(t, eve)
		for len(heard) > 0 {
			t.Errorf("the stranger heard %s", <-heard)
		}
	})
}

// TestBlockingAtServers: who is blocked does not come through, and does again later; the
// user's other devices are told.
func TestBlockingAtServers(t *testing.T) {
	testkit.OnServers(t, testkit.ServerOptions{}, func(t *testing.T, s *testkit.Server) {
		ours := s.Fresh(t, "alice")
		alice, other, eve := servedBy(t, s, ours), servedBy(t, s, ours), servedBy(t, s, s.Fresh(t, "eve"))
		var mallory string
		on(t, eve, func(l *link) { mallory = l.bare })
		wait[protocol.Blocked](alice, nil)
		wait[protocol.Blocked](other, nil)
		say := func(body string) { must(t, eve.Send(protocol.Outgoing{To: im.Addr{Bare: ours.Bare}, Body: body})) }

		say("before")
		wait(alice, func(e protocol.Received) bool { return e.Body == "before" })
		must(t, alice.Block(protocol.Spam, mallory, "spam.example"))
		for _, c := range []*client{alice, other} {
			wait(c, func(e protocol.Blocked) bool { return slices.Equal(e.Addresses, []string{mallory, "spam.example"}) })
		}
		say("blocked")
		must(t, eve.Subscribe(ours.Bare, "let me in"))
		roundTrip(t, eve)
		must(t, alice.Send(protocol.Outgoing{ID: "m", To: im.Addr{Bare: mallory}, Body: "x"}))
		if r := wait[protocol.Rejected](alice, nil); !strings.Contains(r.Reason, "You have blocked "+mallory) {
			t.Errorf("%+v", r)
		}
		must(t, alice.Unblock(mallory))
		wait(alice, func(e protocol.Blocked) bool { return slices.Equal(e.Addresses, []string{"spam.example"}) })
		say("after")
		if r := wait[protocol.Received](alice, nil); r.Body != "after" {
			t.Errorf("%+v", r)
		}
	})
}

// TestWhatServersOffer: rooms and files are found, and friends learn what we can do.
func TestWhatServersOffer(t *testing.T) {
	testkit.OnServers(t, testkit.ServerOptions{}, func(t *testing.T, s *testkit.Server) {
		a, b := s.FreshFriends(t, "alice", "bob")
		alice, bob := servedBy(t, s, a), servedBy(t, s, b)
		known := make(chan *services, 1)
		on(t, alice, func(l *link) { l.whenKnown(func(s *services) { known <- s }) })
		offered := <-known
		domain := jid.MustParse(s.Host)
		for _, f := range []string{"http://jabber.org/protocol/muc", "urn:xmpp:http:upload:0", nsBlocking} {
			if found, ok := offered.with(domain, f); !ok {
				t.Errorf("%s is offered by %+v", f, found)
			}
		}
		wait(alice, func(e protocol.PresenceChanged) bool { return e.From.Bare == b.Bare && e.Presence.Show != im.Offline })
		var full jid.JID
		on(t, bob, func(l *link) { full = l.self })
		told := make(chan *info, 1)
		on(t, alice, func(l *link) { l.learn(full, func(i *info) { told <- i }) })
		if i := <-told; !i.has(nsCaps) || !i.is("client", "pc") {
			t.Errorf("bob can do %+v", i)
		}
		on(t, alice, func(l *link) {
			if len(l.others.proven) != 1 || len(l.others.own) != 0 {
				t.Error("bob's answer was not proven by his presence")
			}
		})
	})
}

// TestPicturesAtServers: a picture reaches a friend, newer than it was and by its vCard,
// and is gone again.
func TestPicturesAtServers(t *testing.T) {
	testkit.OnServers(t, testkit.ServerOptions{}, func(t *testing.T, s *testkit.Server) {
		a, b := s.FreshFriends(t, "alice", "bob")
		alice, bob := servedBy(t, s, a), servedBy(t, s, b)
		wait(bob, func(e protocol.PresenceChanged) bool { return e.From.Bare == a.Bare && e.Presence.Show != im.Offline })
		picture := onePixel(t)
		must(t, alice.SetPicture(picture, 1))
		if !wait[protocol.PictureSet](alice, nil).OK {
			t.Fatal("the server did not take it")
		}
		must(t, alice.AskOwnPicture())
		if e := wait[protocol.OwnPicture](alice, nil); e.Failed || !bytes.Equal(e.Data, picture) {
			t.Errorf("of herself alice got %d bytes, %v", len(e.Data), e.Failed)
		}
		id := hashOf(string(picture))
		wait(bob, func(e protocol.PictureChanged) bool { return e.Bare == a.Bare && e.ID == id })
		must(t, bob.FetchPicture(a.Bare, id))
		if e := wait[protocol.PictureFetched](bob, nil); !bytes.Equal(e.Data, picture) {
			t.Errorf("got %d bytes", len(e.Data))
		}
		// The server has made a vCard of it, for older programs.
		on(t, bob, func(l *link) { l.portraits[a.Bare] = portrait{id, false} })
		must(t, bob.FetchPicture(a.Bare, id))
		if e := wait[protocol.PictureFetched](bob, nil); !bytes.Equal(e.Data, picture) {
			t.Errorf("got %d bytes of the vCard", len(e.Data))
		}
		must(t, bob.FetchProfile(a.Bare))
		if e := wait[protocol.ProfileFetched](bob, nil); e.Failed || len(e.Fields) != 0 {
			t.Errorf("%+v", e)
		}
		on(t, bob, func(l *link) { l.portraits[a.Bare] = portrait{id, true} })
		must(t, alice.SetPicture(nil, 0))
		wait[protocol.PictureSet](alice, nil)
		wait(bob, func(e protocol.PictureChanged) bool { return e.Bare == a.Bare && e.ID == "" })
		for _, c := range []*client{alice, bob} { // bob has never had one
			must(t, c.AskOwnPicture())
			if e := wait[protocol.OwnPicture](c, nil); e.Failed || e.Data != nil {
				t.Errorf("%+v", e)
			}
		}
	})
}

func onePixel(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	must(t, png.Encode(&b, image.NewNRGBA(image.Rect(0, 0, 1, 1))))
	return b.Bytes()
}
