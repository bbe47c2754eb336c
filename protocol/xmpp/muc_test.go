package xmpp

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"mellium.im/xmpp/jid"

	"culver/im"
	"culver/protocol"
	"culver/protocol/xmpp/xmpptest"
)

const kitchen = "kitchen@rooms.example"

// about is what a room says it is like.
func about(features ...string) string {
	var b strings.Builder
	b.WriteString("<identity category='conference' type='text' name='The kitchen'/><feature var='" + nsRoom + "'/>")
	for _, f := range features {
		b.WriteString("<feature var='" + f + "'/>")
	}
	return b.String()
}

// self is our presence, as the room repeats it.
func self(nick string, codes ...string) string {
	var b strings.Builder
	for _, c := range append(codes, statusSelf) {
		b.WriteString("<status code='" + c + "'/>")
	}
	return "<presence from='" + kitchen + "/" + nick + "'><x xmlns='" + nsRoomUser + "'><item affiliation='owner' role='moderator'/>" + b.String() + "</x></presence>"
}

// next returns the next stanza that is no request about what somebody is.
func next(conn *xmpptest.Conn) xmpptest.Stanza {
	for {
		s := conn.Next()
		if !describeKitchen(conn, s) {
			return s
		}
	}
}

// describeKitchen answers what the room is like, if that was asked.
func describeKitchen(conn *xmpptest.Conn, s xmpptest.Stanza) bool {
	asked := strings.Contains(s.Inner, "disco#info") && s.Attr("to") == kitchen
	if asked {
		conn.Send("<iq type='result' id='%s' from='%s'><query xmlns='%s'>%s</query></iq>", s.Attr("id"), kitchen, nsDiscoInfo, about("muc_open", "muc_semianonymous"))
	}
	return asked
}

// knocking is a client that has just asked to be let in.
func knocking(t *testing.T) (*client, *xmpptest.Conn) {
	t.Helper()
	c, conn := fake(t, xmpptest.Options{})
	must(t, c.JoinRoom(protocol.RoomJoin{Room: kitchen, Nick: "alice", Password: "<salt>"}))
	s := next(conn)
	if s.XMLName.Local != "presence" || s.Attr("to") != kitchen+"/alice" || !strings.Contains(s.Inner, "<password>&lt;salt&gt;</password>") {
		t.Fatalf("went in with %+v", s)
	}
	return c, conn
}

// inKitchen is a client in a room with bob.
func inKitchen(t *testing.T) (*client, *xmpptest.Conn) {
	t.Helper()
	c, conn := knocking(t)
	conn.Send("<presence from='%s/bob'><x xmlns='%s'><item affiliation='none' role='participant' jid='bob@x/1'/></x></presence>", kitchen, nsRoomUser)
	conn.Send("%s", self("alice"))
	if e := wait[protocol.RoomJoined](c, nil); len(e.Occupants) != 2 || e.Nick != "alice" {
		t.Fatalf("joined %+v", e)
	}
	wait[protocol.RoomDescribed](c, nil)
	return c, conn
}

// quiet checks that a client neither told anything of these stanzas nor sent anything.
func quiet(t *testing.T, c *client, conn *xmpptest.Conn, stanzas ...string) {
	t.Helper()
	for _, s := range stanzas {
		conn.Send("%s", s)
	}
	conn.Send("<message from='end@x' id='end'><body>end</body></message>")
	for e := range c.events {
		if r, ok := e.(protocol.Received); ok && r.ID == "end" {
			break
		}
		t.Errorf("told %T%+v", e, e)
	}
	must(t, c.SendTyping(im.Addr{Bare: "end@x"}, im.TypingComposing))
	if s := conn.Next(); s.Attr("to") != "end@x" {
		t.Errorf("sent %+v", s)
	}
}

func groupchat(from, inner string) string {
	return "<message type='groupchat' from='" + from + "' id='1'>" + inner + "</message>"
}

func userX(inner string) string { return "<x xmlns='" + nsRoomUser + "'>" + inner + "</x>" }

