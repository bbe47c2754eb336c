package backup

import (
	"archive/tar"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"filippo.io/age"

	"culver/im"
)

// work is how hard the backups of tests are to open.
const work = 2

var (
	alice = im.AccountID("xmpp:alice@example.net")
	bob   = im.ConvID{Account: alice, Peer: "bob@example.net"}
	made  = time.Date(2026, 11, 22, 6, 0, 0, 0, time.UTC)
)

func contents() *Contents {
	return &Contents{
		Accounts: []Account{
			{Account: im.Account{ID: alice, Alias: "Home <&>", Enabled: true, Options: map[string]string{"server": "x", "pin": ""}},
				Password: []byte("hunter2\x00\xff"),
				Buddies: []im.Buddy{{Account: alice, Bare: "bob@example.net", Name: "Böb", Groups: []string{"A", "B"}, Subscription: im.SubscriptionBoth, Asking: true},
					{Account: alice, Bare: "eve@example.net", Subscription: im.SubscriptionNone}}},
			{Account: im.Account{ID: "practice:you@practice", Options: map[string]string{}}},
		},
		Settings: map[string]string{"theme": "dark", "": "odd", "a": ""},
		Drafts:   map[im.ConvID]im.Draft{bob: {Text: "half a\nline", Private: true}},
		Logging:  map[im.ConvID]bool{bob: false, {Account: alice, Peer: "eve@example.net"}: true},
		Choices:  map[im.ConvID]map[string]string{bob: {"tell": "on", "": ""}},
		Files:    []File{{Plugin: "otr", Name: "otr.private_key", Data: []byte("(privkeys)")}, {Plugin: "otr", Name: "known.json", Data: []byte{}}},
	}
}

func lines() []im.Message {
	return []im.Message{
		{ID: "1", Conv: bob, From: im.Addr{Bare: "bob@example.net", Resource: "desk"}, Text: im.Plain("hello <b>"), Time: made.Add(123456789),
			Seal: im.Seal{Level: im.Verified, By: "otr"}, Late: true, Private: true, Origin: "o", Archive: "a", Edited: true, Nick: "Bob"},
		{ID: "2", Conv: bob, Out: true, From: im.Addr{Bare: "alice@example.net"}, Time: made, State: im.Failed, Reason: "no",
			Text: im.Text{{Text: "a", Style: im.Bold}, {Text: "b", Link: "https://x.example/"}}},
		{ID: "3", Conv: bob, Kind: im.Alarm, Text: im.Plain("!"), Time: firstTime},
	}
}

