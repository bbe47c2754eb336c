package storage

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"culver/im"
)

// store is what DB and Memory have in common.
type store interface {
	Accounts() ([]im.Account, error)
	SaveAccount(im.Account) error
	DeleteAccount(im.AccountID) error
	Roster(im.AccountID) ([]im.Buddy, error)
	SaveRoster(im.AccountID, []im.Buddy) error
	Append(im.Message) error
	Update(...im.Message) error
	Edit(im.Message) error
	ByOrigin(c im.ConvID, from, origin string) ([]im.Message, error)
	ByArchive(c im.ConvID, archive string) ([]im.Message, error)
	Wrote(im.ConvID) (bool, error)
	Unsent(im.AccountID) ([]im.Message, error)
	Stranded(im.AccountID) ([]im.Message, error)
	Remove(c im.ConvID, id string) error
	Older(c im.ConvID, id string, n int) ([]im.Message, error)
	Newer(c im.ConvID, id string, n int) ([]im.Message, error)
	Since(c im.ConvID, t time.Time, n int) ([]im.Message, error)
	Page(r im.Range, from int64, n int) ([]im.Message, int64, error)
	Gone(c im.ConvID, ids []string) ([]string, error)
	Pasts() ([]im.Past, error)
	Days(c im.ConvID, from, until time.Time) ([]time.Time, error)
	Search(s im.Search, below int64) (hits []im.Message, next int64, err error)
	Erase(im.Range) (int, error)
	Sweep() (bool, error)
	Import([]im.Message) (int, error)
	Drafts() (map[im.ConvID]im.Draft, error)
	Count(r im.Range, most int) (int, error)
	SetDraft(c im.ConvID, d im.Draft) error
	Logging() (map[im.ConvID]bool, error)
	SetLogging(c im.ConvID, on bool) error
	Choices() (map[im.ConvID]map[string]string, error)
	SetChoice(c im.ConvID, key, value string) error
	DropChoice(c im.ConvID, key string) error
	Setting(key string) (string, bool, error)
	SetSetting(key, value string) error
	Space(name string) *Space
	Close() error
}

const (
	alice = im.AccountID("xmpp:alice@example.net")
	carol = im.AccountID("xmpp:carol@example.net")
)

var (
	withBob  = im.ConvID{Account: alice, Peer: "bob@example.org"}
	withEve  = im.ConvID{Account: alice, Peer: "eve@example.org"}
	carolBob = im.ConvID{Account: carol, Peer: "bob@example.org"}
)

// check fails the test at once if any of the errors is not nil.
func check(t *testing.T, errs ...error) {
	t.Helper()
	for _, err := range errs {
		if err != nil {
			t.Fatal(err)
		}
	}
}

// got returns v, and fails the test at once on an error.
func got[T any](v T, err error) func(*testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		check(t, err)
		return v
	}
}

// found is what a store finds, in as many steps as it takes.
func found(s store, q im.Search) (all []im.Message, err error) {
	for below := int64(0); ; {
		hits, next, err := s.Search(q, below)
		all = append(all, hits...)
		if err != nil || next == 0 {
			return all, err
		}
		below, q.Limit = next, q.Limit-len(hits)
	}
}

func same(t *testing.T, what string, got, want any) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s:\n got %#v\nwant %#v", what, got, want)
	}
}

// line is a plain message with the given ID.
func line(c im.ConvID, id string) im.Message {
	return im.Message{ID: id, Conv: c, From: im.Addr{Bare: c.Peer}, Text: im.Plain("text of " + id)}
}

func ids(messages []im.Message) string {
	var all []string
	for _, m := range messages {
		all = append(all, m.ID)
	}
	return strings.Join(all, " ")
}

type behaviour struct {
	name string
	test func(t *testing.T, s store, reopen func() store)
}

