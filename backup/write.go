package backup

import (
	"archive/tar"
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"time"

	"filippo.io/age"

	"culver/im"
)

// WorkFactor is the power of two of the work that it takes to try one passphrase:
// about a second, and 256 MiB of memory.
const WorkFactor = 18

// pieceSize is about how large a piece of the history is.
const pieceSize = 512 << 10

// Writer writes a backup: first Add, then the lines, then Close. After an error
// nothing can be made of it.
type Writer struct {
	sealed io.WriteCloser
	tar    *tar.Writer
	made   time.Time
	piece  bytes.Buffer
	pieces int
}

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
	out := &Writer{sealed: sealed, tar: tar.NewWriter(sealed), made: m.Made.UTC().Truncate(time.Second)}
	return out, rows(out, nameManifest, []manifestRow{{Format, m.Culver, out.made}})
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

// rows writes a file of rows; none, if there are none.
func rows[T any](w *Writer, name string, all []T) error {
	if len(all) == 0 {
		return nil
	}
	var b bytes.Buffer
	defer func() { clear(b.Bytes()[:b.Cap()]) }()
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	for _, row := range all {
		if err := e.Encode(row); err != nil {
			return fmt.Errorf("write the backup: %w", err)
		}
	}
	return w.file(name, b.Bytes())
}

// Add writes all but the history.
func (w *Writer) Add(c *Contents) error {
	var accounts []accountRow
	var buddies []buddyRow
	var passwords []passwordRow
	for _, a := range c.Accounts {
		accounts = append(accounts, accountRow{a.ID, a.Alias, a.Enabled, a.Options})
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
	err := errors.Join(rows(w, nameAccounts, accounts), rows(w, nameBuddies, buddies), rows(w, namePasswords, passwords),
		rows(w, nameSettings, settings), rows(w, nameChoices, choicesOf(c)))
	for _, f := range c.Files {
		if !goodName(f.Plugin) || !goodName(f.Name) {
			return fmt.Errorf("write the backup: a file called %q", f.Plugin+"/"+f.Name)
		}
		err = errors.Join(err, w.file(dirPlugins+f.Plugin+"/"+f.Name, f.Data))
	}
	return err
}

func choicesOf(c *Contents) []choiceRow {
	all := map[im.ConvID]*choiceRow{}
	row := func(id im.ConvID) *choiceRow {
		if all[id] == nil {
			all[id] = &choiceRow{Account: id.Account, Peer: id.Peer}
		}
		return all[id]
	}
	for id, draft := range c.Drafts {
		row(id).Draft, row(id).Private = draft.Text, draft.Private
	}
	for id, on := range c.Logging {
		row(id).Logging = &on
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
	e := json.NewEncoder(&w.piece)
	e.SetEscapeHTML(false)
	if err := e.Encode(rowOf(m)); err != nil {
		return fmt.Errorf("write the backup: %w", err)
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