// What is said in a room that we are not in is nothing, whoever says it.
func TestNothingComesFromRoomsThatWeAreNotIn(t *testing.T) {
	c, conn := fake(t, xmpptest.Options{})
	quiet(t, c, conn,
		groupchat("other@rooms.example/bob", "<body>x</body>"),
		groupchat("other@rooms.example", "<subject>x</subject>"),
		"<presence from='other@rooms.example/bob'>"+userX("<item role='participant'/>")+"</presence>",
		"<presence from='other@rooms.example/alice'>"+userX("<item role='participant'/><status code='110'/>")+"</presence>",
		"<presence type='unavailable' from='other@rooms.example/alice'>"+userX("<status code='110'/>")+"</presence>",
		"<presence type='error' from='other@rooms.example/alice'><x xmlns='"+nsRoom+"'/><error type='auth'><not-authorized xmlns='"+nsStanzas+"'/></error></presence>",
		"<message type='chat' from='other@rooms.example/bob'><body>x</body>"+userX("")+"</message>",
		"<message from='other@rooms.example'>"+userX("<status code='104'/>")+"</message>",
		"<message from='other@rooms.example'>"+userX("<decline from='bob@x'/>")+"</message>",
	)
}

// Whoever talks in a room is a stranger: nothing that they ask is answered, and nothing
// that they claim about others or us is believed.
func TestHostileOccupants(t *testing.T) {
	c, conn := inKitchen(t)
	request := func(payload string) string {
		return "<iq type='get' id='q' from='" + kitchen + "/bob'>" + payload + "</iq>"
	}
	quiet(t, c, conn,
		request("<ping xmlns='"+nsPing+"'/>"),
		request("<query xmlns='"+nsDiscoInfo+"'/>"),
		request("<query xmlns='jabber:iq:version'/>"),
		request("<time xmlns='urn:xmpp:time'/>"),
		"<message type='chat' id='r' from='"+kitchen+"/bob'><request xmlns='"+nsReceipts+"'/></message>",
		"<message type='chat' from='"+kitchen+"/bob'><composing xmlns='"+nsStates+"'/></message>",
		"<message type='chat' from='"+kitchen+"/bob'><received xmlns='"+nsReceipts+"' id='1'/></message>",
		"<message type='chat' from='"+kitchen+"/bob'>"+userX("<invite from='bob@x'/>")+"</message>", // only a room invites so
		"<message type='chat' from='"+kitchen+"/bob'>"+userX("<decline from='bob@x'/>")+"</message>",
		"<message type='error' id='nothing' from='"+kitchen+"/bob'><error type='cancel'><not-acceptable xmlns='"+nsStanzas+"'/></error></message>",
		"<presence from='"+kitchen+"'><c xmlns='"+nsCaps+"' hash='sha-1' node='x' ver='x'/></presence>",
		"<presence from='"+kitchen+"/eve'/>", // GC 1.0
		"<presence type='subscribe' from='"+kitchen+"/bob'/>",
		"<presence type='unavailable' from='"+kitchen+"/nobody'>"+userX("<status code='110'/><status code='307'/>")+"</presence>",
		"<presence type='unavailable' from='"+kitchen+"/bob'/>",
	)
	conn.Send("<iq type='get' id='self' from='%s/alice'><ping xmlns='%s'/></iq>", kitchen, nsPing)
	if s := conn.Next(); s.Attr("id") != "self" || s.Attr("type") != "result" {
		t.Errorf("our own ping (XEP-0410) was answered with %+v", s)
	}
	// They may say that they are someone else, but not who says so.
	conn.Send("%s", groupchat(kitchen+"/bob", "<body>x</body><stanza-id xmlns='"+nsIDs+"' by='"+kitchen+"' id='forged'/><delay xmlns='"+nsDelay+"' stamp='2999-01-01T00:00:00Z'/>"))
	if e := wait[protocol.RoomMessage](c, nil); e.Nick != "bob" || e.Archive != "" || e.Own || e.Time.Year() > 2900 {
		t.Errorf("%+v", e)
	}
	conn.Send("%s", groupchat(kitchen+"/alice", "<body>another device</body>"))
	if e := wait[protocol.RoomMessage](c, nil); !e.Own {
		t.Errorf("%+v", e)
	}
}

