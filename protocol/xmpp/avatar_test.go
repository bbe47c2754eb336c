package xmpp

import (
	"bytes"
	"crypto/sha1"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"

	"culver/protocol"
	"culver/protocol/xmpp/xmpptest"
)

const face = "not really a picture"

func hashOf(data string) string {
	sum := sha1.Sum([]byte(data))
	return hex.EncodeToString(sum[:])
}

// told is an announcement of XEP-0084.
func toldOf(from, infos string) string {
	return "<message from='" + from + "' type='headline'><event xmlns='http://jabber.org/protocol/pubsub#event'><items node='urn:xmpp:avatar:metadata'>" +
		"<item id='x'><metadata xmlns='urn:xmpp:avatar:metadata'>" + infos + "</metadata></item></items></event></message>"
}

func infoTag(id, size, kind, more string) string {
	return "<info id='" + id + "' bytes='" + size + "' type='" + kind + "' " + more + "/>"
}

const avatarRoster = "<item jid='bob@x' subscription='both'/><item jid='to@x' subscription='to'/><item jid='from@x' subscription='from'/>"

// TestPicturesThatAreNotTaken: of strangers, of those whose presence we do not see, in
// another's name, elsewhere on the web, too large, of other kinds.
func TestPicturesThatAreNotTaken(t *testing.T) {
	c, conn := fake(t, xmpptest.Options{Roster: avatarRoster})
	good := infoTag(hashOf(face), "20", "image/png", "")
	for name, s := range map[string]string{
		"a stranger":     toldOf("eve@x", good),
		"from only":      toldOf("from@x", good),
		"a device":       toldOf("bob@x/r", good),
		"oneself":        toldOf("alice@test.example", good),
		"a room":         toldOf("room@conference.test.example/bob", good),
		"elsewhere":      toldOf("bob@x", infoTag(hashOf(face), "20", "image/png", "url='http://evil.example/'")),
		"too large":      toldOf("bob@x", infoTag(hashOf(face), fmt.Sprint(maxAvatar+1), "image/png", "")),
		"negative":       toldOf("bob@x", infoTag(hashOf(face), "-1", "image/png", "")),
		"no size":        toldOf("bob@x", infoTag(hashOf(face), "", "image/png", "")),
		"another kind":   toldOf("bob@x", infoTag(hashOf(face), "20", "image/svg+xml", "")),
		"an ID to climb": toldOf("bob@x", infoTag("../../../../../../../../../../../etc/pass", "20", "image/png", "")),
		"no metadata":    "<message from='bob@x'><event xmlns='http://jabber.org/protocol/pubsub#event'><items node='urn:xmpp:avatar:metadata'><item id='x'/></items></event></message>",
		"no item":        "<message from='bob@x'><event xmlns='http://jabber.org/protocol/pubsub#event'><items node='urn:xmpp:avatar:metadata'/></event></message>",
		"another node":   strings.Replace(toldOf("bob@x", good), "node='urn:xmpp:avatar:metadata'", "node='urn:other'", 1),
		"in presence":    "<presence from='eve@x/r'><x xmlns='vcard-temp:x:update'><photo>" + hashOf(face) + "</photo></x></presence>",
		"a bad hash":     "<presence from='bob@x/r'><x xmlns='vcard-temp:x:update'><photo>../x</photo></x></presence>",
		"not ready":      "<presence from='bob@x/r'><x xmlns='vcard-temp:x:update'/></presence>",
	} {
		conn.Send("%s", s)
		if sent := fence(t, conn); len(sent) != 0 {
			t.Errorf("%s: sent %+v", name, sent)
		}
		for len(c.events) > 0 {
			if e, ok := (<-c.events).(protocol.PictureChanged); ok {
				t.Errorf("%s: %+v", name, e)
			}
		}
	}
}

