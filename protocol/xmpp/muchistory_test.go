package xmpp

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"culver/protocol"
	"culver/protocol/xmpp/xmpptest"
)

// Rooms that never answer what they are asked leave the account its own archive.
func TestSilentRoomsLeaveTheOwnArchiveAlone(t *testing.T) {
	const rooms = maxArchiveQueries
	p := endless
	p.answer = defaultPatience.answer
	inNoTime(t, xmpptest.Options{Roster: withBob, Account: []string{nsArchive}}, p, func(t *testing.T, c *client, conn *xmpptest.Conn) {
		wait[protocol.ArchiveFound](c, nil)
		for i := range rooms {
			must(t, c.JoinRoom(protocol.RoomJoin{Room: fmt.Sprintf("r%d@evil.example", i), Nick: "alice"}))
		}
		asked := map[string]bool{}
		for len(asked) < rooms {
			s := conn.Next()
			to := s.Attr("to")
			switch {
			case strings.Contains(s.Inner, nsArchive):
				asked[to] = true
			case strings.HasSuffix(to, "@evil.example") && strings.Contains(s.Inner, "disco#info"):
				conn.Send("<iq type='result' id='%s' from='%s'><query xmlns='%s'><identity category='conference' type='text'/><feature var='%s'/><feature var='%s'/></query></iq>",
					s.Attr("id"), to, nsDiscoInfo, nsRoom, nsArchive)
			case s.XMLName.Local == "presence" && strings.Contains(to, "@evil.example/"):
				conn.Send("<presence from='%s'><x xmlns='%s'><item affiliation='none' role='participant'/><status code='110'/></x></presence>", to, nsRoomUser)
			}
		}
		must(t, c.ReadArchive(protocol.ArchiveQuery{ID: "mine", Max: 10}))
		for {
			if s := conn.Next(); s.XMLName.Local == "iq" && strings.Contains(s.Inner, nsArchive) {
				conn.Send("<iq type='result' id='%s'><fin xmlns='%s' complete='true'/></iq>", s.Attr("id"), nsArchive)
				break
			}
		}
		if page := wait[protocol.ArchivePage](c, nil); page.Failed {
			t.Errorf("%+v", page)
		}
	})
}

// What rooms have open counts apart, while it is open.
func TestRoomsArchivesHavePlacesOfTheirOwn(t *testing.T) {
	open := map[string]*archiveQuery{}
	for i := range maxArchiveQueries {
		open[fmt.Sprint(i)] = &archiveQuery{at: "kitchen@rooms.x"}
	}
	l := &link{bare: "alice@x", archive: archive{queries: open}}
	if !l.archiveFull("kitchen@rooms.x") || l.archiveFull("alice@x") {
		t.Error("rooms and the account share their places")
	}
	for i := range maxArchiveQueries {
		open[fmt.Sprint("own ", i)] = &archiveQuery{at: "alice@x"}
	}
	if !l.archiveFull("alice@x") {
		t.Error("there is no limit")
	}
}

// catchingUp is a client that goes into a room that keeps an archive, and the first question for it.
func catchingUp(t *testing.T, j protocol.RoomJoin) (*client, *xmpptest.Conn, question) {
	t.Helper()
	c, conn := fake(t, xmpptest.Options{})
	j.Room, j.Nick = kitchen, "alice"
	must(t, c.JoinRoom(j))
	for {
		s := conn.Next()
		switch {
		case s.Attr("to") == kitchen && strings.Contains(s.Inner, "disco#info"):
			conn.Send("<iq type='result' id='%s' from='%s'><query xmlns='%s'>%s</query></iq>", s.Attr("id"), kitchen, nsDiscoInfo, about(nsArchive))
		case s.XMLName.Local == "presence":
			conn.Send("%s", self("alice"))
			conn.Send("%s", groupchat(kitchen, "<subject/>"))
			return c, conn, asked(t, conn)
		}
	}
}

// found sends a line of the room's archive.
func (q question) found(conn *xmpptest.Conn, id string) {
	sendResult(conn, kitchen, q.result(id, "<message xmlns='jabber:client' type='groupchat' from='"+kitchen+"/bob'><body>"+id+"</body></message>"))
}

func (q question) over(conn *xmpptest.Conn, attrs string) {
	conn.Send("<iq type='result' id='%s' from='%s'><fin xmlns='%s' %s/></iq>", q.iq, kitchen, nsArchive, attrs)
}

// Some servers begin at the beginning if they do not know the ID, so they are told the time, too.
func TestARoomIsAskedFromTheLastLineOn(t *testing.T) {
	since := time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)
	const start = "2026-01-01T11:00:00.000Z"
	for name, c := range map[string]struct {
		join                 protocol.RoomJoin
		after, start, before string
	}{
		"by ID and time": {protocol.RoomJoin{After: "x", Since: since}, "x", start, "-"},
		"by ID":          {protocol.RoomJoin{After: "x"}, "x", "", "-"},
		"by time":        {protocol.RoomJoin{Since: since}, "", "2026-01-01T12:00:00.000Z", "-"},
		"new":            {protocol.RoomJoin{}, "", "", ""},
	} {
		_, _, q := catchingUp(t, c.join)
		after, before := "", "-"
		if q.query.After != nil {
			after = *q.query.After
		}
		if q.query.Before != nil {
			before = *q.query.Before
		}
		if q.to != kitchen || after != c.after || before != c.before || q.field("start") != c.start {
			t.Errorf("%s: after %q, before %q, from %q", name, after, before, q.field("start"))
		}
	}
}

// Of a room where too much was said, what was said last is not missing.
func TestTooMuchWasSaidInARoom(t *testing.T) {
	c, conn, q := catchingUp(t, protocol.RoomJoin{After: "0"})
	for i := range maxCatchUpPages {
		q.found(conn, fmt.Sprint("page ", i))
		q.over(conn, "")
		q = asked(t, conn)
	}
	if q.query.Before == nil || *q.query.Before != "" || q.query.After != nil {
		t.Fatalf("asked %+v", q)
	}
	q.found(conn, "last")
	q.over(conn, "")
	for i := range maxCatchUpPages {
		if e := wait[protocol.RoomMessage](c, nil); e.Body != fmt.Sprint("page ", i) || !e.Late {
			t.Errorf("%+v", e)
		}
	}
	if e := wait[protocol.RoomMessage](c, nil); e.Body != "last" {
		t.Errorf("%+v", e)
	}
	if said := fence(t, conn); len(said) != 0 {
		t.Errorf("then asked %+v", said)
	}
}

// What is said while the archive is read waits, but not without end; its order stays.
func TestWhatIsSaidMeanwhileKeepsItsOrder(t *testing.T) {
	const lines = maxHistory + 50
	c, conn, q := catchingUp(t, protocol.RoomJoin{After: "0"})
	for i := range lines {
		conn.Send("<message type='groupchat' from='%s/bob' id='%d'><body>%d</body></message>", kitchen, i, i)
	}
	for i := range lines {
		if e := wait[protocol.RoomMessage](c, nil); e.Body != fmt.Sprint(i) {
			t.Fatalf("%s came in place of %d", e.Body, i)
		}
	}
	q.found(conn, "old")
	q.over(conn, "complete='true'")
	if e := wait[protocol.RoomMessage](c, nil); e.Body != "old" || !e.Late {
		t.Errorf("%+v", e)
	}
}
