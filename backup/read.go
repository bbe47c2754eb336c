package backup

import (
	"archive/tar"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"culver/im"
	"culver/internal/rows"
)

// What callers branch on.
var (
	// ErrUnreadable: the file itself fails, as that on a stick that was pulled.
	ErrUnreadable = errors.New("the file cannot be read")
	// ErrNotBackup: the file is something else.
	ErrNotBackup = errors.New("the file is not a backup")
	// ErrPassphrase: it is one, and the passphrase does not open it.
	ErrPassphrase = errors.New("the passphrase is wrong")
	// ErrTooHard: to open it would take more work and memory than is sane.
	ErrTooHard = errors.New("the file asks for too much work")
	// ErrDamaged: the file was cut or changed, or is not what Culver writes.
	ErrDamaged = errors.New("the file is damaged")
	// ErrNewer: a newer Culver made it.
	ErrNewer = errors.New("a newer version made it")
)

// Opened is a backup that was read from end to end: nothing of it was changed.
type Opened struct {
	Manifest
	Contents
	Pasts   []im.Past         // what the history has
	Private map[im.ConvID]int // how many lines of it were private
	Lines   int               // how many lines that is
	Unknown int               // files in it that this Culver does not know

	file io.ReadSeeker
	key  *fileKey
}

// Open reads and verifies a backup, and keeps all but the lines of the history. It
// may take a while. The file has to stay open for [Opened.History].
func Open(ctx context.Context, file io.ReadSeeker, passphrase []byte) (*Opened, error) {
	key, err := newFileKey(passphrase)
	if err != nil {
		return nil, err
	}
	o := &Opened{file: file, key: key}
	plain, err := decrypt(ctx, file, key)
	if err == nil {
		err = o.read(plain)
	}
	if err != nil {
		o.Wipe()
		return nil, err
	}
	return o, nil
}

// Wipe forgets the secrets. The history cannot be read any more.
func (o *Opened) Wipe() {
	o.Contents.Wipe()
	o.key.wipe()
}

// History reads the file again and hands out the lines, until emit or ctx has
// enough of it.
func (o *Opened) History(ctx context.Context, emit func(im.Message) error) error {
	if _, err := o.file.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("read the backup again: %w", err)
	}
	plain, err := decrypt(ctx, o.file, o.key)
	if err != nil {
		return err
	}
	return walk(plain, func(name string, r io.Reader) error {
		if !isPiece(name) {
			return nil
		}
		return eachRow(r, func(row lineRow) error { return emit(row.message()) })
	})
}

// walk goes through the archive, which it reads to its very end.
func walk(plain io.Reader, visit func(name string, r io.Reader) error) error {
	archive := tar.NewReader(plain)
	for n := 0; ; n++ {
		h, err := archive.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return damaged(err)
		}
		if h.Typeflag != tar.TypeReg || len(h.Name) > 256 || h.Size > maxSmall || isPiece(h.Name) && h.Size > maxPiece {
			return damaged(fmt.Errorf("%q is no file for a backup", h.Name))
		}
		if (n == 0) != (h.Name == nameManifest) {
			return damaged(errors.New("it does not begin with its manifest"))
		}
		if err := visit(h.Name, archive); err != nil {
			return err
		}
	}
	if _, err := io.Copy(io.Discard, plain); err != nil { // what is behind the archive is authentic, too
		return damaged(err)
	}
	return nil
}

// damaged says of an error in reading what it means, unless it means something else.
func damaged(err error) error {
	if errors.Is(err, ErrUnreadable) || errors.Is(err, context.Canceled) || errors.Is(err, ErrDamaged) {
		return err
	}
	return fmt.Errorf("%w: %w", ErrDamaged, err)
}

func isPiece(name string) bool {
	return strings.HasPrefix(name, dirHistory) && strings.HasSuffix(name, extHistory)
}

// eachRow reads a file of rows.
func eachRow[T any](r io.Reader, take func(T) error) error {
	b, err := io.ReadAll(r) // the archive has said how much that is
	defer clear(b)
	if err != nil {
		return damaged(err)
	}
	var without T
	for row, err := range rows.All(b, maxRow, without) {
		if err != nil {
			return damaged(err)
		}
		if err := take(row); err != nil {
			return err
		}
	}
	return nil
}

// reading is an Open on its way.
type reading struct {
	*Opened
	accounts map[im.AccountID]int // the place of each
	seen     map[string]bool      // files of the archive
	pasts    map[im.ConvID]int
	rows     int
	plugins  int // bytes
}

// read reads all of a decrypted backup.
func (o *Opened) read(plain io.Reader) error {
	r := &reading{Opened: o, accounts: map[im.AccountID]int{}, seen: map[string]bool{}, pasts: map[im.ConvID]int{}}
	o.Settings, o.Drafts, o.Logging = map[string]string{}, map[im.ConvID]im.Draft{}, map[im.ConvID]bool{}
	o.Choices = map[im.ConvID]map[string]string{}
	o.Private = map[im.ConvID]int{}
	if err := walk(plain, r.file); err != nil {
		return err
	}
	if !r.seen[nameManifest] {
		return damaged(errors.New("there is no manifest"))
	}
	return nil
}

