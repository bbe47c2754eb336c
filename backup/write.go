package backup

import (
	"archive/tar"
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"time"

	"filippo.io/age"

	"culver/im"
	"culver/internal/rows"
)

// WorkFactor is the power of two of the work that it takes to try one passphrase:
// about a second, and 256 MiB of memory.
const WorkFactor = 18

// pieceSize is about how large a piece of the history is.
const pieceSize = 512 << 10

// Writer writes a backup: first Add, then the lines, then Close. After an error
// nothing can be made of it. It writes nothing that [Open] would refuse: a single
// thing that is too large is left out, and too many of a kind are an error.
type Writer struct {
	sealed  io.WriteCloser
	tar     *tar.Writer
	made    time.Time
	piece   bytes.Buffer
	pieces  int
	pasts   map[im.ConvID]bool
	leftOut LeftOut
}

// LeftOut is what a backup does not hold because it is too large.
type LeftOut struct {
	Lines  int
	Drafts []im.ConvID
	Files  []File // without their data
	Others int    // accounts, buddies, passwords and settings
}

// LeftOut tells what was left out so far.
func (w *Writer) LeftOut() LeftOut { return w.leftOut }

// What a Writer refuses.
var (
	// ErrTooManyConversations: there are more than MaxConversations.
	ErrTooManyConversations = errors.New("there are more conversations than a backup holds")
	// ErrTooMuch: there is more of something else than a backup holds.
	ErrTooMuch = errors.New("there is more than a backup holds")
)

// Create begins a backup. Work is [WorkFactor]; tests make less of it.
func Create(w io.Writer, passphrase []byte, work int, m Manifest) (*Writer, error) {
	r, err := age.NewScryptRecipient(string(passphrase))
	if err != nil {
		return nil, fmt.Errorf("lock the backup: %w", err)
	}
	r.SetWorkFactor(work)
	sealed, err := age.Encrypt(w, r)
	if err != nil {
		return nil, fmt.Errorf("begin the backup: %w", err)
	}
	out := &Writer{sealed: sealed, tar: tar.NewWriter(sealed), made: m.Made.UTC().Truncate(time.Second),
		pasts: map[im.ConvID]bool{}}
	_, err = addRows(out, nameManifest, []manifestRow{{Format, m.Culver, out.made}})
	return out, err
}

// file writes one file of the archive.
func (w *Writer) file(name string, data []byte) error {
	err := w.tar.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: name, Size: int64(len(data)), Mode: 0o600, ModTime: w.made})
	if err == nil {
		_, err = w.tar.Write(data)
	}
	if err != nil {
		return fmt.Errorf("write the backup: %w", err)
	}
	return nil
}

// addRows writes a file of rows; none, if there are none. It returns those that are too
// long.
func addRows[T any](w *Writer, name string, all []T) (tooLong []T, err error) {
	var b bytes.Buffer
	defer func() { clear(b.Bytes()[:b.Cap()]) }()
	for _, row := range all {
		switch err := rows.Append(&b, row, maxRow); {
		case errors.Is(err, rows.ErrTooLong):
			tooLong = append(tooLong, row)
		case err != nil:
			return nil, fmt.Errorf("write the backup: %w", err)
		case b.Len() > maxSmall:
			return nil, fmt.Errorf("write %s: %w", name, ErrTooMuch)
		}
	}
	if b.Len() == 0 {
		return tooLong, nil
	}
	return tooLong, w.file(name, b.Bytes())
}

// Add writes all but the history.
func (w *Writer) Add(c *Contents) error {
	var accounts []accountRow
	for _, a := range c.Accounts {
		accounts = append(accounts, accountRow{a.ID, a.Alias, a.Enabled, a.Options})
	}
	noAccounts, err := addRows(w, nameAccounts, accounts)
	if err != nil {
		return err
	}
	missing := map[im.AccountID]bool{}
	for _, row := range noAccounts {
		missing[row.ID] = true
	}
	var buddies []buddyRow
	var passwords []passwordRow
	for _, a := range c.Accounts {
		if missing[a.ID] { // a row of somebody who is not there would be refused
			continue
		}
		if len(a.Password) > 0 {
			passwords = append(passwords, passwordRow{a.ID, a.Password})
		}
		for _, b := range a.Buddies {
			buddies = append(buddies, buddyRow{a.ID, b.Bare, b.Name, b.Groups, b.Subscription, b.Asking})
		}
	}
	var settings []settingRow
	for _, key := range slices.Sorted(maps.Keys(c.Settings)) {
		settings = append(settings, settingRow{key, c.Settings[key]})
	}
	choices := w.choicesOf(c)
	if len(accounts)-len(noAccounts) > maxAccounts || len(buddies)+len(settings)+len(choices) > maxRows {
		return fmt.Errorf("write the backup: %w", ErrTooMuch)
	}
	noBuddies, err1 := addRows(w, nameBuddies, buddies)
	noPasswords, err2 := addRows(w, namePasswords, passwords)
	noSettings, err3 := addRows(w, nameSettings, settings)
	noChoices, err4 := addRows(w, nameChoices, choices)
	w.leftOut.Others += len(noAccounts) + len(noBuddies) + len(noPasswords) + len(noSettings) + len(noChoices)
	return cmp.Or(err1, err2, err3, err4, w.files(c.Files))
}

