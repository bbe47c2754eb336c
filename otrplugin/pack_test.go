package otrplugin

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"culver/im"
	"culver/otrplugin/otr"
	"culver/otrplugin/otr/libotr"
	"culver/plugin"
	"culver/plugin/plugintest"
)

// packs is what Pack gives for all accounts.
func (e *end) packs() []plugin.File {
	e.t.Helper()
	var files []plugin.File
	called := 0
	e.plugin.Pack([]im.AccountID{e.id.Account}, func(f []plugin.File, err error) {
		if called++; err != nil {
			e.t.Error(err)
		}
		files = f
	})
	e.host.Run()
	if called != 1 {
		e.t.Fatalf("done was called %d times", called)
	}
	return files
}

// unpacks is what Unpack makes of files.
func (e *end) unpacks(from string, files []plugin.File) plugin.Parcel {
	e.t.Helper()
	own := func(network, account string) (im.AccountID, bool) {
		ok := isNetwork(network, "xmpp") && libotr.SameAccount(account, e.id.Account.Bare())
		return e.id.Account, ok && from != ""
	}
	var out plugin.Parcel
	called := 0
	e.plugin.Unpack(from, files, own, func(p plugin.Parcel, err error) {
		if called++; err != nil {
			e.t.Error(err)
		}
		out = p
	})
	e.passes()
	if called != 1 {
		e.t.Fatalf("done was called %d times", called)
	}
	return out
}

// passes lets work and short timers come to their end.
func (e *end) passes() {
	for range 20 {
		e.host.Run()
		e.host.Advance(loadEvery)
	}
}

// bringsIn takes all of a parcel for the account and the settings.
func (e *end) bringsIn(p plugin.Parcel, replace bool) []string {
	e.t.Helper()
	all := []im.AccountID{e.id.Account, ""}
	return e.brings(p, plugin.Wanted{Accounts: all, Weaker: all, Replace: replace})
}

func (e *end) brings(p plugin.Parcel, want plugin.Wanted) []string {
	e.t.Helper()
	var out []string
	called := 0
	p.Take(want, func(results []string, err error) {
		if called++; err != nil {
			e.t.Error(err)
		}
		out = results
	})
	for i := 0; called == 0 && i < 2000; i++ {
		e.host.Run()
		e.host.Advance(loadEvery)
	}
	if called != 1 {
		e.t.Fatalf("done was called %d times", called)
	}
	p.Wipe()
	return out
}

func contentsOf(p plugin.Parcel) string {
	var all []string
	for _, c := range p.Contents() {
		all = append(all, c.Label+c.Clash)
	}
	return strings.Join(all, "; ")
}

// inStore is the store without what belongs to one copy of the program.
func (e *end) inStore() map[string]string {
	out := map[string]string{}
	for name, b := range e.host.Disk.Data {
		if !strings.HasPrefix(name, "tag/") {
			out[name] = string(b)
		}
	}
	return out
}

// other is a key of the peer's that is known.
func (e *end) other(n byte, change func(*knownKey)) *knownKey {
	e.t.Helper()
	k := e.unknown(n)
	if change != nil {
		change(k)
	}
	if err := e.plugin.saveKnown(k); err != nil {
		e.t.Fatal(err)
	}
	e.plugin.known[e.id] = append(e.plugin.known[e.id], k)
	return k
}

func (e *end) unknown(n byte) *knownKey {
	f := otr.Fingerprint{n}
	return &knownKey{Account: e.id.Account, Peer: e.id.Peer, Fingerprint: f.Hex(), fingerprint: f,
		First: time.Date(2020, 1, int(n), 0, 0, 0, 0, time.UTC)}
}

