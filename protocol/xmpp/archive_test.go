package xmpp

import (
	"encoding/xml"
	"fmt"
	"strings"
	"testing"
	"time"

	"culver/protocol"
	"culver/protocol/xmpp/xmpptest"
)

// archiving is a client whose server keeps an archive.
func archiving(t *testing.T) (*client, *xmpptest.Conn) {
	c, conn := fake(t, xmpptest.Options{Roster: withBob, Account: []string{nsArchive}})
	wait[protocol.ArchiveFound](c, nil)
	return c, conn
}

// question is what the client asked an archive.
type question struct {
	iq    string // its ID
	to    string
	query struct {
		QueryID string `xml:"queryid,attr"`
		Fields  []struct {
			Var   string `xml:"var,attr"`
			Type  string `xml:"type,attr"`
			Value string `xml:"value"`
		} `xml:"x>field"`
		Max    string  `xml:"set>max"`
		After  *string `xml:"set>after"`
		Before *string `xml:"set>before"`
	}
}

func (q question) field(name string) string {
	for _, f := range q.query.Fields {
		if f.Var == name {
			return f.Value
		}
	}
	return ""
}

// asked waits for the client to ask its archive.
func asked(t *testing.T, conn *xmpptest.Conn) (q question) {
	t.Helper()
	for {
		s := conn.Next()
		if s.XMLName.Local != "iq" || !strings.Contains(s.Inner, nsArchive) {
			continue
		}
		q.iq, q.to = s.Attr("id"), s.Attr("to")
		if err := xml.Unmarshal([]byte(s.Inner), &q.query); err != nil || s.Attr("type") != "set" || q.query.QueryID == "" {
			t.Fatalf("%+v: %v", s, err)
		}
		return q
	}
}

const someTime = "2026-01-02T03:04:05Z"

func (q question) result(id, message string) string {
	return fmt.Sprintf("<result xmlns='urn:xmpp:mam:2' queryid='%s' id='%s'><forwarded xmlns='urn:xmpp:forward:0'>"+
		"<delay xmlns='urn:xmpp:delay' stamp='%s'/>%s</forwarded></result>", q.query.QueryID, id, someTime, message)
}

func (q question) fin(attrs string) string {
	return fmt.Sprintf("<iq type='result' id='%s' from='alice@test.example'><fin xmlns='urn:xmpp:mam:2' %s><set xmlns='http://jabber.org/protocol/rsm'/></fin></iq>", q.iq, attrs)
}

func sendResult(conn *xmpptest.Conn, from, result string) {
	conn.Send("<message from='%s' to='alice@test.example/x'>%s</message>", from, result)
}

const own = "alice@test.example"

func TestArchiveIsRead(t *testing.T) {
	c, conn := archiving(t)
	from, until := time.Date(2026, 1, 1, 0, 0, 0, 5e6, time.UTC), time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC)
	must(t, c.ReadArchive(protocol.ArchiveQuery{ID: "q", Peer: "Bob@test.example", From: from, Until: until, After: "<a>", Max: 20}))
	q := asked(t, conn)
	if q.to != own || q.field("FORM_TYPE") != nsArchive || q.field("with") != "bob@test.example" || q.field("start") != "2026-01-01T00:00:00.005Z" ||
		q.field("end") != "2026-02-01T00:00:00.000Z" || q.query.Max != "20" || q.query.After == nil || *q.query.After != "<a>" || q.query.Before != nil {
		t.Errorf("%+v", q)
	}
	sendResult(conn, own, q.result("1", inner(fromBob, "<body>one</body><request xmlns='urn:xmpp:receipts'/>"+composing)))
	sendResult(conn, own, q.result("2", inner(toBob, "<body>two</body>")))
	sendResult(conn, own, q.result("3", inner("from='alice@test.example/other' to='carol@test.example'", "<body>of another conversation</body>")))
	sendResult(conn, own, q.result("4a", inner(toBob, "<received xmlns='urn:xmpp:receipts' id='theirs'/>")))
	sendResult(conn, own, q.result("4", inner(fromBob, composing+"<received xmlns='urn:xmpp:receipts' id='ours'/>")))
	conn.Send("%s", q.fin("complete='true'"))
	page := wait[protocol.ArchivePage](c, nil)
	stamp, _ := time.Parse(time.RFC3339, someTime)
	if page.Query != "q" || page.First != "1" || page.Last != "4" || !page.Complete || page.Unknown || page.Failed || !page.At.Equal(stamp) || len(page.Lines) != 2 {
		t.Fatalf("%+v", page)
	}
	if len(page.Delivered) != 1 || page.Delivered[0].ID != "ours" || page.Delivered[0].From.Bare != "bob@test.example" {
		t.Errorf("confirmed: %+v", page.Delivered)
	}
	one, two := page.Lines[0], page.Lines[1]
	if one.Body != "one" || one.Own || one.Archive != "1" || !one.Copy || !one.Late || !one.Time.Equal(stamp) || one.WantReceipt {
		t.Errorf("%+v", one)
	}
	if two.Body != "two" || !two.Own || two.To.Bare != "bob@test.example" || two.ID != "a1" || two.Archive != "2" {
		t.Errorf("%+v", two)
	}
	none[protocol.TypingChanged](c)
	none[protocol.Received](c)
	none[protocol.Delivered](c)
	if said := fence(t, conn); len(said) != 0 {
		t.Errorf("answered with %+v", said)
	}

	must(t, c.ReadArchive(protocol.ArchiveQuery{ID: "n", Newest: true, Max: 100000}))
	if q := asked(t, conn); q.query.Before == nil || *q.query.Before != "" || q.query.After != nil || q.query.Max != "100" || len(q.query.Fields) != 1 {
		t.Errorf("the newest: %+v", q)
	}
	must(t, c.ReadArchive(protocol.ArchiveQuery{ID: "o", Before: "9"}))
	if q := asked(t, conn); q.query.Before == nil || *q.query.Before != "9" || q.query.Max != "1" {
		t.Errorf("before: %+v", q)
	}
}

