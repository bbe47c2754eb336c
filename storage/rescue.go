package storage

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"time"

	"culver/im"
)

// Rescued says what Rescue could keep of a damaged database, and what not.
type Rescued struct {
	Accounts, Buddies, Settings, Lines int // what was kept; Settings are those of plugins, too

	Named      int    // accounts of which only the name is left
	Lost       string // which tables lost rows: see im.Rescued
	LostLines  int    // lines that are certainly lost; there may be more
	Pages, Bad int    // how many parts the database has, and how many of them cannot be read
	Broken     int    // rows of which only a part is there
	Kept       string // where the damaged database is now
}

// Complete reports that nothing is known to be lost.
func (r Rescued) Complete() bool { return r.LostLines+r.Named+r.Bad+r.Broken == 0 && r.Lost == "" }

// The names of a database that takes the place of a damaged one: while it is made, and
// when it is complete.
const (
	rescuingSuffix = ".rescuing"
	rescuedSuffix  = ".rescued"
	logSuffix      = "-wal"
	journalSuffix  = "-journal"
)

// Rescue reads a damaged database as far as it goes, into a new one that takes its
// place. What is damaged stays beside it, see Rescued.Kept. It reads each part of the
// file by itself, so that what is lost is what lies on damaged parts, and never takes
// anything for sound of which the checksum does not fit. The key has to be the right
// one: an error that is ErrDamaged means that no part of the file can be read with it.
// If it fails or ctx ends, everything is as it was. The database must not be open.
func (p *Profile) Rescue(ctx context.Context, v *Vault) (Rescued, error) {
	r, err := p.rescue(ctx, v, time.Now())
	if err != nil {
		return Rescued{}, doing("rescue the database", explainDisk(p.path(databaseFile), err))
	}
	return r, nil
}

func (p *Profile) rescue(ctx context.Context, v *Vault, now time.Time) (r Rescued, err error) {
	if err := p.finishRescue(); err != nil {
		return r, err
	}
	key, err := p.databaseKey(ctx, v, true)
	if err != nil {
		return r, err
	}
	defer clear(key)
	path := p.path(databaseFile)
	from, err := openPages(path, key)
	if err != nil {
		return r, err
	}
	found, err := salvage(from, ctx.Err)
	if err = errors.Join(err, from.close()); err != nil {
		return r, err
	}
	r.Pages, r.Bad, r.Broken, r.Lost = found.pages, found.bad, found.broken, found.lost
	if r.Bad == r.Pages {
		return r, fmt.Errorf("no page can be read: %w", ErrDamaged)
	}
	fresh := path + rescuingSuffix
	if err := remove(fresh, fresh+logSuffix, fresh+journalSuffix); err != nil {
		return r, err
	}
	err = found.write(ctx, fresh, key, &r)
	if err == nil {
		err = p.keepDamaged(now, &r)
	}
	if err == nil {
		err = os.Rename(fresh, path+rescuedSuffix)
	}
	if err != nil {
		return r, errors.Join(err, remove(fresh, fresh+logSuffix, fresh+journalSuffix))
	}
	return r, p.finishRescue()
}

// keepDamaged gives the damaged files another name beside their own.
func (p *Profile) keepDamaged(now time.Time, r *Rescued) error {
	path := p.path(databaseFile)
	r.Kept = path + damagedInfix + now.Format("20060102-150405")
	for n := 2; ; n++ {
		_, err := os.Lstat(r.Kept)
		if errors.Is(err, fs.ErrNotExist) {
			break
		}
		if err != nil {
			return err
		}
		r.Kept = fmt.Sprintf("%s%s%s-%d", path, damagedInfix, now.Format("20060102-150405"), n)
	}
	for _, suffix := range []string{"", logSuffix} {
		err := alsoNamed(path+suffix, r.Kept+suffix)
		if err != nil && (suffix == "" || !errors.Is(err, fs.ErrNotExist)) {
			return err
		}
	}
	return nil
}

// alsoNamed gives a file a second name, or makes a copy where files have one only.
func alsoNamed(path, name string) error {
	err := os.Link(path, name)
	if err == nil || errors.Is(err, fs.ErrNotExist) {
		return err
	}
	from, err := os.Open(path)
	if err != nil {
		return err
	}
	defer from.Close()
	to, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(to, from)
	return errors.Join(err, to.Sync(), to.Close())
}

