package xmpp

import (
	"strings"
	"testing"

	"culver/im"
	"culver/internal/testkit"
	"culver/protocol"
	"culver/protocol/xmpp/xmpptest"
)

const offersVersions = "<ver xmlns='urn:xmpp:features:rosterver'/>"

func knownBob(version string) (string, []im.Buddy) {
	return version, []im.Buddy{{Account: "xmpp:alice@" + xmpptest.Domain, Bare: "bob@" + xmpptest.Domain, Name: "Bob", Groups: []string{"Friends"}, Subscription: im.SubscriptionBoth}}
}

func bares(buddies []im.Buddy) string {
	var all []string
	for _, b := range buddies {
		all = append(all, b.Bare)
	}
	return strings.Join(all, " ")
}

// The stored list is taken for the server's only if the server says so; all else ends in
// asking for the whole.
func TestRosterVersions(t *testing.T) {
	const (
		carol  = "<item jid='carol@test.example' subscription='both'/>"
		list   = "<iq type='result' id='%s'><query xmlns='jabber:iq:roster' ver='v2'>" + carol + "</query></iq>"
		same   = "<iq type='result' id='%s'/>"
		failed = "<iq type='error' id='%s'><error type='cancel'><item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>"
	)
	type step struct{ asked, answer string } // asked: what is in the request; "-": no version
	for name, c := range map[string]struct {
		offered string
		known   string
		steps   []step
		list    string
		version []string
	}{
		"not offered":                         {"", "v1", []step{{"-", list}}, "carol@test.example", nil},
		"nothing known":                       {offersVersions, "", []step{{"ver=''", list}}, "carol@test.example", []string{"v2"}},
		"unchanged":                           {offersVersions, "v1", []step{{"ver='v1'", same}}, "bob@test.example", []string{"v1"}},
		"changed":                             {offersVersions, "v1", []step{{"ver='v1'", list}}, "carol@test.example", []string{"v2"}},
		"refused":                             {offersVersions, "v1", []step{{"ver='v1'", failed}, {"ver=''", list}}, "carol@test.example", []string{"v2"}},
		"odd answer":                          {offersVersions, "v1", []step{{"ver='v1'", "<iq type='result' id='%s'><x xmlns='y'/></iq>"}, {"ver=''", list}}, "carol@test.example", []string{"v2"}},
		"unchanged from what it did not tell": {offersVersions, "", []step{{"ver=''", same}, {"ver=''", list}}, "carol@test.example", []string{"v2"}},
		"emptied":                             {offersVersions, "v1", []step{{"ver='v1'", "<iq type='result' id='%s'><query xmlns='jabber:iq:roster' ver='v3'/></iq>"}}, "", []string{"v3"}},
		"no name":                             {offersVersions, "v1", []step{{"ver='v1'", strings.Replace(list, " ver='v2'", "", 1)}}, "carol@test.example", []string{""}},
		"too long a name":                     {offersVersions, "v1", []step{{"ver='v1'", strings.Replace(list, "v2", strings.Repeat("v", maxRosterVersion+1), 1)}}, "carol@test.example", []string{""}},
		"too long a name known":               {offersVersions, strings.Repeat("v", maxRosterVersion+1), []step{{"ver=''", list}}, "carol@test.example", []string{"v2"}},
		"a name that is markup":               {offersVersions, `"/><x y="&`, []step{{`ver='"/&gt;&lt;x y="&amp;'`, same}}, "bob@test.example", []string{`"/><x y="&`}},
		"a name that cannot be written":       {offersVersions, "v\x00", []step{{"ver=''", list}}, "carol@test.example", []string{"v2"}},
		"a change before the answer": {offersVersions, "v1", []step{{"ver='v1'",
			"<iq type='set' id='p'><query xmlns='jabber:iq:roster' ver='v9'><item jid='carol@test.example' subscription='none'/></query></iq>" + same}, {"ver=''", list}}, "carol@test.example", []string{"v9", "v2"}},
	} {
		t.Run(name, func(t *testing.T) {
			o := xmpptest.Options{HoldRoster: true, Offered: c.offered}
			server := xmpptest.Start(t, o)
			p := endless
			p.relist = 1
			s := dial(t, server, o, p)
			if c.known != "" {
				s.KnownList(knownBob(c.known))
			}
			conn := run(t, s)
			wire := server.Accept()
			for _, step := range c.steps {
				asked := wire.Next()
				for !strings.Contains(asked.Inner, "jabber:iq:roster") || asked.Attr("type") != "get" {
					asked = wire.Next()
				}
				if step.asked == "-" && strings.Contains(asked.Inner, "ver=") || step.asked != "-" && !strings.Contains(asked.Inner, step.asked) {
					t.Fatalf("it asked %s", asked.Inner)
				}
				wire.Send(step.answer, asked.Attr("id"))
			}
			if got := bares(wait[protocol.Roster](conn, nil).Buddies); got != c.list {
				t.Errorf("the list is %q", got)
			}
			wire.Send("<iq type='set' id='q'><query xmlns='jabber:iq:roster' ver='last'><item jid='dave@test.example' subscription='both'/></query></iq>")
			var versions []string
			for len(versions) == 0 || versions[len(versions)-1] != "last" {
				if c.offered == "" {
					wait[protocol.BuddyChanged](conn, nil)
					break
				}
				versions = append(versions, wait[protocol.ListVersion](conn, nil).Version)
			}
			if got := strings.Join(versions, " "); len(c.version) > 0 && !strings.HasSuffix(got, c.version[len(c.version)-1]+" last") || len(c.version) == 0 && got != "" {
				t.Errorf("the versions are %q", got)
			}
		})
	}
}