// files writes what belongs to plugins.
func (w *Writer) files(all []File) error {
	size, there := 0, map[string]bool{}
	for _, f := range all {
		name := dirPlugins + f.Plugin + "/" + f.Name
		if !goodName(f.Plugin) || !goodName(f.Name) || there[name] {
			return fmt.Errorf("write the backup: a file called %q, or two", name)
		}
		if len(f.Data) > maxSmall || size+len(f.Data) > maxPlugins || len(there) == maxFiles {
			w.leftOut.Files = append(w.leftOut.Files, File{Plugin: f.Plugin, Name: f.Name})
			continue
		}
		size += len(f.Data)
		there[name] = true
		if err := w.file(name, f.Data); err != nil {
			return err
		}
	}
	return nil
}

// choicesOf are the rows of what was left and chosen in conversations, but drafts that
// are too long.
func (w *Writer) choicesOf(c *Contents) []choiceRow {
	all := map[im.ConvID]*choiceRow{}
	row := func(id im.ConvID) *choiceRow {
		if all[id] == nil {
			all[id] = &choiceRow{Account: id.Account, Peer: id.Peer}
		}
		return all[id]
	}
	for id, draft := range c.Drafts {
		if len(draft.Text) > MaxDraft {
			w.leftOut.Drafts = append(w.leftOut.Drafts, id)
			continue
		}
		row(id).Draft, row(id).Private = draft.Text, draft.Private
	}
	for id, on := range c.Logging {
		row(id).Logging = &on
	}
	for id, values := range c.Choices {
		row(id).Choices = values
	}
	var out []choiceRow
	for _, r := range all {
		out = append(out, *r)
	}
	slices.SortFunc(out, func(a, b choiceRow) int {
		return cmp.Or(cmp.Compare(a.Account, b.Account), cmp.Compare(a.Peer, b.Peer))
	})
	return out
}

// Line writes one line of the history.
func (w *Writer) Line(m im.Message) error {
	if len(m.Conv.Account) > maxName || len(m.Conv.Peer) > maxName {
		w.leftOut.Lines++
		return nil
	}
	switch err := rows.Append(&w.piece, rowOf(m), maxRow); {
	case errors.Is(err, rows.ErrTooLong):
		w.leftOut.Lines++
		return nil
	case err != nil:
		return fmt.Errorf("write the backup: %w", err)
	}
	if w.pasts[m.Conv] = true; len(w.pasts) > MaxConversations {
		return fmt.Errorf("write the backup: %w", ErrTooManyConversations)
	}
	if w.piece.Len() < pieceSize {
		return nil
	}
	return w.endPiece()
}

func (w *Writer) endPiece() error {
	if w.piece.Len() == 0 {
		return nil
	}
	w.pieces++
	err := w.file(fmt.Sprintf("%s%06d%s", dirHistory, w.pieces, extHistory), w.piece.Bytes())
	clear(w.piece.Bytes())
	w.piece.Reset()
	return err
}

// Close ends the backup; it does not close what it is written to.
func (w *Writer) Close() error {
	if err := errors.Join(w.endPiece(), w.tar.Close(), w.sealed.Close()); err != nil {
		return fmt.Errorf("end the backup: %w", err)
	}
	return nil
}

// goodName reports that a name stands for itself in the archive, whatever system
// somebody takes it apart on.
func goodName(s string) bool {
	ok := func(c rune) bool {
		return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '_' || c == '.'
	}
	for _, c := range s {
		if !ok(c) {
			return false
		}
	}
	return s != "" && s[0] != '.' && len(s) <= 64
}