func TestArchiveRefuses(t *testing.T) {
	c, conn := archiving(t)
	refuse := func(condition string) protocol.ArchivePage {
		must(t, c.ReadArchive(protocol.ArchiveQuery{ID: condition, After: "gone", Max: 10}))
		q := asked(t, conn)
		conn.Send("<iq type='error' id='%s' from='%s'><error type='cancel'><%s xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>", q.iq, own, condition)
		return wait[protocol.ArchivePage](c, nil)
	}
	if p := refuse("item-not-found"); !p.Unknown || p.Failed || p.Query != "item-not-found" {
		t.Errorf("%+v", p)
	}
	if p := refuse("feature-not-implemented"); p.Unknown || !p.Failed {
		t.Errorf("%+v", p)
	}
	must(t, c.ReadArchive(protocol.ArchiveQuery{ID: "x", Max: 10}))
	conn.Send("<iq type='result' id='%s' from='%s'/>", asked(t, conn).iq, own)
	if p := wait[protocol.ArchivePage](c, nil); !p.Failed {
		t.Errorf("an answer that says nothing: %+v", p)
	}
}

// A server that has no archive is not asked.
func TestNoArchive(t *testing.T) {
	c, conn := fake(t, xmpptest.Options{Roster: withBob, Account: []string{"urn:xmpp:mam:1"}})
	nothingOf(t, c, conn, "an archive of another kind")
	none[protocol.ArchiveFound](c)
}

// Results count from our own account alone, for the query that runs, while it runs: as
// CVE-2019-16237 describes, others could put words into anybody's mouth.
func TestCVE_2019_16237_ForgedArchiveResults(t *testing.T) {
	c, conn := archiving(t)
	forged := inner(fromBob, "<body>forged</body>")
	stray := question{}
	sendResult(conn, own, stray.result("0", forged)) // no query runs
	stray.query.QueryID = "guessed"
	sendResult(conn, own, stray.result("0", forged))
	nothingOf(t, c, conn, "before any query")

	must(t, c.ReadArchive(protocol.ArchiveQuery{ID: "q", Max: 50}))
	q := asked(t, conn)
	for i, from := range []string{
		"evil@elsewhere.example/x", "evil@elsewhere.example", "bob@test.example/x", "bob@test.example", "test.example",
		"alice@test.example/other", "alice@elsewhere.example", "elsewhere.example",
	} {
		sendResult(conn, from, q.result(fmt.Sprint("f", i), forged))
		conn.Send("<iq type='result' id='%s' from='%s'><fin xmlns='urn:xmpp:mam:2' complete='true'/></iq>", q.iq, from)
	}
	sendResult(conn, own, stray.result("w1", forged))
	unnamed := question{}
	sendResult(conn, own, unnamed.result("w2", forged))
	sendResult(conn, own, strings.Replace(q.result("w3", forged), "mam:2", "mam:1", 1))
	sendResult(conn, own, strings.Replace(q.result("", forged), "id=''", "", 1))
	sendResult(conn, own, "<body>beside</body>"+q.result("1", inner(fromBob, "<body>true</body>")))
	conn.Send("%s", q.fin(""))
	page := wait[protocol.ArchivePage](c, nil)
	if len(page.Lines) != 1 || page.Lines[0].Body != "true" || page.Complete || page.First != "1" || page.Last != "1" {
		t.Errorf("%+v", page)
	}
	sendResult(conn, own, q.result("2", forged)) // it is over
	conn.Send("%s", q.fin("complete='true'"))
	nothingOf(t, c, conn, "after the end")
}

