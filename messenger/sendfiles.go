package messenger

import (
	"context"
	"errors"
	"io"
	"path/filepath"
	"time"

	"culver/cargo"
	"culver/im"
	"culver/lang"
	"culver/plugin"
	"culver/protocol"
)

// How files leave. In a private conversation the other program is offered them, and
// gets them once its user agrees:
//
//	Preparing --hashes known--> Waiting --accept--> Running --all left--> Waiting --done--> Finished
//	                               ^                   |
//	                               +---connection lost-+   (the other program asks again)

const (
	// answerPatience is how long the peer's program may take to say that the offer came.
	answerPatience = 30 * time.Second
	// maxAsks is how often it may ask for the contents of one offer without having got
	// further, and maxRounds how many times as much as they are it may have left at the
	// server in all, which counts it there.
	maxAsks   = 100
	maxRounds = 8
)

func (m *Messenger) sendFiles(c im.ConvID, paths []string) {
	if m.accounts[c.Account] == nil || len(paths) == 0 {
		return
	}
	var sources []cargo.Source
	m.background(func(ctx context.Context) (err error) {
		sources, err = cargo.Gather(ctx, paths)
		return err
	}, func(err error) {
		if err != nil {
			m.say(lang.T("The file was not sent"), asSentence(fileError(err)))
			return
		}
		m.sendGathered(c, sources)
	})
}

// sendGathered sends files in the way that the conversation is now.
func (m *Messenger) sendGathered(c im.ConvID, sources []cargo.Source) {
	if m.accounts[c.Account] == nil {
		return // it was deleted meanwhile
	}
	if err := m.sendSources(c, sources); err != nil {
		m.say(lang.T("The file was not sent"), sentenceOf(err))
	}
}

// sendSources offers them, or asks whether to send them open. Its error is a sentence.
func (m *Messenger) sendSources(c im.ConvID, sources []cargo.Source) error {
	level := m.chat(c).seal.Level
	name := m.nameOf(c)
	switch {
	case m.online(c.Account) == nil:
		return formError(lang.T("Connect the account first."))
	case level == im.Ended:
		return formError(lang.F("%s has ended the private conversation. Start it again, or end it, too; then send the file.", name))
	case level.Encrypted():
		if _, ok := m.courier(c); !ok {
			return formError(lang.T("What protects this conversation cannot carry files."))
		}
		m.offerSources(c, sources)
		return nil
	case m.required(c):
		return formError(lang.F("What you send to %s has to be private. Start a private conversation first.", name))
	default:
		return m.askUnsealed(c, sources)
	}
}

// offerSources reads the files, and offers them.
func (m *Messenger) offerSources(c im.ConvID, sources []cargo.Source) {
	s := m.newShipment(c, true)
	s.sources = sources
	s.Seal = m.chat(c).seal
	s.describe(cargo.Offer{ID: newID(), Files: files(sources)})
	s.begin()
	offer, id := cargo.Offer{}, s.offer.ID
	s.work(func(ctx context.Context) (err error) {
		offer, err = cargo.Hash(ctx, id, sources, func(n int64) { s.moved.Add(n) })
		return err
	}, func(err error) {
		if err != nil {
			s.set(TransferFailed, asSentence(fileError(err)))
			return
		}
		s.offer = offer
		s.offerNow()
	})
}

// files are the sources as an offer that is not hashed yet has them.
func files(sources []cargo.Source) (all []cargo.File) {
	for _, s := range sources {
		all = append(all, cargo.File{Path: s.Path, Size: s.Size})
	}
	return all
}

// describe shows what the offer is.
func (s *shipment) describe(o cargo.Offer) {
	s.offer = o
	s.Name, s.Files, s.Size = cleanTitle(o), len(o.Files), o.Size()
	for _, f := range o.Files {
		s.Program = s.Program || cargo.IsProgram(f.Path)
	}
	s.Image = s.Files == 1 && cargo.IsImage(o.Files[0].Path)
	if s.Out && len(s.sources) > 0 {
		s.Path = s.sources[0].File
		for range o.Files[0].Path {
			if o.Folder() == "" || filepath.Base(s.Path) == o.Folder() {
				break
			}
			s.Path = filepath.Dir(s.Path)
		}
	}
}

// offerNow tells the other program.
func (s *shipment) offerNow() {
	if err := s.offer.Check(); err != nil {
		s.set(TransferFailed, lang.T("A name is too long, or there are too many folders in each other."))
		return
	}
	x, err := s.carry(transferNote{Do: noteOffer, Files: s.offer.Files})
	if err == nil {
		s.key, err = s.offer.Key(x.Secret, s.Conv.Account.Bare(), s.Conv.Peer)
		clear(x.Secret)
	}
	if err != nil {
		s.set(TransferFailed, asSentence(fileError(err)))
		return
	}
	s.with, s.device, s.Seal = x.Key, x.Device, x.Seal
	s.moved.Store(0)
	s.Done = 0
	s.set(TransferWaiting, lang.T("Waiting for an answer."))
	name := s.m.nameOf(s.Conv)
	s.stopTry = s.m.after(answerPatience, func() {
		s.stopTry = nil
		if s.State == TransferWaiting && !s.told {
			s.set(TransferWaiting, lang.F("%s's program has not answered. Programs other than Culver cannot take files in private conversations.", name))
		}
	})
}

