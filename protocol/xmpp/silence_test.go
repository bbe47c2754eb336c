package xmpp

import (
	"strings"
	"testing"

	"culver/protocol"
	"culver/protocol/xmpp/xmpptest"
)

// probes are all that somebody can send to find out whether we are here, what we run, or
// what we let be done. From a stranger none may be answered (T4).
var probes = map[string]string{
	"a message":                 "<message from='E' type='chat' id='m'><body>hello</body></message>",
	"a message to be confirmed": "<message from='E' type='chat' id='m'><body>hello</body><request xmlns='urn:xmpp:receipts'/><markable xmlns='urn:xmpp:chat-markers:0'/></message>",
	"a receipt request alone":   "<message from='E' type='chat' id='m'><request xmlns='urn:xmpp:receipts'/></message>",
	"a chat state":              "<message from='E' type='chat'><composing xmlns='http://jabber.org/protocol/chatstates'/></message>",
	"an OTR query":              "<message from='E' type='chat'><body>?OTRv23?</body></message>",
	"a correction":              "<message from='E' type='chat' id='n'><body>x</body><replace xmlns='urn:xmpp:message-correct:0' id='m'/></message>",
	"an error":                  "<message from='E' type='error' id='m'><error type='cancel'><gone xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>",
	"an invitation":             "<message from='E'><x xmlns='http://jabber.org/protocol/muc#user'><invite from='E'/></x></message>",
	"a direct invitation":       "<message from='E'><x xmlns='jabber:x:conference' jid='room@x'/></message>",
	"a jingle message":          "<message from='E'><propose xmlns='urn:xmpp:jingle-message:0' id='1'><description xmlns='urn:xmpp:jingle:apps:rtp:1' media='audio'/></propose></message>",
	"an attention request":      "<message from='E' type='headline'><attention xmlns='urn:xmpp:attention:0'/></message>",
	"a data form":               "<message from='E'><x xmlns='jabber:x:data' type='form'/></message>",
	"IBB data":                  "<message from='E'><data xmlns='http://jabber.org/protocol/ibb' sid='s' seq='0'>eA==</data></message>",
	"an avatar":                 "<message from='E'><event xmlns='http://jabber.org/protocol/pubsub#event'><items node='urn:xmpp:avatar:metadata'><item id='da39a3ee5e6b4b0d3255bfef95601890afd80709'><metadata xmlns='urn:xmpp:avatar:metadata'><info id='da39a3ee5e6b4b0d3255bfef95601890afd80709' bytes='9' type='image/png'/></metadata></item></items></event></message>",
	"bookmarks":                 "<message from='E'><event xmlns='http://jabber.org/protocol/pubsub#event'><items node='urn:xmpp:bookmarks:1'><item id='room@x'><conference xmlns='urn:xmpp:bookmarks:1' autojoin='true'/></item></items></event></message>",
	"a subscription request":    "<presence from='B' type='subscribe'><status>let me</status></presence>",
	"a probe":                   "<presence from='E' type='probe'/>",
	"presence":                  "<presence from='E'><c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='n' ver='v'/><x xmlns='vcard-temp:x:update'><photo>da39a3ee5e6b4b0d3255bfef95601890afd80709</photo></x></presence>",
	"room presence":             "<presence from='E'><x xmlns='http://jabber.org/protocol/muc#user'><item role='participant'/></x></presence>",
	"disco info":                "<iq from='E' type='get' id='i'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>",
	"disco items":               "<iq from='E' type='get' id='i'><query xmlns='http://jabber.org/protocol/disco#items'/></iq>",
	"a ping":                    "<iq from='E' type='get' id='i'><ping xmlns='urn:xmpp:ping'/></iq>",
	"version":                   "<iq from='E' type='get' id='i'><query xmlns='jabber:iq:version'/></iq>",
	"time":                      "<iq from='E' type='get' id='i'><time xmlns='urn:xmpp:time'/></iq>",
	"old time":                  "<iq from='E' type='get' id='i'><query xmlns='jabber:iq:time'/></iq>",
	"last activity":             "<iq from='E' type='get' id='i'><query xmlns='jabber:iq:last'/></iq>",
	"a vCard":                   "<iq from='E' type='get' id='i'><vCard xmlns='vcard-temp'/></iq>",
	"a newer vCard":             "<iq from='E' type='get' id='i'><vcard xmlns='urn:ietf:params:xml:ns:vcard-4.0'/></iq>",
	"a roster push":             "<iq from='E' type='set' id='i'><query xmlns='jabber:iq:roster'><item jid='E' subscription='both'/></query></iq>",
	"a block push":              "<iq from='E' type='set' id='i'><block xmlns='urn:xmpp:blocking'><item jid='x@x'/></block></iq>",
	"a privacy push":            "<iq from='E' type='set' id='i'><query xmlns='jabber:iq:privacy'/></iq>",
	"jingle":                    "<iq from='E' type='set' id='i'><jingle xmlns='urn:xmpp:jingle:1' action='session-initiate' sid='s'/></iq>",
	"a file offer":              "<iq from='E' type='set' id='i'><si xmlns='http://jabber.org/protocol/si' id='s' profile='http://jabber.org/protocol/si/profile/file-transfer'/></iq>",
	"IBB":                       "<iq from='E' type='set' id='i'><open xmlns='http://jabber.org/protocol/ibb' sid='s' block-size='4096'/></iq>",
	"IBB data by request":       "<iq from='E' type='set' id='i'><data xmlns='http://jabber.org/protocol/ibb' sid='s' seq='0'>eA==</data></iq>",
	"a bytestream":              "<iq from='E' type='set' id='i'><query xmlns='http://jabber.org/protocol/bytestreams' sid='s'/></iq>",
	"an old file offer":         "<iq from='E' type='set' id='i'><query xmlns='jabber:iq:oob'><url>http://evil.example/</url></query></iq>",
	"a command":                 "<iq from='E' type='set' id='i'><command xmlns='http://jabber.org/protocol/commands' node='x'/></iq>",
	"a roster exchange":         "<iq from='E' type='set' id='i'><x xmlns='http://jabber.org/protocol/rosterx'/></iq>",
	"something unknown":         "<iq from='E' type='get' id='i'><x xmlns='urn:unknown'/></iq>",
	"no payload":                "<iq from='E' type='get' id='i'/>",
	"an answer":                 "<iq from='E' type='result' id='i'><query xmlns='jabber:iq:roster'><item jid='E'/></query></iq>",
}

