package messenger

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"time"

	"culver/cargo"
	"culver/im"
	"culver/lang"
	"culver/plugin"
	"culver/protocol"
)

// How files come. This side asks for them, and asks again when something broke:
//
//	Offered --accepted--> Waiting --pipe or link--> Running --all checked--> Finished
//	                         ^                         |
//	                         +-----connection lost-----+

const (
	maxTries  = 8 // without anything that came
	firstTry  = 2 * time.Second
	lastTry   = time.Minute
	askAgain  = 3 * time.Minute // if nothing came
	spareRoom = 16 << 20        // what is to be left of a disk
)

// offered is an offer of a peer's program.
func (m *Messenger) offered(c im.ConvID, o cargo.Offer, x plugin.Carried) {
	n := 0
	for _, s := range m.shipments {
		if s.Conv == c && s.State == TransferOffered {
			n++
		}
	}
	if !m.known(c) || n >= maxOffers {
		return
	}
	key, err := o.Key(x.Secret, c.Peer, c.Account.Bare())
	if err != nil {
		return
	}
	s := m.newShipment(c, false)
	s.key, s.with, s.device, s.Seal, s.State = key, x.Key, x.Device, x.Seal, TransferOffered
	s.describe(o)
	s.begin()
	m.setUnread(m.chat(c), m.chat(c).unread+1)
	m.heard(m.chat(c), SoundReceived)
	_ = s.tell(transferNote{Do: noteKnown}) // the sender is told only that nothing was heard
	s.ask()
}

func (s *shipment) decline() {
	if s.State == TransferOffered {
		_ = s.tell(transferNote{Do: noteDecline}) // there is nobody left to tell, else
		s.set(TransferCancelled, lang.T("You declined it."))
	}
}

// accept takes an offer, to that path.
func (s *shipment) accept(path string) {
	if s.State != TransferOffered {
		return
	}
	folder, name, err := s.target(path)
	if err == nil {
		if s.sink, err = cargo.NewSink(s.offer, folder, name); err != nil {
			err = &diskError{err}
		}
	}
	if err != nil {
		s.ask()
		s.form.Update(withProblem(s.offerForm(path), asSentence(fileError(err))))
		return
	}
	s.m.keep(settingDownloads, folder)
	s.closeForm()
	s.Path = filepath.Join(folder, name)
	s.opener = s.offer.Opener(s.key)
	s.set(TransferWaiting, "")
	s.goOn()
}

// target is the folder, and the name in it, that a path means. Its errors are
// sentences.
func (s *shipment) target(typed string) (folder, name string, err error) {
	path, err := wholePath(typed)
	if err != nil {
		return "", "", err
	}
	loose := s.Files > 1 && s.offer.Folder() == ""
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		folder, name = path, ""
	} else {
		folder, name = filepath.Split(path)
		if loose {
			if err := os.Mkdir(path, 0o700); err != nil {
				return "", "", cannotWrite(err)
			}
			folder, name = path, ""
		}
	}
	folder = filepath.Clean(folder)
	if info, err := os.Stat(folder); err != nil {
		return "", "", cannotWrite(err)
	} else if !info.IsDir() {
		return "", "", errNoSuchFolder
	}
	if room, ok := cargo.Room(folder); ok && room < s.Size+spareRoom {
		return "", "", errFull
	}
	return folder, name, nil
}

