package messenger

import (
	"context"
	"maps"
	"slices"

	"culver/im"
	"culver/lang"
	"culver/plugin"
	"culver/protocol"
)

// tryout is the window of a test of an account that is being set up: it is signed in and
// off again as it was typed, and nothing of it is kept.
type tryout struct {
	m       *Messenger
	dialog  *dialog
	stop    context.CancelFunc
	address string
	steps   []string // the last one goes on
	over    bool
	failure *protocol.Failure // nil: it works
}

// end stops the test, if there is one, and takes its window away.
func (t *tryout) end() {
	if t == nil {
		return
	}
	t.stop()
	t.over = true
	t.dialog.Close()
}

// test begins one, in place of the one before.
func (s *accountSetup) test(values map[string]string) {
	n, ok := s.network.(protocol.Tester)
	set, err := s.account(values)
	if !ok || err != nil || len(s.wrong(values)) > 0 {
		return
	}
	s.tryout.end()
	m := s.m
	ctx, stop := context.WithCancel(m.ctx)
	t := &tryout{m: m, stop: stop, address: set.ID.Bare()}
	s.tryout = t
	typed := im.NewSecret([]byte(values[protocol.FieldPassword]))
	var proxy im.Secret
	if !follows(values[protocol.FieldProxy]) { // else what was typed there before is another proxy's
		proxy = im.NewSecret([]byte(values[protocol.FieldProxyPassword]))
	}
	if s.old != nil {
		maps.Copy(set.Options, s.old.accepted)
		if typed.IsEmpty() && s.old.password != nil {
			typed = im.NewSecret(slices.Clone(s.old.password.Bytes()))
		}
	}
	set, proxyName := m.throughProxy(set)
	m.background(func(context.Context) error {
		defer stop()
		return m.tryOut(ctx, n, set, typed, proxy, proxyName, func(step string) {
			m.inbox.Put(func() { t.step(step) })
		})
	}, func(err error) {
		if t.over {
			return
		}
		t.over, t.failure = true, protocol.AsFailure(err)
		t.dialog.Update(t.form())
	})
	t.dialog = m.ask(im.ConvID{}, t.form(), func(plugin.Answers) { t.end() })
}

// tryOut tests an account, with the passwords that were typed or else those that are kept,
// the one for the proxy under proxyName. It wipes them all.
func (m *Messenger) tryOut(ctx context.Context, n protocol.Tester, set im.Account, password, proxy im.Secret, proxyName string, step func(string)) error {
	defer func() { password.Wipe(); proxy.Wipe() }()
	if password.IsEmpty() {
		kept, err := m.keptPassword(ctx, set.ID)
		if err != nil {
			return err
		}
		password = kept
	}
	if proxy.IsEmpty() {
		kept, err := m.proxyPassword(ctx, set, proxyName)
		if err != nil {
			return err
		}
		proxy = kept
	}
	return n.Test(ctx, set, password, proxy, step)
}

func (t *tryout) step(words string) {
	if !t.over {
		t.steps = append(t.steps, words)
		t.dialog.Update(t.form())
	}
}

func (t *tryout) form() plugin.Form {
	f := plugin.Page(lang.T("Test Account"), lang.F("Culver signs in as %s and off again. Nothing is saved, and nobody sees it.", t.address), nil)
	done := t.steps
	if !t.over {
		label := lang.T("Beginning…")
		if len(done) > 0 {
			label = lang.F("%s…", cleanName(done[len(done)-1]))
			done = done[:len(done)-1]
		}
		f.Tabs[0].Fields = append(notes(done), im.Field{ID: fieldProgress, Kind: im.FieldProgress, Percent: im.Unknown, Label: label})
		f.Buttons = []plugin.Button{cancelButton()}
		return f
	}
	f.Tabs[0].Fields = notes(done)
	f.Buttons = []plugin.Button{{ID: buttonClose, Label: lang.T("Close"), Role: plugin.Default}}
	if t.failure == nil {
		f.Intro = lang.F("It works: the server let %s in, over an encrypted connection to a server that has proved who it is.", t.address)
		return f
	}
	f.Intro = lang.T("It does not work yet. These were the steps:")
	if len(t.steps) == 0 {
		f.Intro = lang.T("It does not work yet.")
	}
	f.Problem = t.failure.Text
	if c := t.failure.Certificate; c != nil {
		f.Tabs[0].Fields = append(f.Tabs[0].Fields, im.Field{Kind: im.FieldNote, Label: c.Advice},
			im.Field{ID: "certificate", Kind: im.FieldCode, Label: lang.T("Fingerprint of its certificate (SHA-256)"), Value: grouped(c.SHA256)})
	}
	return f
}

// notes are lines to read.
func notes(lines []string) (out []im.Field) {
	for _, l := range lines {
		out = append(out, im.Field{Kind: im.FieldNote, Label: lang.F("%s.", cleanName(l))})
	}
	return out
}