// A nickname may be anything (GHSA-r3rc-v556-7p45: one crashed Pidgin).
func TestGHSA_r3rc_v556_7p45_Nicknames(t *testing.T) {
	c, conn := inKitchen(t)
	nicks := []string{"<b>bob</b>", "&amp;", "%s%n", "a/b/c", "\u202eeve", "e\u0301\u0301\u0301", strings.Repeat("x", 1023), "'\"", "  x", "{{", "💣", "bob@x", "a\\b"}
	for i, nick := range nicks {
		e := newElement(nsClient, "presence", newElement(nsRoomUser, "x", newElement(nsRoomUser, "item").with("role", "participant"))).
			with("from", kitchen+"/"+nick)
		conn.Send("%s%s", e.marshal(), groupchat(kitchen+"/bob", fmt.Sprintf("<body>%d</body>", i)))
		wait(c, func(e protocol.RoomMessage) bool { return e.Body == fmt.Sprint(i) })
		m := newElement(nsClient, "message", newText(nsClient, "body", "hello")).with("type", "groupchat").with("from", kitchen+"/"+nick)
		conn.Send("%s%s", m.marshal(), groupchat(kitchen+"/bob", fmt.Sprintf("<body>again %d</body>", i)))
		wait(c, func(e protocol.RoomMessage) bool { return e.Body == fmt.Sprintf("again %d", i) })
	}
	for _, bad := range []string{"", " ", "\x00", strings.Repeat("x", 1024)} {
		if err := c.SetRoomNick(kitchen, bad); err == nil {
			t.Errorf("%.20q can be a nickname", bad)
		}
	}
}

func TestARoomOfAllTheWorld(t *testing.T) {
	c, conn := knocking(t)
	var b strings.Builder
	for i := range maxOccupants + 100 {
		fmt.Fprintf(&b, "<presence from='%s/n%d'>%s</presence>", kitchen, i, userX("<item role='participant'/>"))
	}
	conn.Send("%s%s", b.String(), self("alice"))
	if e := wait[protocol.RoomJoined](c, nil); len(e.Occupants) != maxOccupants+1 {
		t.Errorf("%d people", len(e.Occupants))
	}
}

// Who does not let us in is the room; nobody else can say so.
func TestRoomsRefuseInSentences(t *testing.T) {
	for condition, why := range map[string]protocol.RoomRefusal{
		"not-authorized": protocol.WrongRoomSecret, "forbidden": protocol.BannedFromRoom, "item-not-found": protocol.NoSuchRoom,
		"not-allowed": protocol.NoSuchRoom, "registration-required": protocol.NotMember, "conflict": protocol.NickTaken,
		"not-acceptable": protocol.NickTaken, "service-unavailable": protocol.RoomFull, "remote-server-timeout": protocol.RoomUnreachable,
		"remote-server-not-found": protocol.NoSuchRoom, "jid-malformed": protocol.NickTaken, "made-up-by-a-peer": protocol.RefusedOther,
	} {
		c, conn := knocking(t)
		refuse := func(from string) string {
			return "<presence type='error' from='" + from + "'><x xmlns='" + nsRoom + "'/><error type='auth'><" + condition + " xmlns='" + nsStanzas + "'/></error></presence>"
		}
		quiet(t, c, conn, refuse("other@rooms.example/alice"), refuse(kitchen+"/bob"), refuse("mallory@x"))
		conn.Send("%s", refuse(kitchen+"/alice"))
		e := wait[protocol.RoomRefused](c, nil)
		if e.Why != why || !strings.HasSuffix(e.Reason, ".") || e.Room != kitchen || (e.Nick != "") != (condition == "conflict") {
			t.Errorf("%s: %+v", condition, e)
		}
		quiet(t, c, conn, self("alice")) // it is over
	}
}

