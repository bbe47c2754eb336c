package xmpp

import (
	"crypto/sha1"
	"encoding/base64"
	"slices"
	"strings"

	"mellium.im/xmpp/jid"
)

// Entity capabilities (XEP-0115): presence carries a hash of what XEP-0030 would
// answer, so that each answer is asked for once for all who have the same.

// The limits of what is remembered of others.
const (
	maxCaps        = 256  // answers that many share
	maxCapsDevices = 8192 // devices that are online
	maxCapsOfOne   = 32   // of them of one person
	maxCapsBytes   = 256  // of what presence says
	maxCapsAsked   = 64   // questions that wait for their answers
)

// capsNode names our program in presence, where a name has to be: not which one it is.
const capsNode = "urn:xmpp:caps"

// capability is what presence says of a device.
type capability struct{ hash, node, ver string }

// caps is what our presence says of us. All extensions are known by then.
func (l *link) caps() capability {
	l.capsOnce.Do(func() { l.ownCaps = capability{"sha-1", capsNode, l.ownInfo().ver()} })
	return l.ownCaps
}

func (c capability) element() *element {
	return newElement(nsCaps, "c").with("hash", c.hash).with("node", c.node).with("ver", c.ver)
}

func readCapability(presence *element) (capability, bool) {
	e := presence.child(nsCaps, "c")
	if e == nil {
		return capability{}, false
	}
	c := capability{e.attr("hash"), e.attr("node"), e.attr("ver")}
	ok := c.hash != "" && c.ver != "" && len(c.hash)+len(c.node)+len(c.ver) <= maxCapsBytes
	return c, ok
}

// ver is the hash of an answer (XEP-0115, section 5.1), of one without forms.
func (i *info) ver() string {
	lines := make([]string, 0, len(i.identities))
	for _, d := range i.identities {
		lines = append(lines, d.category+"/"+d.kind+"/"+d.lang+"/"+d.name)
	}
	slices.Sort(lines)
	lines = append(lines, sorted(i.features)...)
	h := sha1.New()
	for _, line := range lines {
		h.Write([]byte(line + "<"))
	}
	return base64.StdEncoding.EncodeToString(h.Sum(nil))
}

// proves reports whether the answer is the only one that can have the hash. What is
// hashed has no structure of its own: a "<" in a name, a feature that reads as an
// identity, and any form can stand for other features, so that somebody could make
// up an answer that fits the hash of a program and lacks what that can do. Such an
// answer is believed of its sender only.
func (i *info) proves(c capability) bool {
	if c.hash != "sha-1" || i.doubtful || len(i.forms) > 0 || len(i.identities) == 0 {
		return false
	}
	for _, d := range i.identities {
		if !plainWord(d.category) || !plainWord(d.kind) || strings.ContainsAny(d.lang, "</") || strings.Contains(d.name, "<") {
			return false
		}
	}
	for f := range i.features {
		if parts := strings.Split(f, "/"); strings.Contains(f, "<") || len(parts) > 3 && plainWord(parts[0]) && plainWord(parts[1]) {
			return false
		}
	}
	return i.ver() == c.ver
}

func plainWord(s string) bool {
	return s != "" && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789-_") == ""
}

// capabilities are what is known of the devices of others. It belongs to Run.
type capabilities struct {
	said   map[string]capability // what presence says, by full address
	of     map[string]int        // how many of them one person has, by bare address
	proven map[capability]*info  // shared by all who say it
	order  []capability          // of those, oldest first
	own    map[string]*info      // by full address: what was not proven
	asked  map[string][]func(*info)
}

func newCapabilities() *capabilities {
	return &capabilities{
		said: map[string]capability{}, of: map[string]int{}, proven: map[capability]*info{},
		own: map[string]*info{}, asked: map[string][]func(*info){},
	}
}

// key is by what an answer is shared: whose node is asked does not matter.
func (c capability) key() capability { return capability{hash: c.hash, ver: c.ver} }

// saw takes what the presence of a device says.
func (k *capabilities) saw(device jid.JID, c capability) {
	full, bare := device.String(), device.Bare().String()
	before, there := k.said[full]
	if there && before == c {
		return
	}
	k.forget(device)
	if len(k.said) < maxCapsDevices && k.of[bare] < maxCapsOfOne {
		k.said[full] = c
		k.of[bare]++
	}
}

// forget drops a device that went away, or changed.
func (k *capabilities) forget(device jid.JID) {
	full, bare := device.String(), device.Bare().String()
	if _, there := k.said[full]; there {
		delete(k.said, full)
		if k.of[bare]--; k.of[bare] == 0 {
			delete(k.of, bare)
		}
	}
	delete(k.own, full)
}

// known returns what a device said of itself, or nil.
func (k *capabilities) known(full string) *info {
	if i, ok := k.own[full]; ok {
		return i
	}
	if c, ok := k.said[full]; ok {
		return k.proven[c.key()]
	}
	return nil
}

// told takes the answer of a device.
func (k *capabilities) told(full string, i *info) {
	c, ok := k.said[full]
	switch {
	case !ok: // gone meanwhile
	case i.proves(c):
		if _, again := k.proven[c.key()]; !again {
			if len(k.order) == maxCaps {
				delete(k.proven, k.order[0])
				k.order = k.order[1:]
			}
			k.proven[c.key()] = i
			k.order = append(k.order, c.key())
		}
	default:
		k.own[full] = i
	}
}

// watchCaps notes what presence says of the devices of buddies and of our own.
func (l *link) watchCaps() extension {
	return extension{features: []string{nsCaps}, presence: func(e *element, from jid.JID) bool {
		bare := from.Bare().String()
		switch kind := e.attr("type"); {
		case from.Resourcepart() == "":
		case kind == "unavailable": // also of who is on the list no more
			l.others.forget(from)
		case kind == "" && (bare == l.bare || l.knows(bare)):
			if c, ok := readCapability(e); ok {
				l.others.saw(from, c)
			} else {
				l.others.saw(from, capability{})
			}
		}
		return false
	}}
}

// supports reports whether a device of somebody has a feature, and whether that is
// known: learn asks.
func (l *link) supports(device jid.JID, feature string) (yes, known bool) {
	i := l.others.known(device.String())
	return i.has(feature), i != nil
}

// learn tells what a device of somebody can do: at once if it is known, else once they
// have answered; nil if they do not tell. Only a device that is online and may know
// that we are here is asked: a question tells as much as an answer.
func (l *link) learn(device jid.JID, done func(*info)) {
	full := device.String()
	if i := l.others.known(full); i != nil {
		done(i)
		return
	}
	said, online := l.others.said[full]
	waiting, already := l.others.asked[full]
	if !online || !l.seenBy(device) || !already && len(l.others.asked) >= maxCapsAsked {
		done(nil)
		return
	}
	l.others.asked[full] = append(waiting, done)
	if already {
		return
	}
	node := ""
	if said.ver != "" && said.node != "" {
		node = said.node + "#" + said.ver
	}
	l.askInfo(full, node, func(i *info) {
		if i != nil && l.others.said[full] == said {
			l.others.told(full, i)
		}
		waiting := l.others.asked[full]
		delete(l.others.asked, full)
		for _, done := range waiting {
			done(i)
		}
	})
}
