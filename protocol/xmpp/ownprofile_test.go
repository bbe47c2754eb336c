package xmpp

import (
	"strings"
	"testing"

	"culver/internal/testkit"
	"culver/protocol"
	"culver/protocol/xmpp/xmpptest"
)

func TestOwnCard(t *testing.T) {
	for _, c := range []struct{ before, path, text, after string }{
		{"", "FN", "A <b>", "<FN>A &lt;b&gt;</FN>"},
		{"", "FN", "", ""},
		{"<FN>x</FN><PHOTO><BINVAL>YQ==</BINVAL></PHOTO>", "FN", "y", "<FN>y</FN><PHOTO><BINVAL>YQ==</BINVAL></PHOTO>"},
		{"<FN>x</FN><PHOTO/>", "FN", "", "<PHOTO/>"},
		{"<EMAIL><HOME/><USERID>a@b</USERID></EMAIL><EMAIL><USERID>c@d</USERID></EMAIL>", "EMAIL/USERID", "e@f", "<EMAIL><HOME/><USERID>e@f</USERID></EMAIL><EMAIL><USERID>c@d</USERID></EMAIL>"},
		{"<EMAIL/>", "EMAIL/USERID", "e@f", "<EMAIL><INTERNET/><USERID>e@f</USERID></EMAIL>"},
		{"<EMAIL><USERID> </USERID></EMAIL><EMAIL><USERID>c@d</USERID></EMAIL>", "EMAIL/USERID", "", "<EMAIL><USERID> </USERID></EMAIL>"},
		{"<FN/><TITLE>t</TITLE>", "FN", "y", "<FN>y</FN><TITLE>t</TITLE>"},
		{"<x xmlns='y'/><FN a='b'>x<y/><bad/></FN><a--/><FN>z</FN>", "FN", "y", "<FN>y</FN><FN>z</FN>"},
	} {
		card := cleanCard(parseXML(t, "<vCard xmlns='vcard-temp'>"+c.before+"</vCard>"))
		setCardText(card, c.path, c.text, []string{"INTERNET"})
		want := "<vCard xmlns='vcard-temp'>" + c.after + "</vCard>"
		if c.after == "" {
			want = "<vCard xmlns='vcard-temp'/>"
		}
		if got := string(card.marshal()); got != want {
			t.Errorf("%s: %q at %s makes %s", c.before, c.text, c.path, got)
		}
	}
}

// What cannot be read is not replaced, and nothing is told that the user did not change.
func TestOwnProfileThatIsNotKnown(t *testing.T) {
	o := xmpptest.Options{}
	server := xmpptest.Start(t, o)
	c := run(t, dial(t, server, o, endless))
	wire := server.Accept()
	wait[protocol.Roster](c, nil)
	for _, bad := range []string{
		"<iq type='error' id='%s'><error type='wait'><internal-server-error xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>",
		"<iq type='error' id='%s'><vCard xmlns='vcard-temp'><FN>x</FN></vCard></iq>",
	} {
		must(t, c.SetOwnProfile([]protocol.ProfileField{{ID: "FN", Value: "x"}}))
		for {
			if e := wire.Next(); strings.Contains(e.Inner, nsVCard) {
				wire.Send(bad, e.Attr("id"))
				break
			}
		}
		if e := wait[protocol.OwnProfileSet](c, nil); !strings.Contains(e.Problem, "nothing was changed") {
			t.Errorf("it says %q", e.Problem)
		}
	}
	for _, e := range fence(t, wire) {
		if e.Attr("type") == "set" {
			t.Errorf("it changed %s", e.Inner)
		}
	}
	if err := c.SetOwnProfile([]protocol.ProfileField{{ID: "FN", Value: strings.Repeat("x", maxProfileValue+1)}}); err == nil {
		t.Error("a name of any length is taken")
	}
}

// On both servers others read what the user tells, the picture stays, and it can be taken
// back.
func TestServerOwnProfile(t *testing.T) {
	servers.On(t, func(t *testing.T, s *testkit.Server) {
		a, b := s.FreshFriends(t, "alice", "bob")
		alice, bob := enter(t, s, a), enter(t, s, b)
		read := func() map[string]string {
			t.Helper()
			must(t, alice.AskOwnProfile())
			e := wait[protocol.OwnProfile](alice, nil)
			if e.Failed || len(e.Fields) != len(ownFields) {
				t.Fatalf("%+v", e)
			}
			values := map[string]string{}
			for _, f := range e.Fields {
				values[f.Label] = f.Value
			}
			return values
		}
		for label, value := range read() {
			if value != "" {
				t.Errorf("%s is %q, of somebody who told nothing", label, value)
			}
		}
		must(t, alice.SetPicture(onePixel(t), 1))
		if !wait[protocol.PictureSet](alice, nil).OK {
			t.Fatal("no picture")
		}
		set := func(fields ...protocol.ProfileField) {
			t.Helper()
			must(t, alice.SetOwnProfile(fields))
			if e := wait[protocol.OwnProfileSet](alice, nil); e.Problem != "" {
				t.Error(e.Problem)
			}
		}
		theirs := func() string {
			t.Helper()
			must(t, bob.FetchProfile(a.Bare))
			var all []string
			for _, f := range wait[protocol.ProfileFetched](bob, nil).Fields {
				all = append(all, f.Label+"="+f.Value)
			}
			return strings.Join(all, " ")
		}
		set(protocol.ProfileField{ID: "FN", Value: "Alice <A&B>"}, protocol.ProfileField{ID: "NICKNAME", Value: "Al"}, protocol.ProfileField{ID: "EMAIL/USERID", Value: "a@b.example"})
		if got := theirs(); got != "Full name=Alice <A&B> Nickname=Al E-mail=a@b.example" {
			t.Errorf("bob reads %q", got)
		}
		s.WaitStanza(t, "> ", nsNick, "publish", ">Al<")
		set(protocol.ProfileField{ID: "EMAIL/USERID", Value: ""}, protocol.ProfileField{ID: "URL", Value: "https://a.example/"})
		if got := read(); got["Full name"] != "Alice <A&B>" || got["Nickname"] != "Al" || got["E-mail"] != "" || got["Web page"] != "https://a.example/" {
			t.Errorf("it is %v", got)
		}
		card := askFor(t, bob, a.Bare, "get", newElement(nsVCard, "vCard"))
		if avatarOf(card, false) == "" {
			t.Error("the picture is gone")
		}
		if strings.Count(s.Stanzas(), "node='"+nsNick+"'") > 0 && len(lines(s.Stanzas(), "> "+a.Bare, nsNick, "publish")) != 1 {
			t.Error("the nickname was told again")
		}
	})
}