// A room that is new is not left locked.
func TestANewRoomIsOpened(t *testing.T) {
	c, conn := knocking(t)
	conn.Send("%s", self("alice", statusCreated, statusLogged, statusOpen))
	if e := wait[protocol.RoomJoined](c, nil); !e.Created {
		t.Errorf("%+v", e)
	}
	s := next(conn)
	if s.Attr("type") != "set" || s.Attr("to") != kitchen || !strings.Contains(s.Inner, nsRoomOwner) || !strings.Contains(s.Inner, "type='submit'") {
		t.Fatalf("sent %+v", s)
	}
	conn.Send("<iq type='result' id='%s' from='%s'/>", s.Attr("id"), kitchen)
	if s := conn.Next(); !describeKitchen(conn, s) {
		t.Errorf("sent %+v", s)
	}
	e := wait[protocol.RoomDescribed](c, nil)
	if !e.Traits.Logged || e.Traits.Name != "The kitchen" {
		t.Errorf("%+v", e)
	}
	// A change is told.
	conn.Send("%s", groupchat(kitchen, userX("<status code='171'/><status code='172'/>")))
	if e := wait(c, func(e protocol.RoomDescribed) bool { return !e.Traits.Logged }); e.Traits.Anonymous {
		t.Errorf("%+v", e)
	}
}

func TestWhyOneIsOut(t *testing.T) {
	for codes, want := range map[string]protocol.RoomLeft{
		"301":     {Why: protocol.ExitBanned, By: "bob", Words: "bye"},
		"307":     {Why: protocol.ExitKicked, By: "bob", Words: "bye"},
		"307 333": {Why: protocol.ExitLost, By: "bob", Words: "bye"},
		"321":     {Why: protocol.ExitMembers, By: "bob", Words: "bye"},
		"322":     {Why: protocol.ExitMembers, By: "bob", Words: "bye"},
		"332":     {Why: protocol.ExitShutdown, By: "bob", Words: "bye"},
		"":        {Why: protocol.ExitLost, By: "bob", Words: "bye"},
	} {
		c, conn := inKitchen(t)
		var b strings.Builder
		for code := range strings.FieldsSeq(codes) {
			b.WriteString("<status code='" + code + "'/>")
		}
		conn.Send("<presence type='unavailable' from='%s/alice'>%s</presence>", kitchen,
			userX("<item role='none'><actor nick='bob'/><reason>bye</reason></item><status code='110'/>"+b.String()))
		want.Room = kitchen
		if e := wait[protocol.RoomLeft](c, nil); e != want {
			t.Errorf("%q: %+v", codes, e)
		}
		quiet(t, c, conn, groupchat(kitchen+"/bob", "<body>x</body>"))
	}
	c, conn := inKitchen(t)
	conn.Send("<presence type='unavailable' from='%s/alice'>%s</presence>", kitchen,
		userX("<item role='none'/><destroy jid='new@rooms.example'><reason>moved</reason></destroy>"))
	if e := wait[protocol.RoomLeft](c, nil); e != (protocol.RoomLeft{Room: kitchen, Why: protocol.ExitDestroyed, Words: "moved", Other: "new@rooms.example"}) {
		t.Errorf("%+v", e)
	}
}

// An invitation is told, and nothing is done.
func TestInvitationsAreOnlyTold(t *testing.T) {
	c, conn := fake(t, xmpptest.Options{})
	for _, i := range []struct {
		stanza string
		want   protocol.RoomInvited
	}{
		{"<message from='mallory@x/1'><x xmlns='jabber:x:conference' jid='den@rooms.example' reason='come' password='pw'/><body>come</body></message>",
			protocol.RoomInvited{Room: "den@rooms.example", By: "mallory@x", Words: "come", Password: "pw"}},
		{"<message from='den@rooms.example'>" + userX("<invite from='bob@x/1'><reason>come</reason></invite><password>pw</password>") + "<x xmlns='jabber:x:conference' jid='other@rooms.example'/></message>",
			protocol.RoomInvited{Room: "den@rooms.example", By: "bob@x", Words: "come", Password: "pw", ByRoom: true}},
	} {
		conn.Send("%s", i.stanza)
		if e := wait[protocol.RoomInvited](c, nil); e != i.want {
			t.Errorf("%+v, want %+v", e, i.want)
		}
	}
	quiet(t, c, conn,
		"<message from='mallory@x/1'><x xmlns='jabber:x:conference'/><body>x</body></message>",
		"<message from='mallory@x/1'><x xmlns='jabber:x:conference' jid='rooms.example'/></message>",
		"<message from='mallory@x/1'><x xmlns='jabber:x:conference' jid='den@rooms.example/nick'/></message>",
		"<message from='mallory@x/1'>"+userX("<invite from='bob@x'/>")+"</message>",
		"<message from='rooms.example'>"+userX("<invite from='bob@x'/>")+"</message>",
		"<message from='den@rooms.example'>"+userX("<invite from='@@'/>")+"</message>",
	)
}