// What is known is told as it was given, and known to the link: who is on it is no stranger.
func TestRosterVersionsKeepWhatIsKnown(t *testing.T) {
	o := xmpptest.Options{HoldRoster: true, Offered: offersVersions}
	server := xmpptest.Start(t, o)
	s := dial(t, server, o, endless)
	s.KnownList(knownBob("v1"))
	c := run(t, s)
	wire := server.Accept()
	wire.Send("<iq type='result' id='%s'/>", wire.Next().Attr("id"))
	got := wait[protocol.Roster](c, nil).Buddies
	if len(got) != 1 || got[0].Name != "Bob" || got[0].Groups[0] != "Friends" || got[0].Subscription != im.SubscriptionBoth {
		t.Errorf("the list is %+v", got)
	}
	got[0].Groups[0] = "changed by whoever got it"
	wire.Send("<iq type='get' id='1' from='bob@test.example/x'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>")
	for {
		if e := wire.Next(); e.Attr("id") == "1" {
			if e.Attr("type") != "result" {
				t.Errorf("a buddy was answered with %s", e.Attr("type"))
			}
			break
		}
	}
}

// Both servers have versions: the list that is known does not go over the wire again, and
// what changed meanwhile does.
func TestServerRosterVersions(t *testing.T) {
	servers.On(t, func(t *testing.T, s *testkit.Server) {
		a, b := s.FreshFriends(t, "alice", "bob")
		sign := func(version string, known []im.Buddy) (*client, protocol.Roster, string) {
			session := newSession(Network{Roots: s.Pool}, at(t, s, a.Name), secret(a.Password), endless)
			session.KnownList(version, known)
			c := run(t, session)
			list := wait[protocol.Roster](c, nil)
			return c, list, wait[protocol.ListVersion](c, nil).Version
		}
		c, list, version := sign("", nil)
		if version == "" || bares(list.Buddies) != b.Bare {
			t.Fatalf("%q in version %q", bares(list.Buddies), version)
		}
		leave(t, c)

		before := len(s.Stanzas())
		c, again, same := sign(version, list.Buddies)
		must(t, c.SetPresence(im.Presence{Show: im.Away, Status: "fence"}))
		s.WaitStanza(t, "< ", a.Bare, "fence") // it tells us, too: all that it sent before is in the record
		if same != version || bares(again.Buddies) != b.Bare || len(lines(recordedSince(s, before), "< ", "jabber:iq:roster", b.Bare)) > 0 {
			t.Errorf("the same list came as version %q:\n%s", same, recordedSince(s, before))
		}
		must(t, c.SetBuddy(im.Buddy{Bare: "carol@" + s.Host, Name: "Carol"}))
		wait(c, func(e protocol.BuddyChanged) bool { return e.Buddy.Name == "Carol" })
		later := wait[protocol.ListVersion](c, nil).Version
		if later == version || later == "" {
			t.Errorf("after a change, the version is %q", later)
		}
		leave(t, c)

		c, changed, now := sign(version, list.Buddies) // of before the change
		for _, e := range []string{b.Bare, "carol@" + s.Host} {
			if !strings.Contains(bares(changed.Buddies), e) {
				wait(c, func(got protocol.BuddyChanged) bool { return got.Buddy.Bare == e })
			}
		}
		if now == "" {
			t.Error("there is no version any more")
		}
		leave(t, c)
		c, whole, _ := sign("a version that there never was", list.Buddies)
		if !strings.Contains(bares(whole.Buddies), "carol@") {
			wait(c, func(got protocol.BuddyChanged) bool { return got.Buddy.Name == "Carol" })
		}
		leave(t, c)
	})
}