// TestNothingIsAnsweredToStrangers: zero stanzas, whatever they send (T4).
func TestNothingIsAnsweredToStrangers(t *testing.T) {
	_, conn := fake(t, xmpptest.Options{Roster: "<item jid='to@x' subscription='to'/><item jid='none@x' ask='subscribe' subscription='none'/>"})
	for what, s := range probes {
		for _, from := range []string{"evil@elsewhere.example", "evil@test.example", "to@x", "none@x", "room@conference.test.example"} {
			conn.Send("%s", strings.NewReplacer("'E'", "'"+from+"/r'", "'B'", "'"+from+"'").Replace(s))
			for _, answer := range fence(t, conn) {
				t.Errorf("%s of %s was answered %+v", what, from, answer)
			}
		}
	}
}

// TestWhatNobodyLearns: which program this is, what time it is here and how long nobody
// has used it is told to nobody (XEP-0092, XEP-0202, XEP-0012): buddies hear that it is
// not known, as of anything unknown.
func TestWhatNobodyLearns(t *testing.T) {
	c, conn := fake(t, xmpptest.Options{Roster: "<item jid='bob@x' subscription='both'/>"})
	for _, what := range []string{"version", "time", "old time", "last activity", "something unknown"} {
		for _, from := range []string{"bob@x/r", "alice@test.example/other"} {
			conn.Send("%s", strings.ReplaceAll(probes[what], "'E'", "'"+from+"'"))
			answers := fence(t, conn)
			if len(answers) != 1 || answers[0].Attr("type") != "error" || !strings.Contains(answers[0].Inner, "service-unavailable") || strings.Contains(answers[0].Inner, "<query") {
				t.Errorf("%s: %s was answered %+v", what, from, answers)
			}
		}
	}
	none[protocol.Received](c)
	on(t, c, func(l *link) {
		for _, f := range []string{"jabber:iq:version", "urn:xmpp:time", "jabber:iq:last"} {
			if l.ownInfo().has(f) {
				t.Errorf("%s is announced", f)
			}
		}
	})
}