// furnished is a world in which alice has something of everything.
func furnished(t *testing.T) *world {
	w := newWorld(t)
	w.verified()
	p := w.alice.plugin
	w.alice.other(1, func(k *knownKey) { k.Unaccepted, k.Refused, k.RefusedAt = true, true, k.First })
	w.alice.other(2, func(k *knownKey) { k.Accepted, k.AcceptedAt, k.ImportedAt = true, k.First, k.First })
	w.alice.other(3, func(k *knownKey) { k.Unaccepted = true })
	other := im.ConvID{Account: w.alice.id.Account, Peer: "dave@example.org"}
	for _, err := range []error{p.changeSettings(settings{Enabled: true, Require: true}), p.changeLook(look{}),
		p.changeBuddySettings(other, &settings{Enabled: true, Keep: keepAsk}),
		w.alice.host.Disk.Put(writingKey(w.alice.id, otr.Fingerprint{9}), []byte("-3"))} {
		if err != nil {
			t.Fatal(err)
		}
	}
	return w
}

func TestWhatWasPackedIsTheSameElsewhere(t *testing.T) {
	w := furnished(t)
	files := w.alice.packs()
	fresh := newEnd(t, aliceAddr, bobAddr, nil)
	p := fresh.unpacks("", files)
	if got, want := contentsOf(p), "a private key; 4 fingerprints, one of them verified; settings of one buddy that would let messages leave unencrypted and private conversations be kept; the settings of OTR, which would let messages leave unencrypted"; got != want {
		t.Errorf("there is %q", got)
	}
	if len(fresh.inStore()) != 0 {
		t.Error("something was taken before anybody said so")
	}
	results := fresh.bringsIn(p, false)
	if !reflect.DeepEqual(fresh.inStore(), w.alice.inStore()) {
		for name, v := range w.alice.inStore() {
			if fresh.inStore()[name] != v {
				t.Errorf("%s is %s, want %s", name, fresh.inStore()[name], v)
			}
		}
		t.Errorf("kept is %q", slices.Sorted(maps.Keys(fresh.inStore())))
	}
	if !reflect.DeepEqual(fresh.host.Keyring.Data, w.alice.host.Keyring.Data) {
		t.Error("the key is another one")
	}
	if p := fresh.plugin; p.settings != w.alice.plugin.settings || p.NoButton() == false || len(p.own) != 1 {
		t.Errorf("in force is %+v", p.settings)
	}
	if text := strings.Join(results, " "); !strings.Contains(text, "the private key was added") || !strings.Contains(text, "4 fingerprints were added") {
		t.Errorf("told: %s", text)
	}
	before := fresh.inStore()
	if results := fresh.bringsIn(fresh.unpacks("", files), false); !reflect.DeepEqual(fresh.inStore(), before) || len(results) != 1 {
		t.Errorf("the second time: %q", results)
	}
	fresh.restart()
	if !reflect.DeepEqual(fresh.inStore(), before) || len(fresh.plugin.damage) > 0 {
		t.Errorf("after a restart: %q", fresh.plugin.damage)
	}
}

func TestThePackedKeyIsAFileOfLibotrs(t *testing.T) {
	w := furnished(t)
	for _, f := range w.alice.packs() {
		if f.Name == libotr.KeysFile {
			all, skipped, err := libotr.ParseKeys(f.Data)
			if err != nil || len(skipped) > 0 || len(all) != 1 || all[0].Name != aliceAddr+"/" || all[0].Protocol != "prpl-jabber" ||
				all[0].Key.Fingerprint() != w.alice.key().Fingerprint() {
				t.Errorf("the file has %+v, %v, %v", all, skipped, err)
			}
			return
		}
	}
	t.Error("there is no file of keys")
}

func TestPackingFailsAsAWhole(t *testing.T) {
	w := furnished(t)
	for name, fail := range map[string]func(error){
		"vault": func(err error) { w.alice.host.Keyring.Err = err },
		"store": func(err error) { w.alice.host.Disk.Err = err },
	} {
		fail(errors.New("locked"))
		var got error
		w.alice.plugin.Pack([]im.AccountID{w.alice.id.Account}, func(f []plugin.File, err error) {
			if got = err; f != nil {
				t.Errorf("%s: there are files", name)
			}
		})
		w.alice.host.Run()
		if got == nil || !strings.Contains(got.Error(), "locked") {
			t.Errorf("%s: %v", name, got)
		}
		fail(nil)
	}
}

