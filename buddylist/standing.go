package buddylist

import (
	"slices"
	"time"

	"culver/im"
	"culver/lang"
)

// Standing says who sees whose presence.
func (l *List) Standing(c im.ConvID) string {
	b, listed := l.Buddy(c)
	switch {
	case !listed:
		return lang.T("Buddy List: not on it")
	case b.Subscription == im.SubscriptionBoth:
		return lang.T("Buddy List: you see each other online")
	case b.Subscription == im.SubscriptionTo:
		return lang.T("Buddy List: you see them online, they do not see you")
	case b.Subscription == im.SubscriptionFrom && b.Asking:
		return lang.T("Buddy List: they see you online, and have not let you see them yet")
	case b.Subscription == im.SubscriptionFrom:
		return lang.T("Buddy List: they see you online, you do not see them")
	case b.Asking:
		return lang.T("Buddy List: they have not let you see when they are online yet")
	default:
		return lang.T("Buddy List: neither of you sees the other online")
	}
}

// mostDevices are as many as are told of.
const mostDevices = 8

// OnlineWith are lines about the devices that somebody is online with. What they have
// chosen themselves goes through clean.
func (l *List) OnlineWith(c im.ConvID, clean func(string) string) []string {
	n, ok := l.entries[c]
	if !ok {
		return nil
	}
	var out []string
	for name, p := range n.devices {
		line := p.Show.InSentence()
		if p.Status != "" {
			line = lang.F("%s – %s", line, clean(p.Status))
		}
		if name != "" {
			line = lang.F("%s, on the device %s", line, clean(name))
		}
		out = append(out, lang.F("Online: %s", line))
	}
	slices.Sort(out)
	return out[:min(len(out), mostDevices)]
}

// Since is when somebody who is online was seen to come, or was found there; zero: they
// are offline, or it is not known.
func (l *List) Since(c im.ConvID) time.Time {
	if n, ok := l.entries[c]; ok && len(n.devices) > 0 {
		return n.since
	}
	return time.Time{}
}

// LastSeen says when somebody was seen last who is offline; empty: it is not known, or
// they are online.
func (l *List) LastSeen(c im.ConvID) string {
	best, _ := l.Presence(c)
	seen := l.Note(c).Seen
	if best.Show != im.Offline || seen.IsZero() {
		return ""
	}
	seen = seen.Local()
	return lang.F("Last seen: %s at %s", im.Date(seen), seen.Format("15:04"))
}
