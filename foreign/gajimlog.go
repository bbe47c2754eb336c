package foreign

import (
	"context"
	"encoding/json"
	"math"
	"strings"
	"time"

	"github.com/ncruces/go-sqlite3"

	"culver/im"
	"culver/lang"
)

const gajimDatabase = "logs.db"

// readGajimSettings reads the accounts in the database of settings.
func (p *Profile) readGajimSettings(f *folder) error {
	db, err := openDatabase(f.ctx, f, "settings.sqlite")
	if err != nil {
		return err
	}
	defer db.close()
	if !db.has("account_settings", "settings") {
		return errDatabase
	}
	if db.has("settings", "settings") {
		err := db.query("SELECT settings FROM settings WHERE name = 'app'", func(s *sqlite3.Stmt) error {
			var row struct {
				Proxy string `json:"global_proxy"`
			}
			err := json.Unmarshal(s.ColumnRawBlob(0), &row)
			p.gajimProxy = row.Proxy != "" && row.Proxy != noGajimProxy || err != nil
			return nil
		})
		p.gajimProxy = p.gajimProxy || err != nil
	}
	all := map[string]map[string]any{}
	err = db.query("SELECT account, settings FROM account_settings LIMIT 200", func(s *sqlite3.Stmt) error {
		if row, err := parseGajimAccount(s.ColumnRawBlob(1)); err == nil {
			all[mend(s.ColumnRawText(0))] = row
		}
		return nil
	})
	p.addGajim(all)
	return err
}

// gajimLogs reads Gajim's history. Its tables changed with the years: one for all
// accounts, then with the account as a number of a row of addresses, then (Gajim 2)
// tables of accounts and of peers.
type gajimLogs struct {
	p       *Profile
	folder  *folder
	account bool // the old table has accounts
	modern  bool
}

// What the old table says of a line: received or sent, alone or in a chat. All else
// is of rooms, or about presence.
const gajimMessages = "kind IN (3, 4, 5, 6)"

// findGajimLogs finds the conversations in the history.
func (p *Profile) findGajimLogs(f *folder) error {
	db, err := openDatabase(f.ctx, f, gajimDatabase)
	if err != nil {
		return err
	}
	defer db.close()
	g := &gajimLogs{p: p, folder: f}
	var sql string
	switch {
	case db.has("message", "fk_remote_pk") && db.has("remote", "jid") && db.has("account", "jid"):
		g.modern = true
		sql = `SELECT a.jid, r.jid, a.pk, r.pk, count(*), min(m.timestamp), max(m.timestamp), m.type = 1, 0
			FROM message m JOIN account a ON a.pk = m.fk_account_pk JOIN remote r ON r.pk = m.fk_remote_pk
			WHERE m.text <> '' GROUP BY a.pk, r.pk, m.type = 1 LIMIT 50000`
	case db.has("logs", "kind") && db.has("jids", "jid"):
		if g.account = db.has("logs", "account_id"); g.account {
			sql = `SELECT coalesce(a.jid, ''), j.jid, l.account_id, j.jid_id, count(*), min(l.time), max(l.time), 1, j.type
				FROM logs l JOIN jids j ON j.jid_id = l.jid_id LEFT JOIN jids a ON a.jid_id = l.account_id
				WHERE ` + gajimMessages + ` AND l.message <> '' GROUP BY l.account_id, j.jid_id LIMIT 50000`
		} else {
			sql = `SELECT '', j.jid, 0, j.jid_id, count(*), min(l.time), max(l.time), 1, j.type
				FROM logs l JOIN jids j ON j.jid_id = l.jid_id
				WHERE ` + gajimMessages + ` AND l.message <> '' GROUP BY j.jid_id LIMIT 50000`
		}
	default:
		return errDatabase
	}
	rooms, nobody := 0, 0
	err = db.query(sql, func(s *sqlite3.Stmt) error {
		jid := mend(s.ColumnRawText(1))
		peer, ok := bare(jid)
		if !ok || s.ColumnInt(7) == 0 || s.ColumnInt(8) != 0 || strings.Contains(jid, "/") {
			rooms++
			return nil
		}
		account, ok := bare(mend(s.ColumnRawText(0)))
		if !ok && len(p.Accounts) == 1 {
			account, ok = p.Accounts[0].Address, true
		}
		if !ok {
			nobody++
			return nil
		}
		p.Logs = append(p.Logs, Log{Scheme: schemeXMPP, Account: account, Peer: peer, Lines: s.ColumnInt(4),
			First: epoch(s.ColumnFloat(5)), Last: epoch(s.ColumnFloat(6)), key: [2]int64{s.ColumnInt64(2), s.ColumnInt64(3)}})
		return nil
	})
	if rooms > 0 {
		p.note(lang.N(rooms, "%s log of a chat room is left out, because Culver does not have chat rooms.", "%s logs of chat rooms are left out, because Culver does not have chat rooms.", im.Number(rooms)))
	}
	if nobody > 0 {
		p.note(lang.N(nobody, "%s conversation is left out, because Gajim did not keep with which of your accounts it was.", "%s conversations are left out, because Gajim did not keep with which of your accounts they were.", im.Number(nobody)))
	}
	if len(p.Logs) > 0 {
		p.logs = g
	}
	return err
}

// epoch is a time in seconds since 1970; what is none is zero.
func epoch(seconds float64) time.Time {
	if math.IsNaN(seconds) || seconds <= 0 || seconds > 1<<34 {
		return time.Time{}
	}
	whole, part := math.Modf(seconds)
	return time.Unix(int64(whole), int64(part*1e9)).UTC().Round(time.Millisecond)
}

func (g *gajimLogs) read(ctx context.Context, r *Reader, l Log, each func(Line) error) error {
	folder, err := r.in(g.folder)
	if err != nil {
		r.damaged++
		return nil
	}
	db, err := openDatabase(ctx, folder, gajimDatabase)
	if err != nil {
		r.damaged++
		return ctx.Err()
	}
	defer db.close()
	sql := "SELECT time, kind IN (5, 6), message FROM logs WHERE jid_id = ?2 AND ?1 = ?1 AND " + gajimMessages + " AND message <> '' ORDER BY time, rowid"
	switch {
	case g.modern:
		sql = "SELECT timestamp, direction = 2, text FROM message WHERE fk_account_pk = ?1 AND fk_remote_pk = ?2 AND type = 1 AND text <> '' ORDER BY timestamp, pk"
	case g.account:
		sql = "SELECT time, kind IN (5, 6), message FROM logs WHERE account_id IS ?1 AND jid_id = ?2 AND " + gajimMessages + " AND message <> '' ORDER BY time, rowid"
	}
	ids := g.p.named(l, gajimDatabase)
	var failed error
	err = db.query(sql, func(s *sqlite3.Stmt) error {
		line := Line{Time: epoch(s.ColumnFloat(0)), Out: s.ColumnBool(1)}
		text := s.ColumnRawText(2)
		if len(text) > maxRecord {
			text = text[:maxRecord]
			r.cut++
		}
		line.Text = mend(text)
		if r.bytes += int64(len(text)); r.bytes > maxLogBytes {
			return ErrEnough
		}
		if line.Time.IsZero() {
			r.odd++
			return nil
		}
		line.ID = ids.next(line.Time, line.Out, line.Text)
		failed = each(line)
		return failed
	}, l.key[0], l.key[1])
	switch {
	case failed != nil:
		return failed
	case ctx.Err() != nil:
		return ctx.Err()
	case err == ErrEnough:
		return err
	case err != nil:
		r.damaged++
	}
	return nil
}
