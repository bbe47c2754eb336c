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
	o := xmpptest.Options{Roster: withBob, Account: []string{nsArchive}}
	server := xmpptest.Start(t, o)
	p := endless
	p.answer = 300 * time.Millisecond
	c := run(t, dial(t, server, o, p))
	conn := server.Accept()
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