func (r *reading) file(name string, data io.Reader) error {
	if !isPiece(name) {
		if r.seen[name] {
			return damaged(fmt.Errorf("%q is there twice", name))
		}
		r.seen[name] = true
	}
	switch {
	case name == nameManifest:
		return eachRow(data, r.manifest)
	case name == nameAccounts:
		return eachRow(data, r.account)
	case name == nameBuddies:
		return eachRow(data, r.buddy)
	case name == namePasswords:
		return eachRow(data, r.password)
	case name == nameSettings:
		return eachRow(data, func(row settingRow) error { r.Settings[row.Key] = row.Value; return r.count() })
	case name == nameChoices:
		return eachRow(data, r.choice)
	case isPiece(name):
		return eachRow(data, r.line)
	case strings.HasPrefix(name, dirPlugins):
		return r.pluginFile(strings.TrimPrefix(name, dirPlugins), data)
	}
	return r.unknown()
}

func (r *reading) unknown() error {
	if r.Unknown++; r.Unknown > maxUnknown {
		return damaged(errors.New("too many files"))
	}
	return nil
}

// count bounds the rows of all files but the history.
func (r *reading) count() error {
	if r.rows++; r.rows > maxRows {
		return damaged(errors.New("too many rows"))
	}
	return nil
}

func (r *reading) manifest(row manifestRow) error {
	if row.Format > Format {
		return ErrNewer
	}
	if row.Format < 1 {
		return damaged(errors.New("its manifest has no version"))
	}
	r.Culver, r.Made = row.Culver, row.Made
	return nil
}

func (r *reading) account(row accountRow) error {
	if _, twice := r.accounts[row.ID]; twice || len(r.Accounts) == maxAccounts {
		return damaged(errors.New("an account is there twice, or there are too many"))
	}
	if row.Options == nil {
		row.Options = map[string]string{}
	}
	r.accounts[row.ID] = len(r.Accounts)
	r.Accounts = append(r.Accounts, Account{Account: im.Account{ID: row.ID, Alias: row.Alias, Enabled: row.Enabled, Options: row.Options}})
	return nil
}

// owner is the account that a row belongs to.
func (r *reading) owner(id im.AccountID) (*Account, error) {
	at, ok := r.accounts[id]
	if !ok {
		return nil, damaged(errors.New("a row belongs to no account"))
	}
	return &r.Accounts[at], nil
}

func (r *reading) buddy(row buddyRow) error {
	a, err := r.owner(row.Account)
	if err != nil {
		return err
	}
	a.Buddies = append(a.Buddies, im.Buddy{Account: row.Account, Bare: row.Bare, Name: row.Name, Groups: row.Groups,
		Subscription: row.Subscription, Asking: row.Asking})
	return r.count()
}

func (r *reading) password(row passwordRow) error {
	a, err := r.owner(row.Account)
	if err != nil {
		clear(row.Password)
		return err
	}
	clear(a.Password)
	a.Password = row.Password
	return nil
}

func (r *reading) choice(row choiceRow) error {
	id := im.ConvID{Account: row.Account, Peer: row.Peer}
	if row.Draft != "" {
		r.Drafts[id] = im.Draft{Text: row.Draft, Private: row.Private}
	}
	if row.Logging != nil {
		r.Logging[id] = *row.Logging
	}
	if len(row.Choices) > 0 {
		r.Choices[id] = row.Choices
	}
	return r.count()
}

func (r *reading) line(row lineRow) error {
	id := im.ConvID{Account: row.Account, Peer: row.Peer}
	if len(row.Account) > maxName || len(row.Peer) > maxName {
		return damaged(errors.New("an address is too long"))
	}
	at, ok := r.pasts[id]
	if !ok {
		if len(r.Pasts) == MaxConversations {
			return damaged(errors.New("too many conversations"))
		}
		at = len(r.Pasts)
		r.pasts[id] = at
		r.Pasts = append(r.Pasts, im.Past{Conv: id, First: row.Time, Last: row.Time})
	}
	p := &r.Pasts[at]
	p.Lines++
	r.Lines++
	if row.Private || row.Level != im.Open {
		r.Private[id]++
	}
	if row.Time.Before(p.First) {
		p.First = row.Time
	}
	if row.Time.After(p.Last) {
		p.Last = row.Time
	}
	return nil
}

func (r *reading) pluginFile(name string, data io.Reader) error {
	id, name, _ := strings.Cut(name, "/")
	if !goodName(id) || !goodName(name) {
		return r.unknown()
	}
	b, err := io.ReadAll(data)
	if err != nil {
		clear(b)
		return damaged(err)
	}
	r.Files = append(r.Files, File{Plugin: id, Name: name, Data: b})
	if r.plugins += len(b); r.plugins > maxPlugins || len(r.Files) > maxFiles {
		return damaged(errors.New("too much for plugins"))
	}
	return nil
}