func TestPictures(t *testing.T) {
	c, conn := fake(t, xmpptest.Options{Roster: avatarRoster})
	id := hashOf(face)
	changed := func(want string) {
		t.Helper()
		if e := wait[protocol.PictureChanged](c, nil); e.Bare != "bob@x" && e.Bare != "to@x" || e.ID != want {
			t.Errorf("%+v", e)
		}
	}
	older := func(from, id string) {
		conn.Send("<presence from='%s'><x xmlns='vcard-temp:x:update'><photo>%s</photo></x></presence>", from, id)
	}
	older("bob@x/r", strings.ToUpper(hashOf("older")))
	changed(hashOf("older"))
	must(t, c.FetchPicture("bob@x", hashOf("older")))
	q := conn.Next()
	if q.Attr("to") != "bob@x" || !strings.Contains(q.Inner, "vcard-temp") {
		t.Errorf("asked %+v", q)
	}
	conn.Send("<iq type='result' from='bob@x' id='%s'><vCard xmlns='vcard-temp'><PHOTO><TYPE>image/png</TYPE><BINVAL>%s</BINVAL></PHOTO></vCard></iq>", q.Attr("id"), base64.StdEncoding.EncodeToString([]byte("older")))
	if e := wait[protocol.PictureFetched](c, nil); string(e.Data) != "older" {
		t.Errorf("%+v", e)
	}

	conn.Send("%s", toldOf("bob@x", infoTag("00", "1", "image/gif", "")+infoTag(id, "20", "image/jpeg", "")))
	changed(id)
	older("bob@x/r", hashOf("older")) // what is told the newer way counts
	conn.Send("%s", toldOf("bob@x", infoTag(id, "20", "image/jpeg", "")))
	if sent := fence(t, conn); len(sent) != 0 {
		t.Errorf("fetched without being asked: %+v", sent)
	}
	none[protocol.PictureChanged](c)
	for name, answer := range map[string]string{
		"another picture": "<data xmlns='urn:xmpp:avatar:data'>" + base64.StdEncoding.EncodeToString([]byte("another")) + "</data>",
		"too much":        "<data xmlns='urn:xmpp:avatar:data'>" + base64.StdEncoding.EncodeToString(make([]byte, maxAvatar+1)) + "</data>",
		"no base64":       "<data xmlns='urn:xmpp:avatar:data'>%%%</data>",
		"nothing":         "",
	} {
		must(t, c.FetchPicture("bob@x", id))
		q := conn.Next()
		conn.Send("<iq type='result' from='bob@x' id='"+q.Attr("id")+"'><pubsub xmlns='http://jabber.org/protocol/pubsub'><items node='urn:xmpp:avatar:data'><item id='x'>%s</item></items></pubsub></iq>", answer)
		if e := wait[protocol.PictureFetched](c, nil); e.Data != nil || e.ID != id {
			t.Errorf("%s: %d bytes", name, len(e.Data))
		}
	}
	must(t, c.FetchPicture("bob@x", id))
	q = conn.Next()
	text := base64.StdEncoding.EncodeToString([]byte(face))
	conn.Send("<iq type='result' from='bob@x' id='%s'><pubsub xmlns='http://jabber.org/protocol/pubsub'><items node='urn:xmpp:avatar:data'><item id='%s'><data xmlns='urn:xmpp:avatar:data'>%s\n %s</data></item></items></pubsub></iq>", q.Attr("id"), id, text[:8], text[8:])
	if e := wait[protocol.PictureFetched](c, nil); string(e.Data) != face {
		t.Errorf("%+v", e)
	}

	// Who may not know that we are here is not asked, nor for a picture that nobody has.
	conn.Send("%s", toldOf("to@x", infoTag(id, "20", "image/png", "")))
	changed(id)
	for who, id := range map[string]string{"to@x": id, "bob@x": hashOf("never told"), "eve@x": id} {
		must(t, c.FetchPicture(who, id))
		if e := wait[protocol.PictureFetched](c, nil); e.Data != nil || e.Bare != who {
			t.Errorf("%+v", e)
		}
	}
	if sent := fence(t, conn); len(sent) != 0 {
		t.Errorf("asked %+v", sent)
	}
	conn.Send("%s", toldOf("bob@x", ""))
	changed("")
}