func TestAnotherPrivateKeyIsReplacedOnlyIfTheUserSaysSo(t *testing.T) {
	w := newWorld(t)
	files := w.alice.packs()
	packed, err := otr.ParsePrivateKey(testKeys()[0])
	if err != nil {
		t.Fatal(err)
	}
	here := newEnd(t, aliceAddr, bobAddr, testKeys()[2])
	own, _ := otr.ParsePrivateKey(testKeys()[2])
	p := here.unpacks("", files)
	text := contentsOf(p)
	if !strings.Contains(text, packed.Fingerprint().String()) || !strings.Contains(text, own.Fingerprint().String()) {
		t.Errorf("the clash is %q", text)
	}
	if results := here.bringsIn(p, false); !strings.Contains(results[1], "here stays") || here.key().Fingerprint() != own.Fingerprint() {
		t.Errorf("%q", results)
	}
	if results := here.bringsIn(here.unpacks("", files), true); !strings.Contains(results[1], "added") || here.key().Fingerprint() != packed.Fingerprint() {
		t.Errorf("%q", results)
	}
	here.wantKept()
	here.host.Keyring.Err = errors.New("locked")
	again := newEnd(t, aliceAddr, bobAddr, testKeys()[2])
	again.host.Keyring.Err = errors.New("locked")
	p = again.unpacks("", files)
	if text := contentsOf(p); !strings.Contains(text, "cannot be read now") {
		t.Errorf("the clash is %q", text)
	}
	if results := again.bringsIn(p, true); !strings.Contains(strings.Join(results, " "), "could not be saved") {
		t.Errorf("%q", results)
	}
	here.host.Keyring.Err, again.host.Keyring.Err = nil, nil
}