// What a server sends as a result has to be a message between us and somebody else.
func TestArchivedMessagesThatCannotBe(t *testing.T) {
	c, conn := archiving(t)
	must(t, c.ReadArchive(protocol.ArchiveQuery{ID: "q", Max: 50}))
	q := asked(t, conn)
	body := "<body>wrong</body>"
	bad := []string{
		inner("from='bob@test.example' to='carol@test.example'", body), inner("to='alice@test.example'", body), inner("from='@@'", body),
		inner("from='alice@test.example' to='@@'", body), inner(fromBob, body+copyOf("received", inner(fromBob, body))),
		inner(fromBob, body+q.result("x", inner(fromBob, body))), "", "<iq xmlns='jabber:client' type='set' from='alice@test.example'/>",
		"<message xmlns='jabber:client' type='groupchat' from='r@rooms.example/x' to='alice@test.example'>" + body + "</message>",
		"<message xmlns='jabber:client' type='error' from='bob@test.example' to='alice@test.example'>" + body + "</message>",
		"<message xmlns='jabber:client' type='headline' from='bob@test.example' to='alice@test.example'>" + body + "</message>",
	}
	for i, m := range bad {
		sendResult(conn, own, q.result(fmt.Sprint(i), m))
	}
	sendResult(conn, own, strings.ReplaceAll(q.result("undated", inner(fromBob, body)), "<delay xmlns='urn:xmpp:delay' stamp='"+someTime+"'/>", ""))
	sendResult(conn, own, strings.ReplaceAll(q.result("future", inner(fromBob, "<body>dated wrongly</body>")), someTime, "2999-01-01T00:00:00Z"))
	conn.Send("%s", q.fin("complete='true'"))
	page := wait[protocol.ArchivePage](c, nil)
	if len(page.Lines) != 1 || page.Lines[0].Body != "dated wrongly" || page.Lines[0].Time.After(time.Now()) || page.Last != "future" || page.At.After(time.Now()) {
		t.Errorf("%+v", page)
	}
}

// A thousand results where twenty were asked for, the same one again and again, and
// pages without end of text: what is kept is bounded, and the rest can be asked for.
func TestArchiveLimits(t *testing.T) {
	c, conn := archiving(t)
	must(t, c.ReadArchive(protocol.ArchiveQuery{ID: "q", Max: 20}))
	q := asked(t, conn)
	for i := range 1000 {
		sendResult(conn, own, q.result(fmt.Sprint(i), inner(fromBob, "<body>x</body>")))
	}
	conn.Send("%s", q.fin("complete='true'"))
	if page := wait[protocol.ArchivePage](c, nil); len(page.Lines) != 20 || page.Last != "19" || page.Complete {
		t.Errorf("%d lines, up to %s, complete: %v", len(page.Lines), page.Last, page.Complete)
	}

	must(t, c.ReadArchive(protocol.ArchiveQuery{ID: "q", Max: 20}))
	q = asked(t, conn)
	for range 1000 {
		sendResult(conn, own, q.result("same", inner(fromBob, "<body>x</body>")))
	}
	conn.Send("%s", q.fin("complete='true'"))
	if page := wait[protocol.ArchivePage](c, nil); len(page.Lines) != 1 || !page.Complete {
		t.Errorf("%d lines", len(page.Lines))
	}

	must(t, c.ReadArchive(protocol.ArchiveQuery{ID: "q", Max: 100}))
	q = asked(t, conn)
	long := inner(fromBob, "<body>"+strings.Repeat("x", 200<<10)+"</body>")
	for i := range 20 {
		sendResult(conn, own, q.result(fmt.Sprint(i), long))
	}
	conn.Send("%s", q.fin("complete='true'"))
	if page := wait[protocol.ArchivePage](c, nil); len(page.Lines) != 6 || page.Last != "5" || page.Complete {
		t.Errorf("%d lines, up to %s, complete: %v", len(page.Lines), page.Last, page.Complete)
	}
}