func TestOwnPicture(t *testing.T) {
	c, conn := fake(t, xmpptest.Options{})
	must(t, c.SetPicture([]byte(face), 64))
	if e := wait[protocol.PictureSet](c, nil); e.OK {
		t.Error("set where the server keeps none")
	}
	on(t, c, func(l *link) { l.home.account = &info{identities: []identity{{category: "pubsub", kind: "pep"}}} })
	must(t, c.SetPicture([]byte(face), 64))
	q := conn.Next()
	if !strings.Contains(q.Inner, "node='urn:xmpp:avatar:data'") || !strings.Contains(q.Inner, "id='"+hashOf(face)+"'") || !strings.Contains(q.Inner, base64.StdEncoding.EncodeToString([]byte(face))) {
		t.Errorf("published %s", q.Inner)
	}
	conn.Send("<iq type='result' id='%s'/>", q.Attr("id"))
	q = conn.Next()
	if !strings.Contains(q.Inner, "<info id='"+hashOf(face)+"' bytes='20' type='image/png' width='64' height='64'/>") {
		t.Errorf("published %s", q.Inner)
	}
	conn.Send("<iq type='result' id='%s'/>", q.Attr("id"))
	if e := wait[protocol.PictureSet](c, nil); !e.OK {
		t.Error("not set")
	}
	must(t, c.SetPicture(nil, 0))
	q = conn.Next()
	if !strings.Contains(q.Inner, "<metadata xmlns='urn:xmpp:avatar:metadata'/>") {
		t.Errorf("published %s", q.Inner)
	}
	conn.Send("<iq type='error' id='%s'/>", q.Attr("id"))
	if e := wait[protocol.PictureSet](c, nil); e.OK {
		t.Error("set although the server refused")
	}
	if err := c.SetPicture(make([]byte, maxAvatar+1), 64); err == nil {
		t.Error("a huge one is sent")
	}
}

// What the server says of our own picture is taken as that of others is: of its size, its
// kind and its hash.
func TestAskOwnPicture(t *testing.T) {
	c, conn := fake(t, xmpptest.Options{})
	about := func(items string) string {
		return "<pubsub xmlns='http://jabber.org/protocol/pubsub'>" + items + "</pubsub>"
	}
	metadata := func(info string) string {
		return about("<items node='urn:xmpp:avatar:metadata'><item id='x'><metadata xmlns='urn:xmpp:avatar:metadata'>" + info + "</metadata></item></items>")
	}
	data := func(text string) string {
		return about("<items node='urn:xmpp:avatar:data'><item id='x'><data xmlns='urn:xmpp:avatar:data'>" + text + "</data></item></items>")
	}
	mine := fmt.Sprintf("<info id='%s' bytes='20' type='image/png'/>", hashOf(face))
	for name, test := range map[string]struct {
		first, second string // second: of the picture itself, if that is asked for
		want          protocol.OwnPicture
	}{
		"mine":           {metadata(mine), data(base64.StdEncoding.EncodeToString([]byte(face))), protocol.OwnPicture{Data: []byte(face)}},
		"another":        {metadata(mine), data(base64.StdEncoding.EncodeToString([]byte("another"))), protocol.OwnPicture{Failed: true}},
		"no data":        {metadata(mine), data(""), protocol.OwnPicture{Failed: true}},
		"taken away":     {metadata(""), "", protocol.OwnPicture{}},
		"never set":      {about("<items node='urn:xmpp:avatar:metadata'/>"), "", protocol.OwnPicture{}},
		"huge":           {metadata(strings.Replace(mine, "'20'", "'999999'", 1)), "", protocol.OwnPicture{Failed: true}},
		"elsewhere":      {metadata(strings.Replace(mine, "/>", " url='http://evil.example/'/>", 1)), "", protocol.OwnPicture{Failed: true}},
		"another node":   {about("<items node='x'/>"), "", protocol.OwnPicture{Failed: true}},
		"nothing at all": {"", "", protocol.OwnPicture{Failed: true}},
	} {
		must(t, c.AskOwnPicture())
		q := conn.Next()
		if q.Attr("to") != "" || !strings.Contains(q.Inner, "<items node='urn:xmpp:avatar:metadata'") {
			t.Errorf("%s: asked %+v", name, q)
		}
		conn.Send("<iq type='result' id='%s'>%s</iq>", q.Attr("id"), test.first)
		if test.second != "" {
			if q = conn.Next(); !strings.Contains(q.Inner, "<item id='"+hashOf(face)+"'/>") {
				t.Errorf("%s: asked %+v", name, q)
			}
			conn.Send("<iq type='result' id='%s'>%s</iq>", q.Attr("id"), test.second)
		}
		if e := wait[protocol.OwnPicture](c, nil); string(e.Data) != string(test.want.Data) || e.Failed != test.want.Failed {
			t.Errorf("%s: %+v", name, e)
		}
	}
	for condition, failed := range map[string]bool{"item-not-found": false, "forbidden": true} {
		must(t, c.AskOwnPicture())
		conn.Send("<iq type='error' id='%s'><error type='cancel'><%s xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>", conn.Next().Attr("id"), condition)
		if e := wait[protocol.OwnPicture](c, nil); e.Data != nil || e.Failed != failed {
			t.Errorf("%s: %+v", condition, e)
		}
	}
}

