package messenger

import (
	"bufio"
	"context"
	"errors"
	"os"
	"path/filepath"
	"time"

	"culver/conversation"
	"culver/im"
	"culver/lang"
)

// An export is written by a goroutine of its own, beside the file that it becomes:
// under that name there is all of it or nothing. The messenger reads the history
// for it page by page.

// exporting is an export that is being made.
type exporting struct {
	m     *Messenger
	r     im.Range
	path  string
	write func(*bufio.Writer) scribe
	told  func(int) // how many lines are written, on the messenger's goroutine
}

// scribe writes lines in one format.
type scribe interface {
	begin(title string)
	conversation(p exportPast)
	line(msg im.Message)
	end()
}

// exportPast is one conversation of an export: who is in it.
type exportPast struct {
	conv        im.ConvID
	name, self  string
	description string // which part of it this is
}

// between says who talked, with their addresses where they are called otherwise.
func (p exportPast) between() string {
	named := func(name, address string) string {
		if name == address {
			return name
		}
		return name + " (" + address + ")"
	}
	return lang.F("%s, with %s", named(p.name, conversation.Name(p.conv.Peer)), named(p.self, p.conv.Account.Bare()))
}

// errExportEnded: the program ends.
const errExportEnded = lang.Error("the export was not finished")

// run writes the file. It is not on the messenger's goroutine.
func (e *exporting) run(ctx context.Context) (err error) {
	temp := unfinished(e.path)
	if err := e.ask(ctx, func() error { return e.m.noteExport(temp) }); err != nil {
		return err
	}
	left := false
	defer func() {
		if !left { // else the next run tries to remove it
			e.m.inbox.Put(func() { e.m.exportGone(temp) })
		}
	}()
	f, err := os.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return cannotWrite(err)
	}
	defer func() {
		if err != nil {
			f.Close()
			left = os.Remove(temp) != nil
		}
	}()
	b := bufio.NewWriterSize(f, 1<<16)
	if err := e.all(ctx, b); err != nil {
		return err
	}
	if err := errors.Join(b.Flush(), f.Chmod(0o600), f.Sync()); err != nil {
		return cannotWrite(err)
	}
	if err := f.Close(); err != nil {
		return cannotWrite(err)
	}
	if ctx.Err() != nil {
		return errExportEnded // it is not wanted any more
	}
	if err := os.Rename(f.Name(), e.path); err != nil {
		return cannotWrite(err)
	}
	if folder, err := os.Open(filepath.Dir(e.path)); err == nil { // so that the name outlives a power cut, where the system has that
		folder.Sync()
		folder.Close()
	}
	return nil
}

func (e *exporting) all(ctx context.Context, b *bufio.Writer) error {
	var pasts []exportPast
	var title string
	err := e.ask(ctx, func() (err error) {
		title = lang.T("Conversations")
		if !e.r.Conv.IsZero() {
			title = lang.F("Conversation with %s", e.m.nameOf(e.r.Conv))
		}
		pasts, err = e.m.exportPasts(e.r)
		return err
	})
	if err != nil {
		return err
	}
	s := e.write(b)
	s.begin(title)
	for _, p := range pasts {
		s.conversation(p)
		err := e.lines(ctx, p.conv, func(page []im.Message) error {
			for _, msg := range page {
				s.line(msg)
			}
			if err := b.Flush(); err != nil {
				return cannotWrite(err)
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	s.end()
	return nil
}

// exportPasts are the conversations of which there is something to export.
func (m *Messenger) exportPasts(r im.Range) ([]exportPast, error) {
	pasts, err := m.cfg.Store.Pasts()
	var all []exportPast
	for _, p := range pasts {
		if !r.Conv.IsZero() && p.Conv != r.Conv {
			continue
		}
		self := p.Conv.Account.Bare()
		if a, ok := m.accounts[p.Conv.Account]; ok {
			self = cleanName(a.link.State().Account.Title())
		}
		all = append(all, exportPast{p.Conv, m.nameOf(p.Conv), self, spanOf(r.From, r.Until)})
	}
	return all, err
}

// exportPage is how many lines are read at once.
const exportPage = 500

// lines gives those of one conversation to write, page by page.
func (e *exporting) lines(ctx context.Context, c im.ConvID, write func([]im.Message) error) error {
	part := im.Range{Conv: c, From: e.r.From, Until: e.r.Until}
	for next := int64(0); ; {
		var page []im.Message
		err := e.ask(ctx, func() (err error) {
			page, next, err = e.m.cfg.Store.Page(part, next, exportPage)
			return err
		})
		if err != nil {
			return err
		}
		if err := write(page); err != nil {
			return err
		}
		e.m.inbox.Put(func() { e.told(len(page)) })
		if len(page) < exportPage {
			return nil
		}
	}
}

// ask does something on the messenger's goroutine, and waits for it.
func (e *exporting) ask(ctx context.Context, do func() error) error {
	done := make(chan error, 1)
	if !e.m.inbox.Put(func() { done <- do() }) {
		return errExportEnded
	}
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return errExportEnded
	}
}

// exportedOn says when an export was made.
func exportedOn() string {
	now := time.Now()
	return lang.F("Exported by Culver on %s, %s", im.Date(now), now.Format("15:04"))
}
