package messenger

import (
	"slices"
	"strings"

	"culver/lang"
)

// pending is something that the end of Run gives up, or closes before it was read.
type pending struct {
	// lasts: it goes on by itself, and only the user's word cuts it off. Front ends that
	// lock by themselves wait for it, and quitting asks.
	lasts  bool
	doing  string // what goes on, and what is left of it if the user quits now
	locked string // what the user is told after a lock
}

// pendings are all that there are.
func (m *Messenger) pendings() (all []pending) {
	for _, w := range m.exports {
		all = append(all, w.pending())
	}
	if b := m.backup; b != nil {
		switch {
		case b.step == backupBusy:
			all = append(all, pending{true, lang.T("A backup is being written. If you quit now, nothing is left of it."),
				lang.T("A backup was stopped when Culver was locked. No file was written: back up again.")})
		case b.step == backupOver:
			all = append(all, pending{locked: strings.Join(append([]string{b.made}, b.notes...), " ")})
		case b.begun && b.problem != "":
			all = append(all, pending{locked: lang.T("A backup failed before Culver was locked.") + " " + b.problem})
		}
	}
	if m.restore != nil && m.restore.busy {
		all = append(all, pending{true, lang.T("A backup is being opened. If you quit now, nothing of it is restored."),
			lang.T("The opening of a backup was stopped when Culver was locked. Nothing was restored: open it again.")})
	}
	if m.importing != nil && m.importing.stop != nil {
		all = append(all, pending{true, lang.T("What another program keeps is being read. If you quit now, nothing of it is imported."),
			lang.T("An import was stopped when Culver was locked. Nothing was imported: import again.")})
	}
	if m.incoming != nil {
		all = append(all, m.incoming.pending())
	}
	for _, s := range m.sortedShipments() {
		if !s.State.Over() {
			all = append(all, s.pending())
		}
	}
	return all
}

func (w *exportWindow) pending() pending {
	switch {
	case w.stop != nil:
		return pending{true, lang.T("An export is being written. If you quit now, nothing is left of it."),
			lang.T("An export was stopped when Culver was locked. No file was written: export again.")}
	case w.done:
		return pending{locked: w.summary()}
	default:
		return pending{locked: lang.T("An export failed before Culver was locked.") + " " + asSentence(formError(w.problem))}
	}
}

func (s *shipment) pending() pending {
	what := s.direction(s.What(), s.m.nameOf(s.Conv))
	return pending{s.State == TransferRunning || s.State == TransferPreparing, lang.F("%s is not finished. If you quit now, it is given up.", what),
		lang.F("%s was stopped when Culver was locked.", what)}
}

func (in *incoming) pending() pending {
	title, verb := in.what.title, in.what.verb
	switch in.step {
	case incomingLooking:
		return pending{true, verb.either(lang.F("“%s” is not finished. If you quit now, nothing is imported.", title),
			lang.F("“%s” is not finished. If you quit now, nothing is restored.", title)),
			verb.either(lang.F("“%s” was stopped when Culver was locked. Nothing was imported: do it again.", title),
				lang.F("“%s” was stopped when Culver was locked. Nothing was restored: do it again.", title))}
	case incomingTaking:
		return pending{true, verb.either(lang.F("“%s” is not finished. If you quit now, the rest is not imported.", title),
			lang.F("“%s” is not finished. If you quit now, the rest is not restored.", title)),
			verb.either(lang.F("“%s” was stopped when Culver was locked, and not everything was imported. Do it again: nothing comes in twice.", title),
				lang.F("“%s” was stopped when Culver was locked, and not everything was restored. Do it again: nothing comes in twice.", title))}
	case incomingOver:
		f := in.report()
		said := []string{lang.F("“%s” was finished before Culver was locked.", title), f.Intro}
		for _, field := range f.Tabs[0].Fields {
			said = append(said, field.Label)
		}
		return pending{locked: strings.Join(said, " ")}
	default: // it is easily shown again
		return pending{locked: verb.either(lang.F("“%s” was closed when Culver was locked. Nothing was imported: do it again.", title),
			lang.F("“%s” was closed when Culver was locked. Nothing was restored: do it again.", title))}
	}
}

// givenUp is what the user is told after unlocking.
func (m *Messenger) givenUp() (all []string) {
	for _, p := range m.pendings() {
		all = append(all, p.locked)
	}
	return all
}

// lasting is what goes on and is not to be cut off by a program that locks by itself:
// what is asked about before quitting.
func (m *Messenger) lasting() (all []string) {
	for _, p := range m.pendings() {
		if p.lasts && !slices.Contains(all, p.doing) {
			all = append(all, p.doing)
		}
	}
	return all
}

// refreshBusy tells front ends when there begins to be something of the kind, and when
// there is nothing any more.
func (m *Messenger) refreshBusy() {
	if busy := len(m.lasting()) > 0; busy != m.busy {
		m.busy = busy
		m.publish(BusyChanged{busy})
	}
}