func FuzzAvatar(f *testing.F) {
	f.Add("aGVsbG8=", hashOf("hello"))
	f.Add("", "")
	f.Add("====", hashOf(""))
	f.Fuzz(func(t *testing.T, text, id string) {
		b, ok := readAvatar(text, id)
		if ok && (len(b) == 0 || len(b) > maxAvatar || !bytes.Equal([]byte(hashOf(string(b))), []byte(id)) || !isAvatarID(id)) {
			t.Errorf("%d bytes as %q", len(b), id)
		}
	})
}

func TestProfiles(t *testing.T) {
	c, conn := fake(t, xmpptest.Options{Roster: avatarRoster})
	ask := func(answer string) protocol.ProfileFetched {
		must(t, c.FetchProfile("bob@x"))
		q := conn.Next()
		conn.Send("<iq type='result' from='bob@x' id='"+q.Attr("id")+"'>%s</iq>", answer)
		return wait[protocol.ProfileFetched](c, nil)
	}
	got := ask("<vCard xmlns='vcard-temp'><TEL><NUMBER>1</NUMBER></TEL><TEL><NUMBER/></TEL><FN> Bob \n</FN><N><FAMILY>B</FAMILY></N><EMAIL><USERID>b@x</USERID></EMAIL>" +
		"<ADR><CTRY>X</CTRY></ADR><PHOTO><BINVAL>eA==</BINVAL></PHOTO><DESC>" + strings.Repeat("ä", 3000) + "</DESC><URL/></vCard>")
	want := []protocol.ProfileField{{Label: "Full name", Value: "Bob"}, {Label: "E-mail", Value: "b@x"}, {Label: "Telephone", Value: "1"}, {Label: "Country", Value: "X"}}
	if got.Failed || got.Bare != "bob@x" || len(got.Fields) != 5 || fmt.Sprint(got.Fields[:4]) != fmt.Sprint(want) || len(got.Fields[4].Value) > maxProfileValue+4 {
		t.Errorf("%+v", got)
	}
	if got := ask("<vCard xmlns='vcard-temp'>" + strings.Repeat("<TEL><NUMBER>1</NUMBER></TEL>", 100) + "</vCard>"); len(got.Fields) != maxProfile {
		t.Errorf("%d fields", len(got.Fields))
	}
	if got := ask(""); got.Failed || len(got.Fields) != 0 {
		t.Errorf("%+v", got)
	}
	must(t, c.FetchProfile("bob@x"))
	conn.Send("<iq type='error' from='bob@x' id='%s'/>", conn.Next().Attr("id"))
	if !wait[protocol.ProfileFetched](c, nil).Failed {
		t.Error("an error is a profile")
	}
}
