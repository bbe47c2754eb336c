package xmpp

import (
	"fmt"
	"strings"
	"testing"

	"culver/im"
	"culver/protocol"
	"culver/protocol/xmpp/xmpptest"
)

func conference(inner string) string {
	return "<conference xmlns='" + nsBookmarks + "' " + inner + "</conference>"
}

func bookmarkEvent(from, inner string) string {
	return "<message from='" + from + "'><event xmlns='" + nsPubSubEvent + "'><items node='" + nsBookmarks + "'>" + inner + "</items></event></message>"
}

// Nobody but our own account says which rooms we keep, and goes into by themselves: in
// Dino, anybody could.
func TestCVE_2023_28686_OthersCannotMakeUsJoin(t *testing.T) {
	c, conn := fake(t, xmpptest.Options{})
	item := "<item id='den@rooms.example'>" + conference("autojoin='true'><nick>a</nick>") + "</item>"
	own := "alice@" + xmpptest.Domain
	quiet(t, c, conn,
		bookmarkEvent("mallory@x", item), bookmarkEvent(own+"/other", item), bookmarkEvent(xmpptest.Domain, item),
		bookmarkEvent("den@rooms.example", item), bookmarkEvent("den@rooms.example/alice", item),
		bookmarkEvent("mallory@x", "<retract id='den@rooms.example'/>"),
		"<message from='mallory@x'><event xmlns='"+nsPubSubEvent+"'><purge node='"+nsBookmarks+"'/></event></message>",
		"<message type='groupchat' from='den@rooms.example/a'><event xmlns='"+nsPubSubEvent+"'><items node='"+nsBookmarks+"'>"+item+"</items></event></message>",
	)
	conn.Send("%s", bookmarkEvent(own, item))
	if e := wait[protocol.BookmarkChanged](c, nil); e.Bookmark != (im.Bookmark{Room: "den@rooms.example", Nick: "a", Auto: true}) {
		t.Errorf("%+v", e)
	}
	conn.Send("%s", bookmarkEvent(own, "<retract id='den@rooms.example'/>"))
	if e := wait[protocol.BookmarkRemoved](c, nil); e.Room != "den@rooms.example" {
		t.Errorf("%+v", e)
	}
	quiet(t, c, conn, bookmarkEvent(own, "<item id='@@'>"+conference("autojoin='true'>")+"</item>"),
		bookmarkEvent(own, "<item id='rooms.example'>"+conference("autojoin='true'>")+"</item>"), bookmarkEvent(own, "<item id='den@rooms.example'/>"))
}

// keeping starts a client whose server can do this, and has it keep a room.
func keeping(t *testing.T, features ...string) (*client, *xmpptest.Conn) {
	t.Helper()
	c, conn := fake(t, xmpptest.Options{Account: features})
	must(t, c.SetBookmark(im.Bookmark{Room: kitchen, Name: "Kitchen", Nick: "al", Password: "salt", Auto: true}))
	return c, conn
}

// In Converse, bookmarks went to servers that publish them openly, passwords included:
// nothing is given to a server that does not say that it keeps it for us alone.
func TestCVE_2018_6591_BookmarksAreNotPublished(t *testing.T) {
	c, conn := keeping(t)
	e := wait[protocol.RoomDone](c, nil)
	if e.ID != "" || !strings.Contains(e.Reason, "alone") {
		t.Errorf("%+v", e)
	}
	quiet(t, c, conn)
}

func TestBookmarksAreKept(t *testing.T) {
	const refused = "<error type='modify'><%s xmlns='" + nsStanzas + "'/></error>"
	for _, run := range []struct {
		name    string
		answers []string // to each request; empty: yes
		kept    bool
	}{
		{"at once", []string{""}, true},
		{"by ejabberd 23.01", []string{"resource-constraint", ""}, true},
		{"on a node that others can read", []string{"conflict", "conflict", "", ""}, true},
		{"on a node that stays open", []string{"conflict", "conflict", "not-allowed"}, false},
		{"not", []string{"not-allowed", "not-allowed"}, false},
	} {
		t.Run(run.name, func(t *testing.T) {
			c, conn := keeping(t, nsPubSubOptions)
			for i, answer := range run.answers {
				s := conn.Next()
				if strings.Contains(s.Inner, "<publish ") && !strings.Contains(s.Inner, "<field var='pubsub#access_model'><value>whitelist</value></field>") {
					t.Errorf("published with %s", s.Inner)
				}
				if i == 0 && (!strings.Contains(s.Inner, "<item id='"+kitchen+"'>") || !strings.Contains(s.Inner, "<password>salt</password>") || !strings.Contains(s.Inner, "autojoin='true'")) {
					t.Errorf("kept %s", s.Inner)
				}
				if answer == "" {
					conn.Send("<iq type='result' id='%s'/>", s.Attr("id"))
				} else {
					conn.Send("<iq type='error' id='%s'>%s</iq>", s.Attr("id"), fmt.Sprintf(refused, answer))
				}
			}
			if run.kept {
				if e := wait[protocol.BookmarkChanged](c, nil); e.Bookmark.Password != "salt" {
					t.Errorf("%+v", e)
				}
			} else if e := wait[protocol.RoomDone](c, nil); !strings.HasSuffix(e.Reason, ").") {
				t.Errorf("%+v", e)
			}
			quiet(t, c, conn)
		})
	}
}

