package xmpp

// The namespaces of what is spoken here.
const (
	nsXML        = "http://www.w3.org/XML/1998/namespace"
	nsClient     = "jabber:client"
	nsStreams    = "http://etherx.jabber.org/streams"       // RFC 6120, section 4.8.1
	nsStreamE    = "urn:ietf:params:xml:ns:xmpp-streams"    // stream errors
	nsStanzas    = "urn:ietf:params:xml:ns:xmpp-stanzas"    // stanza errors
	nsTLS        = "urn:ietf:params:xml:ns:xmpp-tls"        // RFC 6120, section 5
	nsSASL       = "urn:ietf:params:xml:ns:xmpp-sasl"       // RFC 6120, section 6
	nsBind       = "urn:ietf:params:xml:ns:xmpp-bind"       // RFC 6120, section 7
	nsRoster     = "jabber:iq:roster"                       // RFC 6121, section 2
	nsStates     = "http://jabber.org/protocol/chatstates"  // XEP-0085
	nsDelay      = "urn:xmpp:delay"                         // XEP-0203
	nsIdle       = "urn:xmpp:idle:1"                        // XEP-0319
	nsPing       = "urn:xmpp:ping"                          // XEP-0199
	nsCarbons    = "urn:xmpp:carbons:2"                     // XEP-0280
	nsArchives   = "urn:xmpp:mam:"                          // XEP-0313, with any version
	nsHints      = "urn:xmpp:hints"                         // XEP-0334
	nsEME        = "urn:xmpp:eme:0"                         // XEP-0380
	nsDiscoInfo  = "http://jabber.org/protocol/disco#info"  // XEP-0030
	nsDiscoItems = "http://jabber.org/protocol/disco#items" // XEP-0030
	nsCaps       = "http://jabber.org/protocol/caps"        // XEP-0115
	nsDataForm   = "jabber:x:data"                          // XEP-0004
	nsBlocking   = "urn:xmpp:blocking"                      // XEP-0191
	nsPrivacy    = "jabber:iq:privacy"                      // XEP-0016
	nsReporting  = "urn:xmpp:reporting:1"                   // XEP-0377
	nsBinding    = "urn:xmpp:sasl-cb:0"                     // XEP-0440
)