// A result that is small on the wire may be large in memory: that is what counts.
func TestArchiveCountsMemory(t *testing.T) {
	c, conn := archiving(t)
	must(t, c.ReadArchive(protocol.ArchiveQuery{ID: "q", Max: 100}))
	q := asked(t, conn)
	for i := range 20 {
		sendResult(conn, own, q.result(fmt.Sprint(i), inner(fromBob, "<body>x</body>"+strings.Repeat("<a/>", 10_000))))
	}
	conn.Send("%s", q.fin("complete='true'"))
	if page := wait[protocol.ArchivePage](c, nil); len(page.Lines) != 1 || page.Complete {
		t.Errorf("%d lines, complete: %v", len(page.Lines), page.Complete)
	}
}

// Whoever reads back is told the newest of too much: what is before that is asked for again.
func TestArchiveLimitsBackwards(t *testing.T) {
	for _, back := range []protocol.ArchiveQuery{{Newest: true}, {Before: "20"}} {
		c, conn := archiving(t)
		back.ID, back.Max = "q", 100
		must(t, c.ReadArchive(back))
		q := asked(t, conn)
		long := inner(fromBob, "<body>"+strings.Repeat("x", 200<<10)+"</body>")
		sendResult(conn, own, q.result("unread", inner(fromBob, composing)))
		for i := range 20 {
			sendResult(conn, own, q.result(fmt.Sprint(i), long))
		}
		conn.Send("%s", q.fin("complete='true'"))
		if page := wait[protocol.ArchivePage](c, nil); len(page.Lines) != 5 || page.First != "15" || page.Last != "19" || page.Complete {
			t.Errorf("%d lines, %s to %s, complete: %v", len(page.Lines), page.First, page.Last, page.Complete)
		}

		back.Max = 20
		must(t, c.ReadArchive(back))
		q = asked(t, conn)
		for i := range 1000 {
			sendResult(conn, own, q.result(fmt.Sprint(i), inner(fromBob, "<body>x</body>")))
		}
		conn.Send("%s", q.fin("complete='true'"))
		if page := wait[protocol.ArchivePage](c, nil); len(page.Lines) != 20 || page.First != "980" || page.Last != "999" || page.Complete {
			t.Errorf("%d lines, %s to %s, complete: %v", len(page.Lines), page.First, page.Last, page.Complete)
		}
	}
}

// A server that leaves questions unanswered gets no more than a few.
func TestArchiveQueriesAreBounded(t *testing.T) {
	c, conn := archiving(t)
	for i := range 20 {
		must(t, c.ReadArchive(protocol.ArchiveQuery{ID: fmt.Sprint(i), Max: 1}))
	}
	failed := 0
	for failed < 20-maxArchiveQueries {
		if wait[protocol.ArchivePage](c, nil).Failed {
			failed++
		}
	}
	if n := len(fence(t, conn)); n != maxArchiveQueries {
		t.Errorf("%d questions", n)
	}
}

// A server that never answers is given up, so that it can be asked again; what it says later is nothing.
func TestAnArchiveThatDoesNotAnswer(t *testing.T) {
	p := endless
	p.archive = time.Minute
	inNoTime(t, xmpptest.Options{Roster: withBob, Account: []string{nsArchive}}, p, func(t *testing.T, c *client, conn *xmpptest.Conn) {
		wait[protocol.ArchiveFound](c, nil)
		for i := range 2 * maxArchiveQueries {
			must(t, c.ReadArchive(protocol.ArchiveQuery{ID: fmt.Sprint(i), Max: 10}))
			q := asked(t, conn)
			if page := wait[protocol.ArchivePage](c, nil); !page.Failed || page.Query != fmt.Sprint(i) {
				t.Fatalf("%+v", page)
			}
			sendResult(conn, own, q.result("late", inner(fromBob, "<body>late</body>")))
			conn.Send("%s", q.fin("complete='true'"))
		}
		must(t, c.ReadArchive(protocol.ArchiveQuery{ID: "last", Max: 10}))
		conn.Send("%s", asked(t, conn).fin("complete='true'"))
		if page := wait[protocol.ArchivePage](c, nil); page.Failed || page.Query != "last" || len(page.Lines) != 0 {
			t.Errorf("%+v", page)
		}
	})
}

func TestArchiveWhileOffline(t *testing.T) {
	c, _ := archiving(t)
	if err := c.ReadArchive(protocol.ArchiveQuery{ID: "q", Peer: "@@"}); err == nil {
		t.Error("asked for what was said with nobody")
	}
	c.cancel()
	c.end()
	if err := c.ReadArchive(protocol.ArchiveQuery{ID: "q"}); err != protocol.ErrOffline {
		t.Errorf("%v", err)
	}
}