// Lines of a room's archive count only if the room tells them, and if they are its own.
func TestForwardedLinesOfARoom(t *testing.T) {
	line := func(from, kind string) string {
		return "<result xmlns='" + nsArchive + "' id='1'><forwarded xmlns='" + nsForward + "'><delay xmlns='" + nsDelay + "' stamp='2020-01-01T00:00:00Z'/>" +
			"<message xmlns='jabber:client' type='" + kind + "' from='" + from + "'><body>x</body></message></forwarded></result>"
	}
	for inner, want := range map[string]bool{
		line(kitchen+"/bob", "groupchat"):            true,
		line("other@rooms.example/bob", "groupchat"): false,
		line(kitchen+"/bob", "chat"):                 false,
		line("", "groupchat"):                        false,
		"<result xmlns='" + nsArchive + "' id='1'/>": false,
		strings.Replace(line(kitchen+"/b", "groupchat"), "<delay xmlns='"+nsDelay+"' stamp='2020-01-01T00:00:00Z'/>", "", 1): false,
	} {
		if _, ok := roomForwarded(parseXML(t, inner), kitchen); ok != want {
			t.Errorf("%v: %s", ok, inner)
		}
	}
}

// A room that does not know us any more is left, so that we go in again.
func TestARoomThatForgotUs(t *testing.T) {
	for condition, gone := range map[string]bool{"not-acceptable": true, "forbidden": true, "service-unavailable": false, "item-not-found": false, "remote-server-timeout": false} {
		c, conn := inKitchen(t)
		must(t, c.sessionDo(func(l *link) { l.checkRooms(0) }))
		s := next(conn)
		if s.Attr("to") != kitchen+"/alice" || !strings.Contains(s.Inner, nsPing) {
			t.Fatalf("sent %+v", s)
		}
		answer := func(from string) string {
			return "<iq type='error' id='" + s.Attr("id") + "' from='" + from + "'><error type='cancel'><" + condition + " xmlns='" + nsStanzas + "'/></error></iq>"
		}
		quiet(t, c, conn, answer(kitchen), answer(kitchen+"/bob"), answer("mallory@x"))
		conn.Send("%s", answer(kitchen+"/alice"))
		conn.Send("%s", groupchat(kitchen+"/bob", "<body>x</body>"))
		if gone {
			if e := wait[protocol.RoomLeft](c, nil); e.Why != protocol.ExitLost {
				t.Errorf("%+v", e)
			}
		} else {
			wait[protocol.RoomMessage](c, nil)
		}
	}
}

// sentences are what a room refused, and all of it is told as such.
func TestWhatARoomReturns(t *testing.T) {
	c, conn := inKitchen(t)
	for _, condition := range []string{"forbidden", "not-acceptable", "policy-violation", "remote-server-timeout", "item-not-found", "other"} {
		id := "id-" + condition
		c.sayInRoom(kitchen, "", id, "x")
		s := next(conn)
		if s.Attr("type") != "groupchat" || s.Attr("id") != id || strings.Contains(s.Inner, nsReceipts) || strings.Contains(s.Inner, nsHints) || strings.Contains(s.Inner, nsStates) {
			t.Errorf("said %+v", s)
		}
		quiet(t, c, conn, "<message type='error' id='"+id+"' from='mallory@x'><error><"+condition+" xmlns='"+nsStanzas+"'/></error></message>")
		conn.Send("<message type='error' id='%s' from='%s'><error><%s xmlns='%s'/></error></message>", id, kitchen, condition, nsStanzas)
		if e := wait[protocol.Rejected](c, nil); e.ID != id || !strings.HasSuffix(e.Reason, ".") {
			t.Errorf("%+v", e)
		}
		if condition == "not-acceptable" {
			next(conn) // it is asked whether we are still there
		}
	}
}