// goOn asks for what is missing, or fetches it.
func (s *shipment) goOn() {
	s.stopTrying()
	if s.stop != nil { // what is under way may still change what is missing
		s.stop()
		s.next = s.goOn
		return
	}
	session := s.m.online(s.Conv.Account)
	switch {
	case s.Out:
		if s.owed {
			s.give(s.wanted)
		}
		return // else, the other program asks
	case s.opener == nil:
		return
	case session == nil:
		s.set(TransferWaiting, lang.T("It goes on when you are online."))
		return
	case s.link != "" && !s.mayFetch():
		s.set(TransferWaiting, lang.F("It waits for you to agree to fetch it from %s.", s.Host))
		s.askHost()
		return
	case s.link != "":
		s.fetch(session)
		return
	}
	s.first = s.opener.Next()
	pipe := newID()
	wait := s.expect(session, pipe)
	if err := s.tell(transferNote{Do: noteAccept, First: s.first, Pipe: pipe, Gone: s.lost}); err != nil {
		if wait != nil {
			over, cancel := context.WithCancel(s.m.ctx)
			cancel()
			_, _ = wait(over) // nothing is expected any more
		}
		s.tryAgain(asSentence(fileError(err)))
		return
	}
	s.lost = false
	s.set(TransferWaiting, "")
	s.stopTry = s.m.after(askAgain, func() {
		if s.State == TransferWaiting {
			s.goOn() // a note may be lost
		}
	})
	if wait == nil {
		return // it comes by a link
	}
	first := s.first
	s.work(func(ctx context.Context) error {
		r, err := wait(ctx)
		if err != nil {
			return err
		}
		defer r.Close()
		s.m.inbox.Put(s.runs)
		return s.take(ctx, r, pipe, first)
	}, s.taken)
}

// expect lets the peer's program open a pipe, if there can be one.
func (s *shipment) expect(session protocol.Session, pipe string) (wait func(context.Context) (io.ReadCloser, error)) {
	piper, ok := session.(protocol.Piper)
	if !ok || s.device == "" {
		return nil
	}
	wait, err := piper.Expect(im.Addr{Bare: s.Conv.Peer, Resource: s.device}, pipe)
	if err != nil {
		return nil
	}
	return wait
}

// runs shows that something comes.
func (s *shipment) runs() {
	if s.State == TransferWaiting {
		s.stopTrying()
		s.set(TransferRunning, "")
	}
}

// linked: the peer's program has left it somewhere.
func (s *shipment) linked(n transferNote) {
	host, err := linkHost(n.Link)
	if err != nil || s.opener == nil || n.First != s.first {
		return
	}
	other := n.Link != s.link
	s.link, s.Host = n.Link, host
	if s.State == TransferPaused {
		if other && s.stop != nil {
			s.stop() // nothing comes on the way that it is on
		}
		return
	}
	s.goOn()
}

// mayFetch reports whether the user has agreed to fetch from the host, or it is of their
// own server: nobody new learns anything by that.
func (s *shipment) mayFetch() bool {
	return s.agreed == s.Host || nearHost(s.Host, domainOf(s.Conv.Account.Bare()))
}

// fetch reads what is at the link, from where it broke.
func (s *shipment) fetch(session protocol.Session) {
	s.stopTrying()
	depot, ok := session.(protocol.Depot)
	if !ok {
		s.fail(lang.T("It cannot be fetched with this account."))
		return
	}
	s.set(TransferRunning, "")
	link, first, size := s.link, s.first, s.offer.SealedSize(s.first)
	s.work(func(ctx context.Context) error {
		from := int64(0)
		if s.begun == link {
			from = s.opener.Offset(first)
		}
		r, err := depot.Fetch(ctx, link, from, size)
		if err != nil {
			return err
		}
		defer r.Close()
		return s.take(ctx, r, link, first)
	}, s.taken)
}

// take writes what comes of a stream that begins with a chunk. It runs beside the
// messenger.
func (s *shipment) take(ctx context.Context, r io.Reader, stream string, first int64) error {
	r = &cargo.Meter{R: r, Ctx: ctx, Gate: &s.gate, Tell: func(int64) {}}
	if s.begun != stream {
		if s.opener.Next() != first {
			return protocol.ErrGone // more has come meanwhile
		}
		if err := s.opener.Begin(r); err != nil {
			return err
		}
		s.begun = stream
	}
	for {
		b, err := s.opener.Chunk(r)
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
		if _, err := s.sink.Write(b); err != nil {
			return &diskError{err}
		}
		s.moved.Add(int64(len(b)))
	}
	if _, err := s.sink.Write(nil); err != nil {
		return &diskError{err}
	}
	if !s.sink.Complete() {
		return cargo.ErrForged
	}
	return nil
}

// diskError is an error of writing, or of what was to be written.
type diskError struct{ err error }

func (e *diskError) Error() string { return e.err.Error() }
func (e *diskError) Unwrap() error { return e.err }