// finishRescue puts a database that was rescued in the place of the damaged one, the
// log of which must be gone before, or it would be taken for the new one's. If the
// program dies on the way, the next start goes on.
func (p *Profile) finishRescue() error {
	path := p.path(databaseFile)
	there, err := p.has(databaseFile + rescuedSuffix)
	if err != nil || !there {
		return err
	}
	if err := remove(path + logSuffix); err != nil {
		return err
	}
	if err := os.Rename(path+rescuedSuffix, path); err != nil {
		return err
	}
	return syncDir(filepath.Dir(path))
}

// remove removes files that may be there.
func remove(names ...string) error {
	for _, name := range names {
		if err := os.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// write writes what was found into a new database.
func (s *salvaged) write(ctx context.Context, path string, key []byte, r *Rescued) error {
	if err := create(ctx, path, key); err != nil {
		return err
	}
	db, err := open(ctx, path, key)
	if err != nil {
		return err
	}
	err = db.conn.Exec("PRAGMA synchronous = off") // until it is complete nobody relies on it
	if err == nil {
		err = db.transact(func() error { return s.writeChoices(db, r) })
	}
	if err == nil {
		err = s.writeLines(ctx, db, r)
	}
	return errors.Join(err, db.Close(), syncFile(path))
}

func syncFile(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// writeChoices writes everything but the lines.
func (s *salvaged) writeChoices(db *DB, r *Rescued) error {
	for _, a := range s.sortedAccounts() {
		if err := db.SaveAccount(a); err != nil {
			return err
		}
		r.Accounts++
		if a.Options == nil {
			r.Named++
		}
	}
	for id, roster := range s.buddies {
		for i, b := range sortedByKey(roster) {
			if err := db.saveBuddy(id, i, b); err != nil {
				return err
			}
			r.Buddies++
		}
	}
	for name, value := range s.settings {
		if err := db.SetSetting(name, value); err != nil {
			return err
		}
	}
	for at, value := range s.spaces {
		if err := db.spacePut(at[0], at[1], value); err != nil {
			return err
		}
	}
	r.Settings = len(s.settings) + len(s.spaces)
	if s.lost != "" {
		if err := db.SetSetting(im.Rescued, s.lost); err != nil {
			return err
		}
	}
	for id, d := range s.drafts {
		if err := db.SetDraft(id, d); err != nil {
			return err
		}
	}
	for at, value := range s.choices {
		if err := db.SetChoice(im.ConvID{Account: im.AccountID(at[0]), Peer: at[1]}, at[2], value); err != nil {
			return err
		}
	}
	for _, c := range s.conversations {
		keep := c.keep
		if c.nameOnly { // the choice is lost: the safer one
			keep = new(bool)
		}
		if keep != nil && c.id.Account != "" {
			if err := db.SetLogging(c.id, *keep); err != nil {
				return err
			}
		}
	}
	return nil
}

// writeLines writes the lines in their order, each at its place.
func (s *salvaged) writeLines(ctx context.Context, db *DB, r *Rescued) error {
	now := time.Now()
	counts := map[int64]int64{}
	last := int64(-1)
	places := slices.Sorted(maps.Keys(s.lines))
	for part := range slices.Chunk(places, 1000) {
		if err := ctx.Err(); err != nil {
			return err
		}
		err := db.transact(func() error {
			lines := addition{db: db}
			for _, number := range part {
				l := s.lines[number]
				c, known := s.conversations[l.conversation]
				if !known || c.id.Account == "" { // of an account that was deleted
					continue
				}
				place := max(number, last+1)
				if number < firstPlace { // from before places were times
					place = max(placeOf(l.message.Time, now), last+1)
				}
				m := l.message
				m.Conv = c.id
				there, err := db.has(m)
				if err != nil {
					return err
				}
				if there {
					continue
				}
				if err := lines.put(m, place); err != nil {
					return err
				}
				last = place
				counts[l.conversation]++
				r.Lines++
			}
			return lines.end()
		})
		if err != nil {
			return err
		}
	}
	for number, c := range s.conversations {
		if c.id.Account != "" {
			r.LostLines += int(max(0, c.lines-counts[number]))
		}
	}
	for _, l := range s.lines {
		if _, known := s.conversations[l.conversation]; !known {
			r.LostLines++
		}
	}
	return nil
}

// firstPlace is before any place that is a time: 1973. The numbers of earlier versions
// of the schema are smaller.
const firstPlace = 100_000_000_000

// has reports whether the conversation has a line with the message's ID.
func (db *DB) has(m im.Message) (bool, error) {
	there, err := db.places("SELECT seq FROM message WHERE seq = "+placeOfLine, string(m.Conv.Account), m.Conv.Peer, m.ID)
	return len(there) > 0, err
}