// asked: the other program wants the contents, from a chunk on.
func (s *shipment) asked(n transferNote) {
	switch {
	case s.State.Over():
		_ = s.tell(transferNote{Do: noteCancel}) // it finds out by itself, else
		return
	case !s.offer.ValidChunk(n.First):
		s.fail(lang.T("The other program asked for something that is not there."))
		return
	}
	s.told = true
	s.stopTrying()
	s.wanted = n
	switch {
	case s.placed.Link != "" && s.placed.First == n.First && !n.Gone:
		if s.tell(s.placed) == nil {
			return // it asks again otherwise
		}
	case s.putting.Load() && s.putFirst == n.First:
		return // it is told when all is there
	}
	s.placed = transferNote{}
	s.give(n)
}

// give sends what was asked for.
func (s *shipment) give(n transferNote) {
	session := s.m.online(s.Conv.Account)
	if n.First > s.furthest {
		s.furthest, s.asks = n.First, 0
	}
	if size := s.offer.SealedSize(n.First); depotFor(session, size) != nil {
		s.given += size
	}
	if s.asks++; s.asks > maxAsks || s.given > maxRounds*max(s.offer.SealedSize(0), 1) {
		s.fail(lang.T("The connection breaks too often."))
		return
	}
	s.owed = session == nil
	if session == nil {
		s.set(TransferWaiting, lang.T("It goes on when you are online."))
		return
	}
	paused := s.State == TransferPaused
	s.moved.Store(n.First * cargo.ChunkSize)
	s.mark, s.marked = s.moved.Load(), time.Time{}
	to := im.Addr{Bare: s.Conv.Peer, Resource: s.device}
	s.putFirst = n.First
	s.putting.Store(true)
	var link string
	s.work(func(ctx context.Context) (err error) {
		link, err = s.send(ctx, session, to, n)
		return err
	}, func(err error) { s.left(n, link, err) })
	if !paused {
		s.set(TransferRunning, "")
	}
}

// depotFor is the depot of a session, if there is one that takes so much.
func depotFor(session protocol.Session, size int64) protocol.Depot {
	depot, ok := session.(protocol.Depot)
	if !ok {
		return nil
	}
	if most, ok := depot.Deposits(); !ok || most > 0 && size > most {
		return nil
	}
	return depot
}

// send puts what was asked for into a depot, or through a pipe. It runs beside the
// messenger.
func (s *shipment) send(ctx context.Context, session protocol.Session, to im.Addr, n transferNote) (link string, err error) {
	size := s.offer.SealedSize(n.First)
	s.putting.Store(true)
	defer s.putting.Store(false)
	if depot := depotFor(session, size); depot != nil {
		body, done, err := s.contents(ctx, n.First)
		if err != nil {
			return "", err
		}
		link, err = depot.Put(ctx, "", size, body)
		done()
		if err != nil && (ctx.Err() != nil || errors.Is(err, protocol.ErrOffline)) {
			err = errDepot
		}
		if err == nil || errors.Is(err, errDepot) || errors.Is(err, cargo.ErrChanged) {
			return link, err
		}
		s.moved.Store(n.First * cargo.ChunkSize)
	}
	s.putting.Store(false)
	piper, ok := session.(protocol.Piper)
	if !ok || to.Resource == "" {
		return "", protocol.ErrNoPipe
	}
	pipe, err := piper.Pipe(ctx, to, n.Pipe)
	if err != nil {
		return "", err
	}
	body, done, err := s.contents(ctx, n.First)
	if err != nil {
		return "", err
	}
	defer done()
	if _, err := io.Copy(pipe, body); err != nil {
		return "", err
	}
	return "", pipe.Close()
}

// errDepot: it did not get to the depot. The other side cannot know.
var errDepot = errors.New("the connection broke on the way to the server")

// contents is the sealed stream from a chunk on. Call done after its end.
func (s *shipment) contents(ctx context.Context, first int64) (sealed io.Reader, done func(), err error) {
	plain := cargo.Read(s.sources, first*cargo.ChunkSize)
	sealed, err = s.offer.Seal(s.key, &cargo.Meter{R: plain, Ctx: ctx, Gate: &s.gate, Tell: func(n int64) { s.moved.Add(n) }}, first)
	return sealed, func() { _ = plain.Close() }, err // it was read only
}