// What other programs keep with a bookmark stays when it is changed here.
func TestBookmarksKeepWhatOthersAdded(t *testing.T) {
	c, conn := fake(t, xmpptest.Options{Account: []string{nsPubSubOptions}})
	own, extras := "alice@"+xmpptest.Domain, "<extensions><pin xmlns='urn:other' place='1'><note>&lt;a&gt;</note></pin></extensions>"
	told := func(room, inner string) {
		conn.Send("%s", bookmarkEvent(own, "<item id='"+room+"'>"+conference(">"+inner)+"</item>"))
		wait[protocol.BookmarkChanged](c, nil)
	}
	kept := func(room string) string {
		must(t, c.SetBookmark(im.Bookmark{Room: room, Name: "x"}))
		s := conn.Next()
		conn.Send("<iq type='result' id='%s'/>", s.Attr("id"))
		wait[protocol.BookmarkChanged](c, nil)
		return s.Inner
	}
	told(kitchen, extras)
	told("den@rooms.example", "")
	told("hall@rooms.example", "<extensions>"+strings.Repeat("<x/>", maxExtras/100)+"</extensions>")
	for range 2 {
		if got := kept(kitchen); !strings.Contains(got, "<extensions><pin xmlns='urn:other' place='1'><note>&lt;a&gt;</note></pin></extensions></conference>") {
			t.Errorf("kept %s", got)
		}
	}
	for _, room := range []string{"den@rooms.example", "hall@rooms.example", "new@rooms.example"} {
		if got := kept(room); strings.Contains(got, "extensions") {
			t.Errorf("kept %s", got)
		}
	}
	told(kitchen, "")
	if got := kept(kitchen); strings.Contains(got, "extensions") {
		t.Errorf("kept %s", got)
	}
}

// What the server cannot tell just now is not taken for nothing.
func TestBookmarksThatAreNotTold(t *testing.T) {
	var events []protocol.Event
	l := offline(t, &events)
	l.home = &services{server: &info{features: map[string]bool{nsPrivate: true}}, account: &info{identities: []identity{{category: "pubsub", kind: "pep"}}}}
	before := len(events)
	l.readBookmarks()
	asked := parse(t, l.out.take()[0].bytes)
	l.take(parse(t, []byte("<iq type='error' id='"+asked.attr("id")+"'><error type='wait'><internal-server-error xmlns='"+nsStanzas+"'/></error></iq>")))
	if more := l.out.take(); len(more) != 0 {
		t.Errorf("then asked %s", more[0].bytes)
	}
	if len(events) != before {
		t.Errorf("told %+v", events[before:])
	}
}

func TestBookmarksAreRead(t *testing.T) {
	l := &link{bare: "alice@x"}
	many := strings.Repeat("<item id='r%d@x'>"+conference(">")+"</item>", 1)
	var b strings.Builder
	for i := range maxBookmarks + 50 {
		fmt.Fprintf(&b, many, i)
	}
	for inner, want := range map[string]int{
		"": 0, b.String(): maxBookmarks,
		"<item id='a@x'>" + conference("name='A' autojoin='1'><nick>&#x202e;n</nick>") + "</item><item id='b@x'/><item id='x'>" + conference(">") + "</item><item>" + conference(">") + "</item>": 1,
	} {
		e := parseXML(t, "<items xmlns='"+nsPubSub+"'>"+inner+"</items>")
		got := 0
		for _, item := range e.children {
			if _, ok := l.readBookmark(item); ok && got < maxBookmarks {
				got++
			}
		}
		if got != want {
			t.Errorf("%d of %.100s", got, inner)
		}
	}
	old := parseXML(t, "<storage xmlns='"+nsOldBookmarks+"'><conference jid='a@x' name='A' autojoin='true'><nick>n</nick><password>p</password></conference>"+
		"<conference jid='a@x'/><conference/><url name='x' url='http://x'/><conference jid='b@x/nick'/></storage>")
	if got := l.readOldBookmarks(old); len(got) != 1 || got[0] != (im.Bookmark{Room: "a@x", Name: "A", Nick: "n", Password: "p", Auto: true}) {
		t.Errorf("%+v", got)
	}
}

// Whatever the server says, people on the roster and we ourselves are no rooms.
func TestPeopleAreNoRooms(t *testing.T) {
	c, conn := fake(t, xmpptest.Options{Roster: withBob})
	own := "alice@" + xmpptest.Domain
	for _, who := range []string{"bob@" + xmpptest.Domain, own} {
		quiet(t, c, conn,
			bookmarkEvent(own, "<item id='"+who+"'>"+conference("autojoin='true'>")+"</item>"),
			"<message from='mallory@x'><x xmlns='"+nsInvite+"' jid='"+who+"'/></message>",
			"<message from='"+who+"'>"+userX("<invite from='mallory@x'/>")+"</message>",
		)
		must(t, c.JoinRoom(protocol.RoomJoin{Room: who, Nick: "alice"}))
		if e := wait[protocol.RoomRefused](c, nil); e.Room != who || e.Why != protocol.NoSuchRoom {
			t.Errorf("%+v", e)
		}
		quiet(t, c, conn, "<presence from='"+who+"/alice'>"+userX("<item affiliation='none' role='participant'/><status code='110'/>")+"</presence>")
	}
}