// write makes a backup.
func write(t testing.TB, c *Contents, all []im.Message) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := Create(&b, []byte("correct horse"), work, Manifest{Culver: "0.1.0", Made: made})
	if err == nil {
		err = w.Add(c)
	}
	for _, m := range all {
		if err == nil {
			err = w.Line(m)
		}
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func open(b []byte, passphrase string) (*Opened, error) {
	return Open(context.Background(), bytes.NewReader(b), []byte(passphrase))
}

func history(t testing.TB, o *Opened) (all []im.Message) {
	t.Helper()
	if err := o.History(context.Background(), func(m im.Message) error { all = append(all, m); return nil }); err != nil {
		t.Fatal(err)
	}
	return all
}

func TestWhatGoesInComesOut(t *testing.T) {
	o, err := open(write(t, contents(), lines()), "correct horse")
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(&o.Contents, contents()) {
		t.Errorf("got %+v", o.Contents)
	}
	if o.Manifest != (Manifest{"0.1.0", made}) {
		t.Errorf("it is %+v", o.Manifest)
	}
	if want := []im.Past{{Conv: bob, Lines: 3, First: firstTime, Last: made.Add(123456789)}}; !reflect.DeepEqual(o.Pasts, want) || o.Lines != 3 {
		t.Errorf("of the history, it says %+v", o.Pasts)
	}
	for range 2 {
		if got := history(t, o); !reflect.DeepEqual(got, lines()) {
			t.Errorf("the lines are %+v", got)
		}
	}
	password := o.Accounts[0].Password
	o.Wipe()
	if !bytes.Equal(password, make([]byte, len(password))) {
		t.Error("the password was not wiped")
	}
	if err := o.History(context.Background(), nil); err == nil {
		t.Error("a wiped backup can be read")
	}
}

func TestAnEmptyBackup(t *testing.T) {
	o, err := open(write(t, &Contents{}, nil), "correct horse")
	if err != nil || len(o.Accounts)+o.Lines+len(o.Files) > 0 {
		t.Errorf("%+v, %v", o, err)
	}
}

func TestALongHistoryIsInPieces(t *testing.T) {
	var all []im.Message
	for i := range 5000 {
		all = append(all, im.Message{ID: fmt.Sprint(i), Conv: bob, Text: im.Plain(strings.Repeat("x", 300)), Time: made})
	}
	b := write(t, &Contents{}, all)
	pieces := 0
	unpack(t, b, func(h *tar.Header, _ []byte) {
		if isPiece(h.Name) {
			pieces++
			if h.Size > maxPiece/2 {
				t.Errorf("%s has %d bytes", h.Name, h.Size)
			}
		}
	})
	if pieces < 3 {
		t.Errorf("%d pieces", pieces)
	}
	o, err := open(b, "correct horse")
	if err != nil {
		t.Fatal(err)
	}
	if got := history(t, o); len(got) != len(all) || got[4999].ID != "4999" {
		t.Errorf("%d lines", len(got))
	}
	enough := errors.New("enough")
	n := 0
	if err := o.History(context.Background(), func(im.Message) error {
		if n++; n == 1500 {
			return enough
		}
		return nil
	}); err != enough || n != 1500 {
		t.Errorf("%d lines, %v", n, err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := o.History(ctx, nil); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if _, err := Open(ctx, bytes.NewReader(b), []byte("correct horse")); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// unpack takes a backup apart as anybody can with age and tar.
func unpack(t testing.TB, b []byte, visit func(*tar.Header, []byte)) {
	t.Helper()
	id, err := age.NewScryptIdentity("correct horse")
	if err != nil {
		t.Fatal(err)
	}
	plain, err := age.Decrypt(bytes.NewReader(b), id)
	if err != nil {
		t.Fatal(err)
	}
	archive := tar.NewReader(plain)
	for {
		h, err := archive.Next()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(archive)
		if err != nil {
			t.Fatal(err)
		}
		visit(h, data)
	}
}

func TestAnybodyCanTakeItApartWithThePassphrase(t *testing.T) {
	names := map[string]string{}
	unpack(t, write(t, contents(), lines()), func(h *tar.Header, b []byte) {
		names[h.Name] = string(b)
		if h.Mode != 0o600 {
			t.Errorf("%s has the mode %o", h.Name, h.Mode)
		}
	})
	for name, want := range map[string]string{
		"manifest.json": `{"format":1,"culver":"0.1.0","made":"2026-11-22T06:00:00Z"}`, "accounts.json": `"alias":"Home <&>"`,
		"buddies.json": "Böb", "passwords.json": "aHVudGVyMgD/", "settings.json": "dark", "choices.json": "half a",
		"plugins/otr/otr.private_key": "(privkeys)", "history/000001.jsonl": "hello <b>",
	} {
		if !strings.Contains(names[name], want) {
			t.Errorf("%s is %q", name, names[name])
		}
	}
}

func TestNothingIsReadableWithoutThePassphrase(t *testing.T) {
	b := write(t, contents(), lines())
	for _, word := range []string{"alice", "bob", "hunter2", "manifest", "otr", "hello", "dark", "Culver"} {
		if bytes.Contains(b, []byte(word)) {
			t.Errorf("the file holds %q", word)
		}
	}
	for _, p := range []string{"", "correct horse ", "Correct horse", "x"} {
		if _, err := open(b, p); !errors.Is(err, ErrPassphrase) {
			t.Errorf("%q: %v", p, err)
		}
	}
}

func TestEachChangedByteIsRefused(t *testing.T) {
	b := write(t, &Contents{Accounts: contents().Accounts[:1]}, nil)
	for i := range b {
		bad := bytes.Clone(b)
		bad[i] ^= 1 << (i % 8)
		if o, err := open(bad, "correct horse"); err == nil || o != nil {
			t.Fatalf("byte %d of %d was changed, and nobody noticed", i, len(b))
		}
	}
	for name, bad := range map[string][]byte{"more at the end": append(bytes.Clone(b), 'x'), "twice": append(bytes.Clone(b), b...), "none": {}} {
		if _, err := open(bad, "correct horse"); err == nil {
			t.Errorf("%s: nobody noticed", name)
		}
	}
}

func TestAFileThatWasCutIsRefused(t *testing.T) {
	var all []im.Message
	for i := range 2000 {
		all = append(all, im.Message{ID: fmt.Sprint(i), Conv: bob, Text: im.Plain(strings.Repeat("x", 100)), Time: made})
	}
	b := write(t, contents(), all)
	for n := 0; n < len(b); n += 100 {
		if _, err := open(b[:n], "correct horse"); err == nil {
			t.Fatalf("%d of %d bytes were enough", n, len(b))
		}
	}
	const chunk = 64<<10 + 16 // of age: a cut there is the hardest to see
	start := len(b) % chunk
	for n := start; n < len(b); n += chunk {
		if _, err := open(b[:n], "correct horse"); err == nil {
			t.Fatalf("%d of %d bytes were enough", n, len(b))
		}
	}
}

func TestOtherFilesAreNoBackups(t *testing.T) {
	var forKey bytes.Buffer
	id, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	w, err := age.Encrypt(&forKey, id.Recipient())
	if err != nil {
		t.Fatal(err)
	}
	w.Close()
	good := string(write(t, contents(), nil))
	for name, c := range map[string]struct {
		file string
		want error
	}{
		"nothing": {"", ErrNotBackup}, "text": {"hello", ErrNotBackup}, "for a key": {forKey.String(), ErrNotBackup},
		"a header without end": {"age-encryption.org/v1\n" + strings.Repeat("-> scrypt a 1\n", 1000), ErrNotBackup},
		"too hard":             {strings.Replace(good, " 2\n", " 21\n", 1), ErrTooHard},
		"far too hard":         {strings.Replace(good, " 2\n", " 9999999999\n", 1), ErrTooHard},
		"other work":           {strings.Replace(good, " 2\n", " 3\n", 1), ErrPassphrase},
	} {
		if _, err := open([]byte(c.file), "correct horse"); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// failing is a stick that is pulled.
type failing struct{ io.ReadSeeker }

func (failing) Read([]byte) (int, error) { return 0, errors.New("input/output error") }

func TestAStickThatIsPulled(t *testing.T) {
	b := write(t, contents(), lines())
	for _, n := range []int64{0, 100, 200, 600, int64(len(b) - 1)} {
		src := io.MultiReader(io.LimitReader(bytes.NewReader(b), n), failing{})
		if _, err := Open(context.Background(), struct {
			io.Reader
			io.Seeker
		}{src, nil}, []byte("correct horse")); !errors.Is(err, ErrUnreadable) || errors.Is(err, ErrDamaged) {
			t.Errorf("after %d bytes: %v", n, err)
		}
	}
}

// archive encrypts an archive of somebody else's making.
func archive(t testing.TB, fill func(*tar.Writer)) []byte {
	t.Helper()
	var b bytes.Buffer
	r, err := age.NewScryptRecipient("correct horse")
	if err != nil {
		t.Fatal(err)
	}
	r.SetWorkFactor(work)
	sealed, err := age.Encrypt(&b, r)
	if err != nil {
		t.Fatal(err)
	}
	w := tar.NewWriter(sealed)
	fill(w)
	if err := errors.Join(w.Close(), sealed.Close()); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func put(t testing.TB, w *tar.Writer, name, data string) {
	t.Helper()
	if err := w.WriteHeader(&tar.Header{Name: name, Size: int64(len(data)), Mode: 0o777, Typeflag: tar.TypeReg}); err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(w, data); err != nil {
		t.Fatal(err)
	}
}

const manifest = `{"format":1,"culver":"9"}` + "\n"

func TestHostileArchives(t *testing.T) {
	deep := strings.Repeat(`{"a":`, 20000)
	account := `{"id":"fake:a@b"}` + "\n"
	for name, c := range map[string]struct {
		fill func(*tar.Writer)
		want error
	}{
		"nothing at all":    {func(*tar.Writer) {}, ErrDamaged},
		"no manifest":       {func(w *tar.Writer) { put(t, w, "settings.json", "") }, ErrDamaged},
		"an empty manifest": {func(w *tar.Writer) { put(t, w, "manifest.json", "{}") }, ErrDamaged},
		"a newer one":       {func(w *tar.Writer) { put(t, w, "manifest.json", `{"format":2}`) }, ErrNewer},
		"manifest twice":    {func(w *tar.Writer) { put(t, w, "manifest.json", manifest); put(t, w, "manifest.json", manifest) }, ErrDamaged},
		"no JSON":           {func(w *tar.Writer) { put(t, w, "manifest.json", manifest); put(t, w, "accounts.json", "x") }, ErrDamaged},
		"other JSON":        {func(w *tar.Writer) { put(t, w, "manifest.json", manifest); put(t, w, "accounts.json", "[1]") }, ErrDamaged},
		"deep JSON":         {func(w *tar.Writer) { put(t, w, "manifest.json", manifest); put(t, w, "accounts.json", deep) }, ErrDamaged},
		"an account twice":  {func(w *tar.Writer) { put(t, w, "manifest.json", manifest); put(t, w, "accounts.json", account+account) }, ErrDamaged},
		"nobody's buddy": {func(w *tar.Writer) {
			put(t, w, "manifest.json", manifest)
			put(t, w, "buddies.json", `{"account":"x"}`)
		}, ErrDamaged},
		"nobody's password": {func(w *tar.Writer) {
			put(t, w, "manifest.json", manifest)
			put(t, w, "passwords.json", `{"account":"x"}`)
		}, ErrDamaged},
		"a long row": {func(w *tar.Writer) {
			put(t, w, "manifest.json", manifest)
			put(t, w, "history/1.jsonl", `{"id":"`+strings.Repeat("x", maxRow)+`"}`)
		}, ErrDamaged},
		"a huge piece": {func(w *tar.Writer) {
			put(t, w, "manifest.json", manifest)
			put(t, w, "history/1.jsonl", strings.Repeat("\n", maxPiece+1))
		}, ErrDamaged},
		"a long name": {func(w *tar.Writer) { put(t, w, "manifest.json", manifest); put(t, w, strings.Repeat("x", 5000), "") }, ErrDamaged},
		"a long address": {func(w *tar.Writer) {
			put(t, w, "manifest.json", manifest)
			put(t, w, "history/1.jsonl", `{"peer":"`+strings.Repeat("x", maxName+1)+`"}`)
		}, ErrDamaged},
		"a link": {func(w *tar.Writer) {
			put(t, w, "manifest.json", manifest)
			w.WriteHeader(&tar.Header{Name: "x", Typeflag: tar.TypeSymlink, Linkname: "/etc/passwd"})
		}, ErrDamaged},
		"a folder": {func(w *tar.Writer) {
			put(t, w, "manifest.json", manifest)
			w.WriteHeader(&tar.Header{Name: "x/", Typeflag: tar.TypeDir})
		}, ErrDamaged},
		"many unknown files": {func(w *tar.Writer) {
			put(t, w, "manifest.json", manifest)
			for i := range maxUnknown + 1 {
				put(t, w, fmt.Sprint("u", i), "")
			}
		}, ErrDamaged},
		"many conversations": {func(w *tar.Writer) {
			put(t, w, "manifest.json", manifest)
			var b strings.Builder
			for i := range MaxConversations + 1 {
				fmt.Fprintf(&b, "{\"peer\":\"%d\"}\n", i)
			}
			put(t, w, "history/1.jsonl", b.String())
		}, ErrDamaged},
		"many files of plugins": {func(w *tar.Writer) {
			put(t, w, "manifest.json", manifest)
			for i := range maxFiles + 1 {
				put(t, w, fmt.Sprint("plugins/a/", i), "")
			}
		}, ErrDamaged},
	} {
		if _, err := open(archive(t, c.fill), "correct horse"); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestNamesAreNoPaths(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	b := archive(t, func(w *tar.Writer) {
		put(t, w, "manifest.json", manifest)
		for _, name := range []string{"../evil", "/tmp/culver-evil", "plugins/../../evil", "plugins/otr/../evil", "plugins/otr/a/b", `plugins/otr/..\evil`,
			"plugins/otr/C:evil", "plugins/otr/.hidden", "plugins//x", "plugins/x", "plugins/otr/nul\u202egpj"} {
			put(t, w, name, "x")
		}
		put(t, w, "plugins/otr/good", "x")
	})
	o, err := open(b, "correct horse")
	if err != nil {
		t.Fatal(err)
	}
	if o.Unknown != 11 || len(o.Files) != 1 || o.Files[0].Name != "good" {
		t.Errorf("%d are unknown; the files are %+v", o.Unknown, o.Files)
	}
	if left, _ := os.ReadDir(dir); len(left) > 0 {
		t.Errorf("there is a file now: %v", left)
	}
}

func TestAWriterRefusesNamesThatAreNone(t *testing.T) {
	for _, f := range []File{{Plugin: "", Name: "x"}, {Plugin: "otr", Name: "../x"}, {Plugin: "otr", Name: ".x"}, {Plugin: "o/r", Name: "x"}, {Plugin: "otr", Name: strings.Repeat("x", 65)}} {
		w, err := Create(io.Discard, []byte("x"), work, Manifest{})
		if err != nil {
			t.Fatal(err)
		}
		if err := w.Add(&Contents{Files: []File{f}}); err == nil {
			t.Errorf("%q/%q was written", f.Plugin, f.Name)
		}
	}
}

func TestTheFileIsWrittenAsAWholeOrNotAtAll(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "x.culver-backup")
	full := errors.New("no space left on device")
	if err := WriteFile(path, func(w io.Writer) error { io.WriteString(w, "half"); return full }); !errors.Is(err, full) {
		t.Error(err)
	}
	if left, _ := os.ReadDir(dir); len(left) > 0 {
		t.Errorf("left: %v", left)
	}
	for _, text := range []string{"first", "second"} {
		if err := WriteFile(path, func(w io.Writer) error { _, err := io.WriteString(w, text); return err }); err != nil {
			t.Fatal(err)
		}
		if got, _ := os.ReadFile(path); string(got) != text {
			t.Errorf("it holds %q", got)
		}
	}
	if err := WriteFile(path, func(io.Writer) error { return full }); err == nil {
		t.Error("a failure was not told")
	}
	if got, _ := os.ReadFile(path); string(got) != "second" {
		t.Errorf("the one before holds %q now", got)
	}
	if err := WriteFile(filepath.Join(dir, "none", "x"), nil); !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
	if err := WriteFile(dir, func(io.Writer) error { return nil }); err == nil {
		t.Error("a folder was replaced")
	}
	if left, _ := os.ReadDir(dir); len(left) != 1 {
		t.Errorf("left: %v", left)
	}
}

func FuzzRead(f *testing.F) {
	plain := func(b []byte) []byte {
		id, _ := age.NewScryptIdentity("correct horse")
		r, err := age.Decrypt(bytes.NewReader(b), id)
		if err != nil {
			f.Fatal(err)
		}
		out, err := io.ReadAll(r)
		if err != nil {
			f.Fatal(err)
		}
		return out
	}
	f.Add(plain(write(f, contents(), lines())))
	f.Add(plain(write(f, &Contents{}, nil)))
	f.Add([]byte{})
	f.Fuzz(checkRead)
}

func FuzzRows(f *testing.F) {
	for name, b := range map[string]string{
		nameManifest: manifest, nameAccounts: `{"id":"fake:a@b","options":{"a":"b"}}`, nameBuddies: `{"account":"fake:c@d","groups":["x"]}`,
		namePasswords: `{"account":"fake:c@d","password":"AAAA"}`, nameSettings: `{"key":"a","value":"b"}`,
		nameChoices: `{"account":"a","peer":"b","logging":true,"draft":"x"}`, "plugins/otr/x": "x",
		"history/1.jsonl": `{"account":"a","peer":"b","id":"1","time":"2026-11-22T06:00:00Z","spans":[{"text":"a","style":9}],"kind":2}`,
	} {
		f.Add(name, []byte(b))
	}
	f.Fuzz(func(t *testing.T, name string, data []byte) {
		var b bytes.Buffer
		w := tar.NewWriter(&b)
		put(t, w, nameManifest, manifest)
		put(t, w, nameAccounts, `{"id":"fake:c@d"}`)
		if err := w.WriteHeader(&tar.Header{Name: name, Size: int64(len(data)), Typeflag: tar.TypeReg}); err != nil {
			return
		}
		w.Write(data)
		w.Close()
		checkRead(t, b.Bytes())
	})
}

// checkRead reads what was decrypted.
func checkRead(t *testing.T, b []byte) {
	o := &Opened{key: &fileKey{}}
	if err := o.read(bytes.NewReader(b)); err != nil {
		if !errors.Is(err, ErrDamaged) && !errors.Is(err, ErrNewer) {
			t.Errorf("%v", err)
		}
		return
	}
	n := 0
	for _, p := range o.Pasts {
		n += p.Lines
	}
	if n != o.Lines || len(o.Accounts) > maxAccounts || len(o.Files) > maxFiles {
		t.Errorf("%d lines of %d, %d accounts, %d files", o.Lines, n, len(o.Accounts), len(o.Files))
	}
	for _, file := range o.Files {
		if !goodName(file.Plugin) || !goodName(file.Name) {
			t.Errorf("a file %q/%q", file.Plugin, file.Name)
		}
	}
	// What was read can be written again, and is then the same.
	var again bytes.Buffer
	w, err := Create(&again, []byte("correct horse"), 1, o.Manifest)
	if err != nil {
		return
	}
	if err := errors.Join(w.Add(&o.Contents), w.Close()); err != nil {
		t.Errorf("written again: %v", err)
	}
	back, err := open(again.Bytes(), "correct horse")
	if err != nil {
		t.Errorf("read again: %v", err)
	} else if len(back.Accounts) != len(o.Accounts) || !reflect.DeepEqual(back.Settings, o.Settings) {
		t.Errorf("read again, it is %+v", back.Contents)
	}
	o.Wipe()
}
