package xmpp

import (
	"fmt"
	"strings"
	"testing"

	"culver/protocol"
	"culver/protocol/xmpp/xmpptest"
)

// A service is asked for a page of its rooms: some tell of all rooms only then.
func TestFindingRooms(t *testing.T) {
	c, conn := fake(t, xmpptest.Options{})
	var many strings.Builder
	for i := range maxFound + 2 {
		fmt.Fprintf(&many, "<item jid='r%d@rooms.example'/>", i)
	}
	const page = "<set xmlns='http://jabber.org/protocol/rsm'>%s</set>"
	for name, want := range map[string]struct {
		items string
		found int
		more  bool
	}{
		"nothing":       {"", 0, false},
		"rooms":         {"<item jid='a@rooms.example' name='A'/><item jid='rooms.example'/><item jid='b@rooms.example' node='n'/><x/>", 1, false},
		"a whole page":  {"<item jid='a@rooms.example'/>" + fmt.Sprintf(page, "<count>1</count>"), 1, false},
		"the first one": {"<item jid='a@rooms.example'/>" + fmt.Sprintf(page, "<last>a</last><count>3000</count>"), 1, true},
		"no number":     {"<item jid='a@rooms.example'/>" + fmt.Sprintf(page, "<count>-many</count>"), 1, false},
		"no page":       {many.String(), maxFound, true},
	} {
		must(t, c.FindRooms("f", "rooms.example"))
		s := next(conn)
		if s.Attr("to") != "rooms.example" || !strings.Contains(s.Inner, "<set xmlns='http://jabber.org/protocol/rsm'><max>1000</max></set>") {
			t.Errorf("%s: asked %+v", name, s)
		}
		conn.Send("<iq type='result' id='%s' from='rooms.example'><query xmlns='%s'>%s</query></iq>", s.Attr("id"), nsDiscoItems, want.items)
		if f := wait[protocol.RoomsFound](c, nil); len(f.Rooms) != want.found || f.More != want.more || f.ID != "f" {
			t.Errorf("%s: found %d rooms, more %v", name, len(f.Rooms), f.More)
		}
	}
	must(t, c.FindRooms("f", "rooms.example"))
	conn.Send("<iq type='result' id='%s' from='rooms.example'/>", next(conn).Attr("id"))
	if f := wait[protocol.RoomsFound](c, nil); len(f.Rooms) != 0 || f.More {
		t.Errorf("%+v", f)
	}
}