func TestWhatWasDecidedHereWins(t *testing.T) {
	then := time.Date(2021, 5, 5, 0, 0, 0, 0, time.UTC)
	nothing := func(*knownKey) {}
	trusted := func(k *knownKey) { k.Trust, k.Proof, k.VerifiedAt = trustSMP, proofQuestion, then }
	refused := func(k *knownKey) { k.Unaccepted, k.Refused, k.RefusedAt = true, true, then }
	accepted := func(k *knownKey) { k.Accepted, k.AcceptedAt = true, then }
	undecided := func(k *knownKey) { k.Unaccepted = true }
	doubtful := func(k *knownKey) { k.Unaccepted, k.ImportedAt = true, then }
	tookBack := func(k *knownKey) { k.VerifiedAt = then }
	for name, c := range map[string]struct {
		here, there, want func(*knownKey)
		told              string
		replace           bool
	}{
		"verified here, not there":     {trusted, undecided, trusted, "stays as you decided", false},
		"verified here, refused there": {trusted, refused, trusted, "stays as you decided", false},
		"refused here, verified there": {refused, trusted, refused, "stays refused", true},
		"accepted here, refused there": {accepted, refused, accepted, "stays as you decided", false},
		"taken back here":              {tookBack, trusted, tookBack, "stays as you decided", true},
		// Another key is known here, so that what the backup says of this one is a question.
		"nothing here, verified there":  {undecided, trusted, undecided, "for you to decide", false},
		"nothing here, accepted there":  {undecided, accepted, undecided, "for you to decide", false},
		"unknown here, verified there":  {nil, trusted, doubtful, "for you to decide", false},
		"unknown here, accepted there":  {nil, accepted, doubtful, "for you to decide", false},
		"replaced, verified there":      {undecided, trusted, trusted, "verified now", true},
		"replaced, accepted there":      {undecided, accepted, accepted, "", true},
		"replaced, unknown, verified":   {nil, trusted, trusted, "added", true},
		"replaced, unknown, accepted":   {nil, accepted, accepted, "added", true},
		"nothing here, refused there":   {undecided, refused, refused, "", false},
		"nothing here, nothing there":   {nothing, nothing, nothing, "", false},
		"first here, undecided there":   {nothing, undecided, nothing, "", false},
		"the same trust on both sides":  {trusted, trusted, trusted, "", false},
		"unknown here, refused there":   {nil, refused, refused, "added", false},
		"unknown here, undecided there": {nil, undecided, undecided, "added", false},
		"unknown here, first there":     {nil, nothing, undecided, "added", false}, // for here, another one is
	} {
		t.Run(name, func(t *testing.T) {
			e := newEnd(t, aliceAddr, bobAddr, nil)
			e.other(1, nil) // the first key
			if c.here != nil {
				e.other(2, c.here)
			}
			now := e.host.Now().UTC()
			from := newEnd(t, aliceAddr, bobAddr, nil)
			from.other(2, c.there)
			results := strings.Join(e.bringsIn(e.unpacks("", from.packs()), c.replace), " ")
			got, want := e.plugin.knownKey(e.id, otr.Fingerprint{2}), e.unknown(2)
			c.want(want)
			if !want.ImportedAt.IsZero() && !got.ImportedAt.Before(now) {
				want.ImportedAt = got.ImportedAt
			}
			if !reflect.DeepEqual(got, want) {
				t.Errorf("it is %+v\nwant %+v", got, want)
			}
			if !strings.Contains(results, c.told) {
				t.Errorf("told: %s", results)
			}
			kept, err := parseKnown(got.storeKey(), e.host.Disk.Data[got.storeKey()])
			if err != nil || !reflect.DeepEqual(kept, got) {
				t.Errorf("kept is %+v, %v", kept, err)
			}
			first := e.plugin.knownKey(e.id, otr.Fingerprint{1})
			if !c.replace && c.here == nil && first.Unaccepted {
				t.Error("the key that is known here lost what it had")
			}
			if e.plugin.trusted(e.id, otr.Fingerprint{2}) && c.here == nil && !first.Unaccepted {
				t.Error("beside a verified key, another one needs no decision")
			}
		})
	}
}

func TestAKeyThatIsRefusedThereEndsWhatIsPrivateHere(t *testing.T) {
	w := newWorld(t)
	w.private()
	theirs := w.bob.key().Fingerprint()
	from := newEnd(t, aliceAddr, bobAddr, nil)
	k := &knownKey{Account: from.id.Account, Peer: from.id.Peer, Fingerprint: theirs.Hex(), fingerprint: theirs, Refused: true, Unaccepted: true}
	if err := from.plugin.saveKnown(k); err != nil {
		t.Fatal(err)
	}
	from.plugin.known[from.id] = []*knownKey{k}
	w.alice.bringsIn(w.alice.unpacks("", from.packs()), false)
	w.run()
	if w.alice.level().Encrypted() || !w.alice.plugin.refused(w.alice.id, theirs) {
		t.Errorf("it is still %v", w.alice.level())
	}
}