// behaviours are what every store does. reopen closes the store and opens it
// again, where that means anything.
var behaviours = []behaviour{
	{"empty store", func(t *testing.T, s store, _ func() store) {
		same(t, "accounts", len(got(s.Accounts())(t)), 0)
		same(t, "roster", len(got(s.Roster(alice))(t)), 0)
		same(t, "history", len(got(s.Older(withBob, "", 10))(t)), 0)
		same(t, "unsent", len(got(s.Unsent(alice))(t)), 0)
		_, ok, err := s.Setting("x")
		check(t, err)
		same(t, "setting", ok, false)
		check(t, s.DeleteAccount(alice), s.Remove(withBob, "x"), s.Space("otr").Delete("x"),
			s.Update(line(withBob, "x")))
	}},
	{"accounts", func(t *testing.T, s store, reopen func() store) {
		a := im.Account{ID: alice, Alias: "Älice \x00 work", Enabled: true,
			Options: map[string]string{"server": "xmpp.example.net:5222", "": "empty", "resource": ""}}
		c := im.Account{ID: carol}
		check(t, s.SaveAccount(a), s.SaveAccount(c))
		a.Alias = "Alice at home"
		a.Options["resource"] = "changed"
		check(t, s.SaveAccount(a))
		a.Options["server"] = "not saved"
		s = reopen()
		all := got(s.Accounts())(t)
		a.Options["server"] = "xmpp.example.net:5222"
		c.Options = map[string]string{}
		same(t, "accounts", all, []im.Account{a, c})
		all[0].Options["server"] = "scribbled on a copy"
		same(t, "again", got(s.Accounts())(t), []im.Account{a, c})
	}},
	{"deleting an account takes its roster and history along, and no other's", func(t *testing.T, s store, reopen func() store) {
		for _, id := range []im.AccountID{alice, carol} {
			check(t, s.SaveAccount(im.Account{ID: id}),
				s.SaveRoster(id, []im.Buddy{{Bare: "bob@example.org"}}),
				s.Append(line(im.ConvID{Account: id, Peer: "bob@example.org"}, "1")))
		}
		check(t, s.DeleteAccount(alice))
		s = reopen()
		same(t, "accounts", len(got(s.Accounts())(t)), 1)
		same(t, "alice's roster", len(got(s.Roster(alice))(t)), 0)
		same(t, "alice's history", len(got(s.Older(withBob, "", 9))(t)), 0)
		same(t, "carol's roster", len(got(s.Roster(carol))(t)), 1)
		same(t, "carol's history", len(got(s.Older(carolBob, "", 9))(t)), 1)
	}},
	{"roster", func(t *testing.T, s store, reopen func() store) {
		buddies := []im.Buddy{
			{Account: alice, Bare: "zoe@example.org", Name: "Zoë", Groups: []string{"Friends", "Äther", ""}, Subscription: im.SubscriptionBoth},
			{Account: alice, Bare: "bob@example.org", Subscription: im.SubscriptionNone, Asking: true},
			{Account: alice, Bare: "odd@example.org", Name: "\xff\x00'\"", Groups: []string{"\x00\xfe"}, Subscription: "later"},
		}
		check(t, s.SaveRoster(alice, buddies), s.SaveRoster(carol, buddies[1:2]))
		s = reopen()
		all := got(s.Roster(alice))(t)
		same(t, "roster", all, buddies)
		all[0].Groups[0], all[1].Bare = "scribbled", "on a copy"
		same(t, "again", got(s.Roster(alice))(t), buddies)
		same(t, "carol's", got(s.Roster(carol))(t),
			[]im.Buddy{{Account: carol, Bare: "bob@example.org", Subscription: im.SubscriptionNone, Asking: true}})
		check(t, s.SaveRoster(alice, buddies[:1]))
		same(t, "shorter", got(s.Roster(alice))(t), buddies[:1])
		check(t, s.SaveRoster(alice, nil))
		same(t, "empty", len(got(s.Roster(alice))(t)), 0)
	}},
	{"a message comes back exactly", func(t *testing.T, s store, reopen func() store) {
		var want []im.Message
		add := func(change func(*im.Message)) {
			m := line(withBob, fmt.Sprint("m", len(want)))
			change(&m)
			check(t, s.Append(m))
			m.Time = m.Time.Round(0).UTC()
			want = append(want, m)
		}
		add(func(*im.Message) {})
		for _, kind := range []im.Kind{im.Chat, im.Notice, im.Alarm} {
			add(func(m *im.Message) { m.Kind = kind })
		}
		for _, state := range []im.State{im.Done, im.Waiting, im.Sending, im.Failed} {
			add(func(m *im.Message) { m.State, m.Reason, m.Out = state, "Not connected.", true })
		}
		for _, level := range []im.Level{im.Open, im.Private, im.Verified, im.Ended} {
			add(func(m *im.Message) { m.Seal = im.Seal{Level: level, By: "otr"} })
		}
		add(func(m *im.Message) { m.Late, m.From.Resource = true, "phone/1" })
		add(func(m *im.Message) { m.Private, m.Out, m.State = true, true, im.Waiting })
		for _, when := range []time.Time{
			time.Unix(1_700_000_000, 123_456_789), time.Now(), time.Unix(-5, 7),
			time.Date(9999, 12, 31, 23, 59, 59, 999_999_999, time.UTC),
			time.Date(-100, 1, 1, 0, 0, 0, 1, time.FixedZone("there", 3600)),
		} {
			add(func(m *im.Message) { m.Time = when })
		}
		for _, text := range []im.Text{
			nil,
			im.Plain("two\nlines\n"),
			im.Plain("nul \x00 and broken \xff\xfe utf-8 'quoted' \"twice\""),
			{{Text: ""}},
			{{Text: "a"}, {Text: "b"}},
			{{Text: "bold", Style: im.Bold}},
			{{Text: "see "}, {Text: "this", Link: "https://example.org/?a=b&c=\xff"}, {Text: "", Style: im.Italic | im.Code}, {Text: "ü"}},
			{{Text: strings.Repeat("long ", 50_000), Style: 255}},
		} {
			add(func(m *im.Message) { m.Text = text })
		}
		s = reopen()
		all := got(s.Older(withBob, "", 1000))(t)
		same(t, "count", len(all), len(want))
		for i := range min(len(all), len(want)) {
			same(t, all[i].ID, all[i], want[i])
		}
	}},
	{"history is in the order of appending, whatever the times", func(t *testing.T, s store, reopen func() store) {
		for i := range 10 {
			m := line(withBob, fmt.Sprint(i))
			m.Time = time.Unix(int64(1000-i), 0)
			check(t, s.Append(m), s.Append(line(withEve, fmt.Sprint(i))), s.Append(line(carolBob, fmt.Sprint(i))))
		}
		s = reopen()
		same(t, "three", ids(got(s.Older(withBob, "", 3))(t)), "7 8 9")
		same(t, "all", ids(got(s.Older(withBob, "", 100))(t)), "0 1 2 3 4 5 6 7 8 9")
		same(t, "none", ids(got(s.Older(withBob, "", 0))(t)), "")
		same(t, "fewer than none", ids(got(s.Older(withBob, "", -1))(t)), "")
		check(t, s.Remove(withBob, "9"), s.Append(line(withBob, "10")))
		same(t, "removed", ids(got(s.Older(withBob, "", 3))(t)), "7 8 10")
		same(t, "removed elsewhere", ids(got(s.Older(withEve, "", 2))(t)), "8 9")
	}},
	{"a message is never written over", func(t *testing.T, s store, _ func() store) {
		check(t, s.Append(line(withBob, "1")))
		m := line(withBob, "1")
		m.Text = im.Plain("forged")
		if err := s.Append(m); !errors.Is(err, ErrExists) {
			t.Errorf("appending an ID twice: %v, want ErrExists", err)
		}
		all := got(s.Older(withBob, "", 9))(t)
		same(t, "history", all, []im.Message{line(withBob, "1")})
		check(t, s.Append(line(withEve, "1")), s.Append(line(carolBob, "1")))
	}},
	{"states and what is unsent", func(t *testing.T, s store, reopen func() store) {
		put := func(c im.ConvID, id string, out bool, state im.State) {
			m := line(c, id)
			m.Out, m.State = out, state
			check(t, s.Append(m))
		}
		put(withBob, "done", true, im.Done)
		put(withBob, "waiting", true, im.Waiting)
		put(withEve, "sending", true, im.Sending)
		put(withBob, "failed", true, im.Failed)
		put(withBob, "theirs", false, im.Waiting)
		put(carolBob, "carol's", true, im.Waiting)
		put(withBob, "last", true, im.Sending)
		s = reopen()
		same(t, "unsent", ids(got(s.Unsent(alice))(t)), "waiting sending last")
		same(t, "carol's", ids(got(s.Unsent(carol))(t)), "carol's")
		set := func(c im.ConvID, id string, state im.State, reason string) error {
			return s.Update(im.Message{Conv: c, ID: id, State: state, Reason: reason})
		}
		check(t, set(withBob, "waiting", im.Failed, "Nobody is there."),
			set(withEve, "sending", im.Done, ""),
			set(withEve, "last", im.Done, "another conversation"),
			set(withBob, "failed", im.Waiting, "Not connected."))
		s = reopen()
		same(t, "after", ids(got(s.Unsent(alice))(t)), "failed last")
		all := got(s.Older(withBob, "", 9))(t)
		same(t, "state", all[1].State, im.Failed)
		same(t, "reason", all[1].Reason, "Nobody is there.")
		check(t, s.Update(im.Message{Conv: withBob, ID: "failed", State: im.Done}, im.Message{Conv: withBob, ID: "nobody's", State: im.Done},
			im.Message{Conv: withEve, ID: "sending", State: im.Waiting}, im.Message{Conv: withBob, ID: "last", State: im.Failed, Reason: "It broke."}))
		s = reopen()
		same(t, "several at once", ids(got(s.Unsent(alice))(t)), "sending")
		all = got(s.Older(withBob, "", 9))(t)
		same(t, "reason of one of them", all[len(all)-1].Reason, "It broke.")
	}},
	{"private lines that failed", func(t *testing.T, s store, reopen func() store) {
		put := func(c im.ConvID, id string, out, private bool, state im.State) {
			m := line(c, id)
			m.Out, m.Private, m.State = out, private, state
			check(t, s.Append(m))
		}
		put(withBob, "open", true, false, im.Failed)
		put(withBob, "waiting", true, true, im.Waiting)
		put(withEve, "failed", true, true, im.Failed)
		put(withBob, "done", true, true, im.Done)
		put(withBob, "theirs", false, true, im.Failed)
		put(carolBob, "carol's", true, true, im.Failed)
		s = reopen()
		same(t, "stranded", ids(got(s.Stranded(alice))(t)), "failed")
		same(t, "carol's", ids(got(s.Stranded(carol))(t)), "carol's")
		check(t, s.Update(im.Message{Conv: withBob, ID: "waiting", State: im.Failed, Private: true}),
			s.Remove(withEve, "failed"))
		s = reopen()
		same(t, "after", ids(got(s.Stranded(alice))(t)), "waiting")
	}},
	{"a draft becomes private, and what is sealed says so", func(t *testing.T, s store, reopen func() store) {
		m := line(withBob, "1")
		m.Out, m.State, m.Private = true, im.Waiting, true
		plain := line(withBob, "2")
		plain.Out, plain.State = true, im.Waiting
		check(t, s.Append(m), s.Append(plain))
		s = reopen()
		all := got(s.Unsent(alice))(t)
		same(t, "private", []bool{all[0].Private, all[1].Private}, []bool{true, false})
		plain.Private, plain.State, plain.Seal = true, im.Sending, im.Seal{Level: im.Verified, By: "x"}
		plain.Text = im.Plain("texts do not change")
		check(t, s.Update(plain))
		s = reopen()
		all = got(s.Unsent(alice))(t)
		same(t, "updated", []any{all[1].Private, all[1].State, all[1].Seal, all[1].Text},
			[]any{true, im.Sending, plain.Seal, im.Plain("text of 2")})
	}},
	{"a message in the store is not the caller's", func(t *testing.T, s store, _ func() store) {
		m := line(withBob, "1")
		m.Out, m.State = true, im.Waiting
		check(t, s.Append(m))
		m.Text[0].Text = "scribbled"
		for range 2 {
			all := got(s.Older(withBob, "", 1))(t)
			same(t, "text", all[0].Text, im.Plain("text of 1"))
			all[0].Text[0].Text = "scribbled"
			got(s.Unsent(alice))(t)[0].Text[0].Text = "scribbled"
		}
	}},
	{"settings", func(t *testing.T, s store, reopen func() store) {
		check(t, s.SetSetting("a", "1"), s.SetSetting("", ""), s.SetSetting("a", "2\x00\xff"))
		s = reopen()
		for key, want := range map[string]string{"a": "2\x00\xff", "": ""} {
			value, ok, err := s.Setting(key)
			check(t, err)
			same(t, "there", ok, true)
			same(t, "value", value, want)
		}
	}},
	{"spaces", func(t *testing.T, s store, reopen func() store) {
		otr, other := s.Space("otr"), s.Space("other")
		value := []byte{0, 255, 1}
		check(t, otr.Put("trust/b\xff", value), otr.Put("trust/a", []byte("old")), otr.Put("trust/a", nil),
			otr.Put("trus", []byte("t")), otr.Put("\xff\xff", []byte("last")), otr.Put("nul\x00a", []byte("n")),
			otr.Put("gone", []byte("x")), otr.Delete("gone"),
			other.Put("trust/a", []byte("another's")))
		value[0] = 9
		s = reopen()
		otr, other = s.Space("otr"), s.Space("other")
		b, ok, err := otr.Get("trust/b\xff")
		check(t, err)
		same(t, "value", b, []byte{0, 255, 1})
		same(t, "there", ok, true)
		b[0] = 9
		b, ok, err = otr.Get("trust/a")
		check(t, err)
		same(t, "empty value", len(b), 0)
		same(t, "empty value is there", ok, true)
		_, ok, err = otr.Get("gone")
		check(t, err)
		same(t, "deleted", ok, false)
		for prefix, want := range map[string]map[string][]byte{
			"trust/":   {"trust/a": {}, "trust/b\xff": {0, 255, 1}},
			"trust/b":  {"trust/b\xff": {0, 255, 1}},
			"\xff":     {"\xff\xff": []byte("last")},
			"\xff\xff": {"\xff\xff": []byte("last")},
			"nul\x00":  {"nul\x00a": []byte("n")},
			"nothing":  {},
			"%":        {},
		} {
			same(t, fmt.Sprintf("list %q", prefix), got(otr.List(prefix))(t), want)
		}
		all := got(otr.List(""))(t)
		same(t, "all", len(all), 5)
		clear(all["trust/b\xff"])
		same(t, "a copy", got(otr.List("trust/b"))(t)["trust/b\xff"], []byte{0, 255, 1})
		same(t, "the other's", got(other.List(""))(t), map[string][]byte{"trust/a": []byte("another's")})
	}},
	{"nothing works after Close", func(t *testing.T, s store, _ func() store) {
		space := s.Space("otr")
		check(t, s.Close(), s.Close())
		_, e1 := s.Accounts()
		_, e2 := s.Roster(alice)
		_, e3 := s.Older(withBob, "", 1)
		_, e4 := s.Unsent(alice)
		_, _, e5 := s.Setting("a")
		_, _, e6 := space.Get("a")
		_, e7 := space.List("a")
		_, e8 := s.ByOrigin(withBob, "a", "b")
		_, e9 := s.ByArchive(withBob, "a")
		for i, err := range []error{e1, e2, e3, e4, e5, e6, e7, e8, e9,
			s.SaveAccount(im.Account{ID: alice}), s.DeleteAccount(alice), s.SaveRoster(alice, nil),
			s.Append(line(withBob, "1")), s.Update(line(withBob, "1")), s.Edit(line(withBob, "1")), s.Remove(withBob, "1"),
			s.SetSetting("a", "b"), space.Put("a", nil), space.Delete("a")} {
			if !errors.Is(err, ErrClosed) {
				t.Errorf("call %d after Close: %v, want ErrClosed", i, err)
			}
		}
	}},
}

func TestMemory(t *testing.T) {
	for _, b := range slices.Concat(behaviours, historyBehaviours, knownBehaviours) {
		t.Run(b.name, func(t *testing.T) {
			s := NewMemory()
			b.test(t, s, func() store { return s })
		})
	}
}

func TestDB(t *testing.T) {
	for _, b := range slices.Concat(behaviours, historyBehaviours, knownBehaviours) {
		t.Run(b.name, func(t *testing.T) {
			p, v := lockedProfile(t)
			db := openDB(t, p, v)
			b.test(t, db, func() store {
				check(t, db.Close())
				db = openDB(t, p, v)
				return db
			})
		})
	}
}

// openDB opens the database until the end of the test.
func openDB(t *testing.T, p *Profile, v *Vault) *DB {
	t.Helper()
	db, err := p.OpenDB(t.Context(), v)
	check(t, err)
	t.Cleanup(func() { check(t, db.Close()) })
	return db
}
