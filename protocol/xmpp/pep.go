package xmpp

import (
	"mellium.im/xmpp/jid"

	"culver/lang"
)

// What people publish about themselves (XEP-0163): small lists, called nodes, at the
// address of each account. Ours are also a place to keep things in.

const (
	nsPubSub        = "http://jabber.org/protocol/pubsub"                 // XEP-0060
	nsPubSubEvent   = "http://jabber.org/protocol/pubsub#event"           // XEP-0060
	nsPubSubOwner   = "http://jabber.org/protocol/pubsub#owner"           // XEP-0060
	nsPubSubErrors  = "http://jabber.org/protocol/pubsub#errors"          // XEP-0060
	nsPubSubOptions = "http://jabber.org/protocol/pubsub#publish-options" // XEP-0060, section 7.1.5
	nsPubSubConfig  = "http://jabber.org/protocol/pubsub#node_config"     // XEP-0060, section 8.2
)

// nodeEvents asks for what is published at a node, by us and by others who let us see it,
// and gives it to f, whoever it is from: f has to look at that.
func (l *link) nodeEvents(node string, f func(items *element, from jid.JID)) extension {
	return extension{
		features: []string{node + "+notify"},
		message: func(e *element, from jid.JID) (taken bool) {
			event := e.child(nsPubSubEvent, "event")
			if event == nil || isCopy(e) {
				return false
			}
			for _, items := range event.children {
				if items.space == nsPubSubEvent && items.attr("node") == node {
					f(items, from)
					return true
				}
			}
			return false
		},
	}
}

// nodeItems asks our account for all that is published at a node. Done is called with nil
// if that is not known; none says that there is no such node.
func (l *link) nodeItems(node string, done func(items *element, none bool)) {
	l.askInTime("", "get", newElement(nsPubSub, "pubsub", newElement(nsPubSub, "items").with("node", node)), func(answer *element) {
		if answer == nil || answer.attr("type") != "result" {
			done(nil, answer != nil && stanzaCondition(answer) == "item-not-found")
			return
		}
		if pubsub := answer.child(nsPubSub, "pubsub"); pubsub != nil {
			for _, c := range pubsub.children {
				if c.is(nsPubSub, "items") && c.attr("node") == node {
					done(c, false)
					return
				}
			}
		}
		done(nil, false)
	})
}

// The ways to say that a node is for us alone. The first says all; ejabberd knows only what
// the second says, and refuses anything else; the last is for a node that is there already.
var (
	privateFull  = []string{"pubsub#persist_items", "true", "pubsub#max_items", "max", "pubsub#send_last_published_item", "never", "pubsub#access_model", "whitelist"}
	privateShort = []string{"pubsub#persist_items", "true", "pubsub#access_model", "whitelist"}
)

// publishPrivate puts an item on a node of ours that nobody else may read (XEP-0223). A server that
// does not say that it minds this is given nothing: it would publish it (CVE-2018-6591).
// Done is told in a sentence what went wrong, or nothing.
func (l *link) publishPrivate(node, id string, payload *element, done func(problem string)) {
	l.whenHomeKnown(func(server, account *info) {
		if !account.has(nsPubSubOptions) && !server.has(nsPubSubOptions) {
			done(lang.T("Your server cannot keep this for you alone, so it was not given to it."))
			return
		}
		publish := func(options []string, then func(answer *element)) {
			item := newElement(nsPubSub, "item", payload).with("id", id)
			l.askInTime("", "set", newElement(nsPubSub, "pubsub",
				newElement(nsPubSub, "publish", item).with("node", node),
				newElement(nsPubSub, "publish-options", newForm(nsPubSubOptions, options...))), then)
		}
		failed := func(answer *element) bool { return answer == nil || answer.attr("type") != "result" }
		end := func(answer *element) {
			switch {
			case answer == nil:
				done(lang.T("Your server does not answer."))
			case failed(answer):
				done(lang.F("Your server does not keep it (%s).", known(stanzaCondition(answer))))
			default:
				done("")
			}
		}
		publish(privateFull, func(answer *element) {
			if !failed(answer) || answer == nil {
				end(answer)
				return
			}
			publish(privateShort, func(answer *element) {
				if !failed(answer) || answer == nil || stanzaCondition(answer) != "conflict" {
					end(answer)
					return
				}
				// The node is there, and others may be able to read it: that has to end first.
				l.askInTime("", "set", newElement(nsPubSubOwner, "pubsub",
					newElement(nsPubSubOwner, "configure", newForm(nsPubSubConfig, privateShort...)).with("node", node)), func(answer *element) {
					if failed(answer) {
						end(answer)
						return
					}
					publish(privateShort, end)
				})
			})
		})
	})
}

// retract takes an item off a node of ours.
func (l *link) retract(node, id string, done func(problem string)) {
	item := newElement(nsPubSub, "item").with("id", id)
	l.askInTime("", "set", newElement(nsPubSub, "pubsub", newElement(nsPubSub, "retract", item).with("node", node).with("notify", "true")), func(answer *element) {
		switch {
		case answer == nil:
			done(lang.T("Your server does not answer."))
		case answer.attr("type") != "result" && stanzaCondition(answer) != "item-not-found":
			done(lang.F("Your server does not take it off (%s).", known(stanzaCondition(answer))))
		default:
			done("")
		}
	})
}