// taken: all has come, or something broke.
func (s *shipment) taken(err error) {
	moved, gone := s.moved.Load(), errors.Is(err, protocol.ErrGone)
	if moved > s.had {
		s.tries = 0
	}
	s.had, s.Done = moved, min(moved, s.Size)
	if gone {
		s.link, s.lost = "", true
	}
	disk := (*diskError)(nil)
	switch {
	case err == nil:
		s.Path = s.sink.Path()
		_ = s.sink.Close() // all is written
		s.sink = nil
		_ = s.tell(transferNote{Do: noteDone}) // it came all the same
		s.set(TransferFinished, "")
		s.preview()
	case errors.Is(err, cargo.ErrForged):
		kept := lang.T("Nothing of it was kept.")
		if n := len(s.sink.Done()); n > 0 {
			kept = lang.N(n, "%s file that had come before, and came as sent, stayed; nothing else was kept.",
				"%s files that had come before, and came as sent, stayed; nothing else was kept.", im.Number(n))
		}
		s.drop()
		s.fail(lang.T("What came is not what was sent: somebody changed it on the way, or the sender's program is broken.") + " " + kept)
	case errors.As(err, &disk):
		s.drop()
		s.fail(asSentence(fileError(disk)))
	case s.State == TransferPaused: // it is asked for again when it goes on
		s.changed()
	case gone:
		s.tryAgain(lang.T("It is not where the sender left it, and is asked for again."))
	default:
		s.tryAgain(lang.T("The connection broke. It goes on by itself."))
	}
}

// drop gives up what has come.
func (s *shipment) drop() {
	s.sink.Abort()
	_ = s.sink.Close() // it was given up
	s.sink = nil
}

// tryAgain goes on after a while.
func (s *shipment) tryAgain(reason string) {
	if s.tries++; s.tries > maxTries {
		s.set(TransferFailed, lang.T("It broke too often.")+" "+reason) // the other side may wait: the user can go on
		return
	}
	s.stopTrying()
	s.set(TransferWaiting, reason)
	s.stopTry = s.m.after(min(lastTry, firstTry<<(s.tries-1)), s.goOn)
}

// transfersOnline goes on with what waits for a connection.
func (m *Messenger) transfersOnline(id im.AccountID) {
	for _, s := range m.sortedShipments() {
		if s.Conv.Account == id && s.State == TransferWaiting && s.stop == nil && s.form == nil {
			s.goOn()
		}
	}
}

// downloads is where files go, as the user chose it last.
func (m *Messenger) downloads() string {
	if v, ok, err := m.cfg.Store.Setting(settingDownloads); err == nil && ok && filepath.IsAbs(v) {
		if info, err := os.Stat(v); err == nil && info.IsDir() {
			return v
		}
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return ""
	}
	return usualFolder(home)
}

// usualFolder is where files go in a home until the user chose something.
func usualFolder(home string) string {
	for _, name := range []string{"Downloads", "Desktop"} {
		if info, err := os.Stat(filepath.Join(home, name)); err == nil && info.IsDir() {
			return filepath.Join(home, name)
		}
	}
	return home
}

const settingDownloads = "transfers.folder"

// fileError is an error of work with files, as a sentence.
func fileError(err error) error {
	not, disk := (*cargo.NotFileError)(nil), (*diskError)(nil)
	switch {
	case errors.Is(err, cargo.ErrTooMany):
		return formError(lang.F("These are more than %s files. Pack them into one file first.", im.Number(cargo.MaxFiles)))
	case errors.Is(err, cargo.ErrNothing):
		return formError(lang.T("There is no file in it."))
	case errors.Is(err, cargo.ErrChanged):
		return formError(lang.T("The file was changed while it was being sent. Send it again."))
	case errors.Is(err, protocol.ErrOffline):
		return formError(lang.T("The connection was lost."))
	case errors.As(err, &not):
		return formError(lang.F("“%s” is not an ordinary file.", filepath.Base(not.Path)))
	case errors.As(err, &disk):
		return cannotWrite(disk.err)
	case isFileError(err):
		return cannotRead(err)
	}
	return err
}

func isFileError(err error) bool {
	path, link := (*os.PathError)(nil), (*os.LinkError)(nil)
	return errors.As(err, &path) || errors.As(err, &link)
}
