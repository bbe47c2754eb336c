package xmpp

import (
	"slices"

	"mellium.im/xmpp/jid"
)

// Service discovery (XEP-0030): what an entity is, and what it can do.

// The limits of what somebody says of themselves.
const (
	maxFeatures   = 512
	maxIdentities = 32
	maxForms      = 16
	maxFeature    = 512 // bytes
)

// identity is what an entity is: a client on a phone, a chat room.
type identity struct{ category, kind, lang, name string }

// info is the answer to the question what an entity is and can do.
type info struct {
	identities []identity
	features   map[string]bool
	forms      []*element // XEP-0128
	// doubtful: it says something twice. It is not the thing that XEP-0115 takes a hash of.
	doubtful bool
}

// has reports whether the entity has a feature; of one that is not known it does not.
func (i *info) has(feature string) bool { return i != nil && i.features[feature] }

// is reports whether the entity is of that kind.
func (i *info) is(category, kind string) bool {
	return i != nil && slices.ContainsFunc(i.identities, func(d identity) bool { return d.category == category && d.kind == kind })
}

// readInfo reads an answer; nil if it is none. What is beyond the limits is left out.
func readInfo(answer *element) *info {
	if answer == nil || answer.attr("type") != "result" {
		return nil
	}
	query := answer.child(nsDiscoInfo, "query")
	if query == nil {
		return nil
	}
	out := &info{features: map[string]bool{}}
	for _, c := range query.children {
		switch {
		case c.is(nsDiscoInfo, "identity"):
			d := identity{c.attr("category"), c.attr("type"), c.attr("xml:lang"), c.attr("name")}
			if len(out.identities) == maxIdentities || slices.Contains(out.identities, d) {
				out.doubtful = true
				continue
			}
			out.identities = append(out.identities, d)
		case c.is(nsDiscoInfo, "feature"):
			f := c.attr("var")
			if len(out.features) == maxFeatures || len(f) > maxFeature || out.features[f] {
				out.doubtful = true
				continue
			}
			out.features[f] = true
		case c.is(nsDataForm, "x"):
			if len(out.forms) < maxForms {
				out.forms = append(out.forms, c)
			}
		}
	}
	return out
}

// query is the answer as it is written, all in the order of XEP-0115.
func (i *info) query(node string) *element {
	q := newElement(nsDiscoInfo, "query").with("node", node)
	for _, d := range i.identities {
		q.add(newElement(nsDiscoInfo, "identity").with("category", d.category).with("type", d.kind).
			with("xml:lang", d.lang).with("name", d.name))
	}
	for _, f := range sorted(i.features) {
		q.add(newElement(nsDiscoInfo, "feature").with("var", f))
	}
	return q
}

func sorted(set map[string]bool) []string {
	list := make([]string, 0, len(set))
	for s := range set {
		list = append(list, s)
	}
	slices.Sort(list)
	return list
}

// ownInfo is what we say of ourselves: that this is a program on a computer, with no
// name, version or system, and what it can do.
func (l *link) ownInfo() *info {
	out := &info{identities: []identity{{category: "client", kind: "pc"}}, features: map[string]bool{}}
	for _, x := range l.extensions {
		for _, f := range x.features {
			out.features[f] = true
		}
	}
	return out
}

// discovery answers what we are and can do to those who may know that we are here.
func (l *link) discovery() extension {
	return extension{
		features: []string{nsDiscoInfo, nsDiscoItems},
		get: map[name]func(*element, jid.JID){
			{nsDiscoInfo, "query"}: func(e *element, from jid.JID) {
				node := e.child(nsDiscoInfo, "query").attr("node")
				if caps := l.caps(); !l.seenBy(from) || node != "" && node != caps.node+"#"+caps.ver {
					l.refuse(e, from)
					return
				}
				l.answer(reply(e, "result").add(l.ownInfo().query(node)))
			},
			{nsDiscoItems, "query"}: func(e *element, from jid.JID) {
				node := e.child(nsDiscoItems, "query").attr("node")
				if !l.seenBy(from) || node != "" {
					l.refuse(e, from)
					return
				}
				l.answer(reply(e, "result").add(newElement(nsDiscoItems, "query")))
			},
		},
	}
}

// askInfo asks an entity what it is and can do. Done is called with nil if it does
// not tell, or not in time.
func (l *link) askInfo(to, node string, done func(*info)) {
	l.askInTime(to, "get", newElement(nsDiscoInfo, "query").with("node", node), func(answer *element) { done(readInfo(answer)) })
}

// discoItem is something that belongs to an entity.
type discoItem struct{ address, node, name string }

// readItems reads an answer, and at most that many items. One without an address that
// makes sense is left out.
func readItems(answer *element, most int) []discoItem {
	if answer == nil || answer.attr("type") != "result" {
		return nil
	}
	query := answer.child(nsDiscoItems, "query")
	if query == nil {
		return nil
	}
	var out []discoItem
	for _, c := range query.children {
		if len(out) == most {
			break
		}
		if address, err := parseJID(c.attr("jid")); c.is(nsDiscoItems, "item") && err == nil {
			out = append(out, discoItem{address.String(), c.attr("node"), c.attr("name")})
		}
	}
	return out
}

// askItems asks an entity for at most that many things that belong to it.
func (l *link) askItems(to, node string, most int, done func([]discoItem)) {
	l.askInTime(to, "get", newElement(nsDiscoItems, "query").with("node", node), func(answer *element) { done(readItems(answer, most)) })
}