func TestFilesOfOtherPrograms(t *testing.T) {
	for _, from := range []string{"pidgin", "adium", "coyim", "gajim", "profanity"} {
		t.Run(from, func(t *testing.T) {
			e := newEnd(t, aliceAddr, bobAddr, nil)
			known := fmt.Sprintf("%s\t%s/Home\tprpl-jabber\t%040x\tsmp\n%s/desk\t%s/\tprpl-jabber\t%040x\tverified\nx\tother@example.net/\tprpl-jabber\t%040x\n",
				strings.ToUpper(bobAddr), strings.ToUpper(aliceAddr), 1, bobAddr, aliceAddr, 2, 3)
			keys := func(accounts ...libotr.Account) plugin.File {
				b, err := libotr.MarshalKeys(accounts)
				if err != nil {
					t.Fatal(err)
				}
				return plugin.File{Name: "otr.private_key", Data: b}
			}
			mine := pidgin(t, aliceAddr+"/Home", 2)
			files := []plugin.File{keys(mine, pidgin(t, "carol@example.net/", 3)), keys(pidgin(t, aliceAddr, 1)),
				{Name: "otr.fingerprints", Data: []byte(known)}, {Name: "otr.instance_tags", Data: []byte("x")}}
			p := e.unpacks(from, files)
			if got := contentsOf(p); got != "a private key; 2 fingerprints, 2 of them verified" {
				t.Errorf("there is %q", got)
			}
			before := strings.Join(p.LeftOut(), " ")
			for _, want := range []string{"One private key is left out: an account", "you do not have their accounts", "other@example.net"} {
				if !strings.Contains(before, want) {
					t.Errorf("not told before: %s\nin %s", want, before)
				}
			}
			results := strings.Join(e.bringsIn(p, false), " ")
			for _, want := range []string{"the private key was added", "2 fingerprints were added"} {
				if !strings.Contains(results, want) {
					t.Errorf("not told: %s\nin %s", want, results)
				}
			}
			if e.key().Fingerprint() != mine.Key.Fingerprint() || e.plugin.known[e.id][0].Trust != trustSMP || len(e.plugin.known[e.id]) != 2 {
				t.Errorf("known is %+v", e.plugin.known)
			}
		})
	}
	e := newEnd(t, aliceAddr, bobAddr, nil)
	if p := e.unpacks("pidgin", []plugin.File{{Name: "prefs.xml", Data: []byte("x")}}); p != nil {
		t.Error("there is something in nothing")
	}
}

// What there is of a file beyond what one brings is told, and so is what there is for
// accounts that are not here, and nothing else.
func TestWhatIsTooMuchOfAFileIsTold(t *testing.T) {
	e := newEnd(t, aliceAddr, bobAddr, nil)
	lines := func(account string, n int) []byte {
		var b bytes.Buffer
		for i := range n {
			fmt.Fprintf(&b, "b%d@example.org\t%s/\tprpl-jabber\t%040x\t\n", i, account, i+1)
		}
		return b.Bytes()
	}
	p := e.unpacks("pidgin", []plugin.File{{Name: libotr.FingerprintsFile, Data: lines(aliceAddr, 51_000)}, {Name: libotr.FingerprintsFile, Data: lines("other@example.net", 2)}})
	if got := contentsOf(p); got != "2000 fingerprints" {
		t.Errorf("there is %q", got)
	}
	told := strings.Join(p.LeftOut(), " ")
	for _, want := range []string{"because the file is too long: 49000 fingerprints", "2 fingerprints (other@example.net)"} {
		if !strings.Contains(told, want) {
			t.Errorf("not told: %s\nin %s", want, told)
		}
	}
	p = e.unpacks("pidgin", []plugin.File{{Name: libotr.FingerprintsFile, Data: lines("other@example.net", 2)}})
	if p == nil || len(p.Contents()) > 0 || !strings.Contains(strings.Join(p.LeftOut(), " "), "2 fingerprints (other@example.net)") {
		t.Errorf("of other people's keys, there is %+v", p)
	}
}

// Who looks at files does so on a goroutine of its own, whatever is in them.
func TestWhoseKeysTheseAreIsFoundOutBeside(t *testing.T) {
	e := newEnd(t, aliceAddr, bobAddr, nil)
	beside := []bool{}
	own := func(string, string) (im.AccountID, bool) {
		beside = append(beside, e.host.Working())
		return "", false
	}
	line := bobAddr + "\t" + aliceAddr + "/\tprpl-jabber\t" + strings.Repeat("1f", 20) + "\t\n"
	e.plugin.Unpack("pidgin", []plugin.File{{Name: libotr.FingerprintsFile, Data: []byte(line)}}, own, func(plugin.Parcel, error) {})
	e.host.Run()
	if !slices.Equal(beside, []bool{true}) {
		t.Errorf("asked beside: %v", beside)
	}
}

