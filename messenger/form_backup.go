package messenger

import (
	"os"
	"path/filepath"
	"time"

	"culver/im"
	"culver/lang"
	"culver/plugin"
)

// The fields and buttons of the window about making a backup.
const (
	fieldHistory   = "history"
	fieldPasswords = "passwords"
	fieldDrafts    = "drafts"
	fieldFile      = "file"

	actionBackUp  = "backup"
	actionReplace = "replace"
)

// ShowBackup opens the window that makes a backup, or brings it to the front.
func (m *Messenger) ShowBackup() {
	m.inbox.Put(func() {
		if m.backup != nil {
			m.backup.dialog.raise()
			return
		}
		b := &backingUp{m: m, stop: func() {}, values: map[string]string{
			fieldHistory: historyAll, fieldPasswords: im.On, fieldDrafts: im.On, fieldFile: suggestedBackup(time.Now())}}
		m.backup = b
		b.dialog = m.ask(im.ConvID{}, b.form(), b.answered)
	})
}

// suggestedBackup is a file in the user's home; empty: nobody knows where that is.
func suggestedBackup(now time.Time) string {
	home, err := os.UserHomeDir()
	if err != nil {
		return ""
	}
	return filepath.Join(home, lang.F("Culver backup %s", now.Format("2006-01-02"))+".age")
}

func (b *backingUp) answered(a plugin.Answers) {
	switch {
	case b.step == backupBusy && (a.Action == actionStop || a.Action == plugin.Closed):
		b.stopped = true
		if b.writing {
			b.stop()
		} else {
			b.failed(lang.T("Stopped. Nothing was written."))
		}
	case b.step == backupBusy:
	case ending(a.Action):
		b.end()
	case b.step == backupAsking && (a.Action == actionBackUp || a.Action == actionReplace):
		b.asked(a)
	}
}

// asked begins, if the answers make sense.
func (b *backingUp) asked(a plugin.Answers) {
	for _, id := range []string{fieldHistory, fieldPasswords, fieldDrafts, fieldFile} {
		b.values[id] = a.Values[id]
	}
	path, there, err := newPath(a.Values[fieldFile])
	problem := im.CheckPassphrase(a.Values[fieldNew], a.Values[fieldAgain])
	switch {
	case err != nil:
		b.problem, b.replace = err.Error(), ""
	case problem != "":
		b.problem = problem
	case there && (a.Action != actionReplace || b.replace != path):
		b.problem, b.replace = lang.T("There is a file of that name already. Choose another name, or replace it."), path
	default:
		b.replace = ""
		b.begin(order{path: path, passphrase: []byte(a.Values[fieldNew]), history: a.Values[fieldHistory],
			passwords: a.Values[fieldPasswords] == im.On, drafts: a.Values[fieldDrafts] == im.On})
	}
	b.show()
}

func (b *backingUp) show() {
	if b.m.backup == b {
		b.dialog.Update(b.form())
	}
}

func (b *backingUp) form() plugin.Form {
	title := lang.T("Back Up")
	switch b.step {
	case backupBusy:
		return plugin.Page(title, lang.T("You can go on chatting meanwhile."), []im.Field{b.progress.field()},
			plugin.Button{ID: actionStop, Label: lang.T("Stop"), Role: plugin.Cancel})
	case backupOver:
		fields := []im.Field{{Kind: im.FieldNote, Label: b.made}}
		for _, text := range b.notes[:min(len(b.notes), maxSentences)] {
			fields = append(fields, im.Field{Kind: im.FieldNote, Label: text})
		}
		if more := len(b.notes) - maxSentences; more > 0 {
			fields = append(fields, im.Field{Kind: im.FieldNote, Label: lang.N(more, "And %s more thing is not in it.", "And %s more things are not in it.", im.Number(more))})
		}
		return plugin.Page(title, "", fields, plugin.Button{ID: buttonClose, Label: lang.T("Close"), Role: plugin.Default})
	}
	fields := []im.Field{
		{ID: fieldFile, Kind: im.FieldFile, Label: lang.T("File"), Value: b.values[fieldFile], Save: true, Hint: lang.T("Best on another disk, or on a stick")},
		{ID: fieldHistory, Kind: im.FieldChoice, Label: lang.T("History"), Value: b.values[fieldHistory], Choices: []im.Choice{
			{Value: historyAll, Label: lang.T("All of it")}, {Value: historyPublic, Label: lang.T("Without private lines")}, {Value: historyNone, Label: lang.T("None of it")}}},
		{ID: fieldPasswords, Kind: im.FieldSwitch, Label: lang.T("With the passwords of your accounts"), Value: b.values[fieldPasswords]},
		{ID: fieldDrafts, Kind: im.FieldSwitch, Label: lang.T("With what you have begun to write"), Value: b.values[fieldDrafts]},
		{ID: fieldNew, Kind: im.FieldSecret, Label: lang.T("Passphrase"), Hint: im.PassphraseHint()},
		{ID: fieldAgain, Kind: im.FieldSecret, Label: lang.T("Once more")},
	}
	buttons := []plugin.Button{cancelButton(), {ID: actionBackUp, Label: lang.T("Back Up"), Role: plugin.Default}}
	if b.replace != "" {
		buttons = append(buttons, plugin.Button{ID: actionReplace, Label: lang.T("Replace it"), Role: plugin.Danger})
	}
	f := plugin.Page(title, lang.T("Your accounts, buddies, keys, settings and history go into one file, which is encrypted. "+
		"Nobody can open it without its passphrase, not even you: keep it well."), fields, buttons...)
	f.Problem = b.problem
	return f
}
