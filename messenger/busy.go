package messenger

// What lasts, and is given up at the end of Run, is not to be cut off by a program
// that locks by itself: front ends wait for it. Who locks by hand is told afterwards
// what was given up.

// givenUp are sentences about what would be given up if Culver were locked now.
func (m *Messenger) givenUp() (all []string) {
	if m.exports > 0 {
		all = append(all, "An export was stopped when Culver was locked. No file was written: export again.")
	}
	if m.backup != nil && m.backup.step == backupBusy {
		all = append(all, "A backup was stopped when Culver was locked. No file was written: back up again.")
	}
	if m.restore != nil && m.restore.busy {
		all = append(all, "The opening of a backup was stopped when Culver was locked. Nothing was restored: open it again.")
	}
	if m.importing != nil && m.importing.stop != nil {
		all = append(all, "An import was stopped when Culver was locked. Nothing was imported: import again.")
	}
	if in := m.incoming; in != nil && in.step == incomingLooking {
		all = append(all, "“"+in.what.title+"” was stopped when Culver was locked. Nothing was "+in.what.verb.done+": do it again.")
	}
	if in := m.incoming; in != nil && in.step == incomingTaking {
		all = append(all, "“"+in.what.title+"” was stopped when Culver was locked, and not everything was "+in.what.verb.done+". "+
			"Do it again: nothing comes in twice.")
	}
	return all
}

// refreshBusy tells front ends when there begins to be something of the kind, and when
// there is nothing any more.
func (m *Messenger) refreshBusy() {
	if busy := len(m.givenUp()) > 0; busy != m.busy {
		m.busy = busy
		m.publish(BusyChanged{busy})
	}
}