// left: all has left, or something broke.
func (s *shipment) left(n transferNote, link string, err error) {
	if err == nil && link != "" {
		s.Host, err = linkHost(link)
		if err == nil {
			s.placed = transferNote{Do: noteLink, Link: link, First: n.First}
			_ = s.tell(s.placed) // they ask again if it does not arrive
		}
	}
	name := s.m.nameOf(s.Conv)
	s.Done = min(s.moved.Load(), s.Size)
	s.owed = errors.Is(err, errDepot)
	switch {
	case err == nil:
		s.set(TransferWaiting, lang.F("Waiting until %s has all of it.", name))
	case errors.Is(err, cargo.ErrChanged), isFileError(err):
		s.fail(asSentence(fileError(err)))
	case errors.Is(err, protocol.ErrNoPipe):
		s.fail(lang.F("There is no way to send it: your server does not keep files of this size, and no connection to %s's device could be made.", name))
	case s.State == TransferPaused && errors.Is(err, errDepot): // it is sent again when it goes on
		s.changed()
	case errors.Is(err, errDepot):
		s.set(TransferWaiting, lang.T("The connection broke. It goes on by itself."))
		s.stopTry = s.m.after(min(lastTry, firstTry<<min(s.asks, 6)), s.goOn)
	default:
		s.set(TransferWaiting, lang.F("The connection broke. It goes on by itself when %s is back.", name))
	}
}

// askUnsealed asks whether to send files that everybody on the way can read.
func (m *Messenger) askUnsealed(c im.ConvID, sources []cargo.Source) error {
	depot, ok := m.online(c.Account).(protocol.Depot)
	name := m.nameOf(c)
	if !ok {
		return formError(lang.T("Files can be sent here only in a private conversation. Start one first."))
	}
	most, ok := depot.Deposits()
	if !ok {
		return formError(lang.F("Your server does not keep files for others. Start a private conversation with %s: then they are sent without it.", name))
	}
	for _, f := range sources {
		switch {
		case f.Path != filepath.Base(f.Path):
			return formError(lang.T("A folder can be sent only in a private conversation. Start one first, or pack the folder into one file."))
		case most > 0 && f.Size > most:
			return formError(lang.F("%s is too large for your server: it takes %s at most. Start a private conversation to send it without the server keeping it.", f.Path, Bytes(most)))
		}
	}
	o := cargo.Offer{Files: files(sources)}
	what := Transfer{Name: cleanTitle(o), Files: len(o.Files), Size: o.Size()}.What()
	f := plugin.Page(lang.F("Send %s unprotected?", what), lang.F("You are about to send %s to %s. To send it so that only %s can read it, start a private conversation first.", what, name, name), nil,
		cancelButton(), plugin.Button{ID: "send", Label: lang.T("Send unprotected"), Role: plugin.Danger})
	f.Warning = lang.T("The server and everyone on the way can read this file. Whoever learns the link to it can, too.")
	var d *dialog
	d = m.ask(c, f, func(a plugin.Answers) {
		d.Close()
		if a.Action != "send" {
			return
		}
		if m.chat(c).seal.Level != im.Open || m.required(c) { // since the question
			m.sendGathered(c, sources)
			return
		}
		for _, source := range sources {
			m.putOpen(c, source)
		}
	})
	return nil
}

// putOpen leaves a file in the depot and sends the link as a line.
func (m *Messenger) putOpen(c im.ConvID, source cargo.Source) {
	depot, ok := m.online(c.Account).(protocol.Depot)
	if !ok {
		return
	}
	s := m.newShipment(c, true)
	s.sources = []cargo.Source{source}
	s.describe(cargo.Offer{ID: newID(), Files: files(s.sources)})
	s.State = TransferRunning
	s.begin()
	var link string
	s.work(func(ctx context.Context) (err error) {
		plain := cargo.Read(s.sources, 0)
		defer plain.Close()
		body := &cargo.Meter{R: plain, Ctx: ctx, Gate: &s.gate, Tell: func(n int64) { s.moved.Add(n) }}
		link, err = depot.Put(ctx, cargo.Name(source.Path), source.Size, body)
		return err
	}, func(err error) {
		if err == nil {
			s.Host, err = linkHost(link)
		}
		if err != nil {
			s.set(TransferFailed, asSentence(fileError(err)))
			return
		}
		s.Done = s.Size
		s.set(TransferFinished, "")
		m.sendLink(c, link)
	})
}

// sendLink says where a file is. It is no line that the user typed: nothing of what they
// are typing meanwhile, or are to type next, is changed by it.
func (m *Messenger) sendLink(id im.ConvID, link string) {
	m.open(id, false)
	c := m.chat(id)
	c.ours = true
	msg := m.ownLine(c, newID(), link, c.seal.Level != im.Open || m.required(id))
	m.add(c, msg)
	m.submit(c, msg, im.Open, nil)
}