func TestFilesThatMakeNoSense(t *testing.T) {
	e := newEnd(t, aliceAddr, bobAddr, nil)
	for from, files := range map[string][]plugin.File{
		"pidgin": {{Name: "otr.private_key", Data: []byte("(privkeys (account")}},
		"":       {{Name: packedKnown, Data: bytes.Repeat([]byte("{}\n"), maxMovedRows+1)}},
	} {
		e.plugin.Unpack(from, files, func(string, string) (im.AccountID, bool) { return "", false }, func(p plugin.Parcel, err error) {
			if p != nil || err == nil {
				t.Errorf("%q: %v", from, err)
			}
		})
		e.host.Run()
	}
	p := e.unpacks("", []plugin.File{
		{Name: packedKnown, Data: []byte(`{"account":"xmpp:alice@example.net","peer":"b@c","fingerprint":"zz"}
{"account":"","peer":"b@c","fingerprint":"` + strings.Repeat("1", 40) + `"}
{"account":"xmpp:alice@example.net","peer":"b c@d","fingerprint":"` + strings.Repeat("1", 40) + `"}
{"account":"xmpp:alice@example.net","peer":"b@c","fingerprint":"` + strings.Repeat("1", 40) + `","trust":"a\u202eb"}
{"account":"xmpp:alice@example.net","peer":"b@c","fingerprint":"` + strings.Repeat("1", 40) + `","trust":"smp","refused":true,"first":"2999-01-01T00:00:00Z"}
[
`)}})
	e.bringsIn(p, false)
	k := e.plugin.knownKey(im.ConvID{Account: e.id.Account, Peer: "b@c"}, otr.Fingerprint{0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11})
	if k == nil || k.trusted() || !k.Refused || k.First.After(e.host.Now()) || len(e.plugin.known) != 1 {
		t.Errorf("known is %+v", e.plugin.known)
	}
}

func FuzzUnpack(f *testing.F) {
	row := `{"account":"xmpp:alice@example.net","peer":"bob@example.org","fingerprint":"` + strings.Repeat("1", 40) + `"`
	f.Add(packedKnown, []byte(row+`,"trust":"smp","proof":"question","first":"2020-01-01T00:00:00Z"}`))
	f.Add(packedBuddies, []byte(row+`,"settings":{"enabled":true}}`))
	f.Add(packedWritings, []byte(row+`,"writing":9}`))
	f.Add(packedSettings, []byte(`{"settings":{"enabled":true},"look":{"showButton":true}}`))
	f.Add(libotr.KeysFile, []byte("(privkeys (account (name a@b) (protocol prpl-jabber) (private-key (dsa))))"))
	f.Fuzz(func(t *testing.T, name string, data []byte) {
		m := new(moved)
		now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
		if m.readPacked([]plugin.File{{Name: name, Data: data}}, now) != nil {
			return
		}
		defer m.wipe()
		for _, k := range m.known {
			if k.trusted() && (k.Refused || k.Unaccepted) || k.First.After(now) || !goodConv(k.Account, k.Peer) || k.fingerprint.Hex() != k.Fingerprint {
				t.Errorf("known is %+v", k)
			}
		}
		if len(m.known)+len(m.buddies)+len(m.writings) > maxMovedRows {
			t.Error("too many rows")
		}
		h := plugintest.New(t, "xmpp:alice@example.net")
		p := New(nil)
		if err := p.Init(h); err != nil {
			t.Fatal(err)
		}
		x := &parcel{p: p, moved: m}
		x.Contents()
		all := []im.AccountID{"xmpp:alice@example.net", ""}
		x.Take(plugin.Wanted{Accounts: all, Weaker: all, Replace: true}, func([]string, error) {})
		for range 5 {
			h.Run()
			h.Advance(loadEvery)
		}
		p.Close()
		if err := p.Init(h); err != nil || len(p.damage) > 0 {
			t.Errorf("what was taken cannot be read: %q, %v", p.damage, err)
		}
		p.Close()
	})
}