// Whether a line is from before we came in, the room says: not our own server, which marks what
// waited for another connection, nor whoever wrote it.
func TestOnlyTheRoomSaysWhatIsOld(t *testing.T) {
	const stamp = "2020-01-01T00:00:00Z"
	delay := func(attrs string) string {
		return "<delay xmlns='" + nsDelay + "' " + attrs + " stamp='" + stamp + "'/>"
	}
	c, conn := inKitchen(t)
	say := func(nick, id, inner string) protocol.RoomMessage {
		conn.Send("<message type='groupchat' from='%s/%s' id='%s'><body>x</body>%s</message>", kitchen, nick, id, inner)
		return wait[protocol.RoomMessage](c, nil)
	}
	if e := say("bob", "0", delay("")); !e.Late { // history, of a room that does not say whose word it is
		t.Errorf("told %+v", e)
	}
	conn.Send("%s", groupchat(kitchen+"/bob", "<subject>soup</subject>"))
	wait[protocol.RoomTopic](c, nil)
	for attrs, late := range map[string]bool{
		"from='" + kitchen + "'": true, "from='" + kitchen + "/bob'": false, "": false,
		"from='alice@" + xmpptest.Domain + "'": false, "from='" + xmpptest.Domain + "'": false, "from='bob@x'": false,
	} {
		if e := say("bob", "1", delay(attrs)); e.Late != late {
			t.Errorf("%s: late %v", attrs, e.Late)
		}
	}
	if e := say("bob", "2", delay("from='bob@x'")+delay("from='"+kitchen+"'")); !e.Late {
		t.Errorf("told %+v", e)
	}

	// What we said, and the room repeated while there was no connection.
	c.sayInRoom(kitchen, "", "mine", "x")
	next(conn)
	conn.Send("<message type='groupchat' from='%s/alice' id='mine'><body>x</body>%s</message>", kitchen, delay("from='alice@"+xmpptest.Domain+"'"))
	if e := wait[protocol.Sent](c, nil); e.ID != "mine" {
		t.Errorf("sent %+v", e)
	}
	if e := wait[protocol.RoomMessage](c, nil); !e.Own || e.Late {
		t.Errorf("told %+v", e)
	}
}

// What an occupant said to us alone is late if it waited for us, and not if it waited for
// another connection of the session.
func TestAsidesAfterAResumption(t *testing.T) {
	c, conn := inKitchen(t)
	say := func(at time.Time) protocol.RoomAside {
		conn.Send("<message type='chat' from='%s/bob'><body>x</body><delay xmlns='%s' from='%s' stamp='%s'/></message>",
			kitchen, nsDelay, xmpptest.Domain, at.UTC().Format(time.RFC3339))
		return wait[protocol.RoomAside](c, nil)
	}
	if !say(time.Now()).Late {
		t.Error("the connection held, and it is not late")
	}
	done := make(chan struct{})
	must(t, c.sessionDo(func(l *link) { l.interrupted = true; close(done) }))
	<-done
	if say(time.Now()).Late {
		t.Error("it is late")
	}
	if !say(time.Now().Add(-time.Hour)).Late {
		t.Error("it was written before the session, and is not late")
	}
}

// A room that says nothing about our coming in is given up, and asked to forget us.
func TestARoomThatDoesNotLetUsInNorOut(t *testing.T) {
	server := xmpptest.Start(t, xmpptest.Options{})
	p := endless
	p.answer = 200 * time.Millisecond
	c := run(t, dial(t, server, xmpptest.Options{}, p))
	conn := server.Accept()
	wait[protocol.Roster](c, nil)
	must(t, c.JoinRoom(protocol.RoomJoin{Room: kitchen, Nick: "alice"}))
	for {
		if s := next(conn); s.Attr("type") == "unavailable" && s.Attr("to") == kitchen+"/alice" {
			break
		}
	}
	if e := wait[protocol.RoomRefused](c, nil); e.Why != protocol.RoomUnreachable || e.Room != kitchen {
		t.Errorf("%+v", e)
	}
}

// Whoever is away stays so under another nick.
func TestAnotherNickIsAsAvailableAsTheOneBefore(t *testing.T) {
	c, conn := inKitchen(t)
	must(t, c.SetPresence(im.Presence{Show: im.Away, Status: "at lunch"}))
	must(t, c.SetRoomNick(kitchen, "Alice"))
	s := next(conn)
	for s.Attr("to") != kitchen+"/Alice" {
		s = next(conn)
	}
	if !strings.Contains(s.Inner, "<show>away</show>") || strings.Contains(s.Inner, "lunch") {
		t.Errorf("sent %+v", s)
	}
}

// Who leaves before the session is ready does not go in.
func TestARoomIsLeftBeforeItWasEntered(t *testing.T) {
	o := xmpptest.Options{HoldRoster: true}
	server := xmpptest.Start(t, o)
	c := run(t, dial(t, server, o, endless))
	conn := server.Accept()
	wait[protocol.Online](c, nil)
	must(t, c.JoinRoom(protocol.RoomJoin{Room: kitchen, Nick: "alice"}))
	must(t, c.LeaveRoom(kitchen))
	roster := conn.Next()
	conn.Send("<iq type='result' id='%s'><query xmlns='%s'/></iq>", roster.Attr("id"), nsRoster)
	if e := wait[protocol.RoomLeft](c, nil); e.Room != kitchen || e.Why != protocol.ExitLeft {
		t.Errorf("%+v", e)
	}
	for { // its own presence comes last
		s := next(conn)
		if s.Attr("to") == kitchen+"/alice" {
			t.Fatalf("sent %+v", s)
		}
		if s.XMLName.Local == "presence" {
			break
		}
	}
}

// Who is in a room cannot say that the room returned what was said to all: its ID is known
// to them.
func TestOccupantsReturnNoLinesToAll(t *testing.T) {
	c, conn := inKitchen(t)
	returns := func(from, id string) string {
		return "<message type='error' id='" + id + "' from='" + from + "'><error type='cancel'><item-not-found xmlns='" + nsStanzas + "'/></error></message>"
	}
	c.sayInRoom(kitchen, "", "all", "x")
	c.sayInRoom(kitchen, "bob", "aside", "x")
	c.sayInRoom(kitchen, "bob", "other", "x")
	for range 3 {
		next(conn)
	}
	for range 2 { // what is said to one of them is confirmed by the server
		wait[protocol.Sent](c, nil)
	}
	quiet(t, c, conn, returns(kitchen+"/bob", "all"), returns(kitchen+"/eve", "aside"), returns("mallory@x", "aside"), returns("mallory@x", "all"))
	for _, s := range []struct{ from, id string }{{kitchen, "all"}, {kitchen + "/bob", "aside"}, {kitchen, "other"}} {
		conn.Send("%s", returns(s.from, s.id))
		if e := wait[protocol.Rejected](c, nil); e.ID != s.id {
			t.Errorf("%+v", e)
		}
	}
}

// What all rooms together make us keep has a bound.
func TestManyRoomsOfAllTheWorld(t *testing.T) {
	var events []protocol.Event
	l := offline(t, &events)
	enter := func(bare string) *room {
		r := &room{address: jid.MustParse(bare), nick: "alice", place: inside, occupants: map[string]im.Occupant{}, sent: map[string]time.Time{}}
		l.rooms.in[bare] = r
		return r
	}
	for i := range 6 {
		bare := fmt.Sprintf("r%d@rooms.example", i)
		enter(bare)
		for n := range maxOccupants {
			l.handle(newElement(nsClient, "presence", newElement(nsRoomUser, "x", newElement(nsRoomUser, "item").with("role", "participant"))).
				with("from", fmt.Sprintf("%s/n%d", bare, n)))
		}
	}
	if n := l.people(); n != maxAllPeople {
		t.Errorf("%d people", n)
	}
	r := enter(kitchen)
	r.holding, events = true, nil
	for n := range 20 {
		l.handle(newElement(nsClient, "message", newText(nsClient, "body", strings.Repeat("x", 200<<10))).with("type", "groupchat").
			with("id", fmt.Sprint(n)).with("from", kitchen+"/bob"))
	}
	if r.heldSize > maxHeld || len(events) < 20-maxHeld/(200<<10) {
		t.Errorf("%d bytes wait, and %d lines were told", r.heldSize, len(events))
	}
}
