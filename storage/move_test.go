package storage

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var newPass = []byte("staple battery horse correct")

var errKilled = errors.New("the program was killed")

// fate lets a number of steps at the disk and the keyring happen. Then the one
// after them fails, and, if it is the end, all after that.
type fate struct {
	left int
	end  bool
	last string // the step that failed
}

func (f *fate) step(what string) error {
	if f.last != "" && f.end {
		return errKilled
	}
	if f.left == 0 && f.last == "" {
		f.last = what
		return errKilled
	}
	f.left--
	return nil
}

// meets puts a profile under the fate.
func (f *fate) meets(p *Profile, ring fakeRing) {
	p.files.before = func(step, file string) error { return f.step(step + " " + file) }
	p.ring = oddRing{ring, func(what, user string) error { return f.step(what + " " + user) }}
}

// tear makes of files what a kill in the middle of a step leaves of them.
func (f *fate) tear(t *testing.T, dir string) {
	half := func(path string, cut bool) {
		b, err := os.ReadFile(path)
		check(t, err)
		if cut {
			b = b[:len(b)/2]
		} else {
			clear(b[:len(b)/2])
		}
		check(t, os.WriteFile(path, b, 0o600))
	}
	step, file, _ := strings.Cut(f.last, " ")
	switch {
	case step == "sync" && strings.HasSuffix(file, newSuffix):
		half(filepath.Join(dir, file), true)
	case step == "overwrite":
		half(filepath.Join(dir, file), false)
	}
}

// moves are the ways to change how a vault is kept.
var moves = map[string]struct {
	from Kind
	do   func(t *testing.T, v *Vault) error
}{
	"change":        {Passphrase, func(t *testing.T, v *Vault) error { return v.ChangePassphrase(t.Context(), pass, newPass) }},
	"to passphrase": {Keyring, func(t *testing.T, v *Vault) error { return v.UsePassphrase(t.Context(), newPass) }},
	"to keyring":    {Passphrase, func(t *testing.T, v *Vault) error { return v.UseKeyring(t.Context(), pass) }},
}

// someSecrets are what the vaults of these tests hold.
func someSecrets() map[string][]byte {
	return map[string][]byte{
		databaseKey: bytes.Repeat([]byte{7}, databaseKeySize), "password/xmpp:alice@example.net": []byte("hunter2"),
		"plugin/otr/key\n": oddSecret("key"),
	}
}

// fullVault is a profile of that kind with someSecrets.
func fullVault(t *testing.T, kind Kind) (*Profile, fakeRing, *Vault) {
	t.Helper()
	p, ring := newProfile(t), fakeRing{}
	p.ring = ring
	var v *Vault
	if kind == Keyring {
		v = got(p.OpenKeyring(t.Context()))(t)
	} else {
		v = got(p.CreateVault(pass))(t)
	}
	for name, s := range someSecrets() {
		check(t, v.Put(t.Context(), name, s))
	}
	check(t, v.Put(t.Context(), "gone", []byte("x")), v.Delete(t.Context(), "gone"))
	return p, ring, v
}

func wantAll(t *testing.T, v *Vault) {
	t.Helper()
	for name, want := range someSecrets() {
		if s, err := v.Get(t.Context(), name); err != nil || !bytes.Equal(s, want) {
			t.Errorf("%q is %x: %v", name, s, err)
		}
	}
}

// reopen opens a profile after whatever happened to it, and waits until it is tidy.
func reopen(t *testing.T, dir string, ring fakeRing) (*Profile, *Vault, Kind) {
	t.Helper()
	p := openProfile(t, dir)
	p.ring = ring
	kind := got(p.VaultKind())(t)
	if kind == Keyring {
		return p, got(p.OpenKeyring(t.Context()))(t), kind
	}
	v, err := p.UnlockVault(pass)
	if errors.Is(err, ErrWrongPassphrase) {
		v, err = p.UnlockVault(newPass)
	}
	check(t, err)
	v.tidying.Wait()
	return p, v, kind
}

// wantTidy fails if there is anything of the secrets but where they are kept.
func wantTidy(t *testing.T, p *Profile, ring fakeRing, kind Kind) {
	t.Helper()
	want, entries := []string{keyringFile, lockFile, namesFile}, len(someSecrets())+1
	if kind == Passphrase {
		want, entries = []string{lockFile, vaultFile, vaultCopy}, 0
	}
	same(t, "files", filesIn(t, p), want)
	same(t, "entries in the keyring", len(ring), entries)
}

func filesIn(t *testing.T, p *Profile) (names []string) {
	t.Helper()
	for _, e := range got(os.ReadDir(p.Dir()))(t) {
		names = append(names, e.Name())
	}
	slices.Sort(names)
	return names
}

// opens reports whether the passphrase opens the file.
func opens(file []byte, passphrase []byte) bool {
	s, err := parseSealed(file)
	if err != nil {
		return false
	}
	_, err = s.open(s.params.derive(passphrase))
	return err == nil
}

// wantNoOldCopy fails if the old passphrase opens a file, but those that may be there,
// beside one that the new one opens.
func wantNoOldCopy(t *testing.T, p *Profile, may ...string) {
	t.Helper()
	if file, err := os.ReadFile(p.path(vaultFile)); err != nil || !opens(file, newPass) {
		return
	}
	for _, name := range filesIn(t, p) {
		if !slices.Contains(may, name) && opens(got(os.ReadFile(p.path(name)))(t), pass) {
			t.Errorf("the old passphrase opens %s beside a vault that it does not open", name)
		}
	}
}

func TestMoves(t *testing.T) {
	for name, m := range moves {
		t.Run(name, func(t *testing.T) {
			p, ring, v := fullVault(t, m.from)
			check(t, m.do(t, v))
			kind := got(p.VaultKind())(t)
			same(t, "moved", kind != m.from, name != "change")
			same(t, "uses a passphrase", v.UsesPassphrase(), kind == Passphrase)
			wantAll(t, v)
			wantTidy(t, p, ring, kind)
			check(t, v.Put(t.Context(), "later", []byte("y")), v.Delete(t.Context(), "later"), v.Close(), p.Close())
			_, v, _ = reopen(t, p.Dir(), ring)
			wantAll(t, v)
			if kind == Passphrase {
				for _, file := range []string{vaultFile, vaultCopy} {
					same(t, file, opens(got(os.ReadFile(p.path(file)))(t), pass), false)
				}
			}
		})
	}
}

// Killed between any two steps, a profile opens as it was or as it is to be, has
// everything, and is tidy after its next start.
func TestMovesKilled(t *testing.T) {
	for name, m := range moves {
		t.Run(name, func(t *testing.T) {
			for n := 0; ; n++ {
				p, ring, v := fullVault(t, m.from)
				f := &fate{left: n, end: true}
				f.meets(p, ring)
				err := m.do(t, v)
				if f.last == "" {
					check(t, err)
					if n < 10 {
						t.Errorf("that was %d steps only", n)
					}
					return
				}
				f.tear(t, p.Dir())
				check(t, v.Close(), p.Close())
				if err == nil {
					wantNoOldCopy(t, p)
				}
				q, v, kind := reopen(t, p.Dir(), ring)
				wantAll(t, v)
				wantNoOldCopy(t, q)
				wantTidy(t, q, ring, kind)
				// What was cut can be done again.
				if kind == m.from && !(name == "change" && opens(got(os.ReadFile(q.path(vaultFile)))(t), newPass)) {
					check(t, m.do(t, v))
					wantAll(t, v)
				}
				if t.Failed() {
					t.Fatalf("killed at step %d, %s", n, f.last)
				}
				check(t, v.Close(), q.Close())
			}
		})
	}
}

// A single step that fails leaves everything as it was, or moved with something
// left over. The vault goes on.
func TestMovesWithAnError(t *testing.T) {
	for name, m := range moves {
		t.Run(name, func(t *testing.T) {
			for n := 0; ; n++ {
				p, ring, v := fullVault(t, m.from)
				f := &fate{left: n}
				f.meets(p, ring)
				err := m.do(t, v)
				if f.last == "" {
					check(t, err)
					return
				}
				wantAll(t, v)
				if err == nil {
					wantNoOldCopy(t, p)
				} else { // that is what it says
					wantNoOldCopy(t, p, vaultFile+oldSuffix)
				}
				if kind := got(p.VaultKind())(t); v.UsesPassphrase() != (kind == Passphrase) {
					t.Errorf("uses a passphrase: %v, and the profile is one of a %v", v.UsesPassphrase(), kind)
				}
				check(t, v.Put(t.Context(), "later", []byte("y")), v.Delete(t.Context(), "later"), v.Close(), p.Close())
				q, v, kind := reopen(t, p.Dir(), ring)
				wantAll(t, v)
				wantTidy(t, q, ring, kind)
				if err == nil && name == "change" {
					same(t, "changed", opens(got(os.ReadFile(q.path(vaultFile)))(t), newPass), true)
				}
				if t.Failed() {
					t.Fatalf("failed at step %d, %s: %v", n, f.last, err)
				}
				check(t, v.Close(), q.Close())
			}
		})
	}
}

// Killed while a secret is kept, a vault has it or not; it opens, and nothing of what
// it was before is left after the next start.
func TestPutKilled(t *testing.T) {
	for n := 0; ; n++ {
		p, ring, v := fullVault(t, Passphrase)
		f := &fate{left: n, end: true}
		f.meets(p, ring)
		err := v.Put(t.Context(), "new", []byte("x"))
		if f.last == "" {
			check(t, err)
			if n < 14 {
				t.Errorf("that was %d steps only", n)
			}
			return
		}
		f.tear(t, p.Dir())
		check(t, v.Close(), p.Close())
		q, v, kind := reopen(t, p.Dir(), ring)
		wantAll(t, v)
		wantTidy(t, q, ring, kind)
		if s := got(v.Get(t.Context(), "new"))(t); err == nil && string(s) != "x" {
			t.Error("it was kept, and is not there")
		}
		if t.Failed() {
			t.Fatalf("killed at step %d, %s", n, f.last)
		}
		check(t, v.Close(), q.Close())
	}
}

// There and back, again and again: nothing piles up.
func TestMovesThereAndBack(t *testing.T) {
	p, ring, v := fullVault(t, Keyring)
	for range 3 {
		check(t, v.UsePassphrase(t.Context(), pass))
		wantAll(t, v)
		wantTidy(t, p, ring, Passphrase)
		check(t, v.UseKeyring(t.Context(), pass))
		wantAll(t, v)
		wantTidy(t, p, ring, Keyring)
	}
}

func TestMovesThatAreRefused(t *testing.T) {
	p, ring, v := fullVault(t, Passphrase)
	before := got(os.ReadFile(p.path(vaultFile)))(t)
	for _, wrong := range []string{"", "x", string(newPass)} {
		if err := v.ChangePassphrase(t.Context(), []byte(wrong), newPass); !errors.Is(err, ErrWrongPassphrase) {
			t.Errorf("changed with %q: %v", wrong, err)
		}
		if err := v.UseKeyring(t.Context(), []byte(wrong)); !errors.Is(err, ErrWrongPassphrase) {
			t.Errorf("moved with %q: %v", wrong, err)
		}
	}
	if err := v.ChangePassphrase(t.Context(), pass, nil); err == nil {
		t.Error("an empty passphrase was taken")
	}
	if err := v.UsePassphrase(t.Context(), newPass); !errors.Is(err, ErrNotFresh) {
		t.Errorf("from a passphrase to a passphrase: %v", err)
	}
	p.portable = true
	if err := v.UseKeyring(t.Context(), pass); !errors.Is(err, ErrNoKeyring) || v.MayUseKeyring() {
		t.Errorf("a portable profile moved to the keyring: %v", err)
	}
	same(t, "the vault", got(os.ReadFile(p.path(vaultFile)))(t), before)
	wantTidy(t, p, ring, Passphrase)
	check(t, v.Close())
	if err := v.ChangePassphrase(t.Context(), pass, newPass); !errors.Is(err, ErrClosed) {
		t.Errorf("closed: %v", err)
	}

	p, ring, v = fullVault(t, Keyring)
	if err := v.UsePassphrase(t.Context(), nil); err == nil {
		t.Error("an empty passphrase was taken")
	}
	for _, err := range []error{v.ChangePassphrase(t.Context(), pass, newPass), v.UseKeyring(t.Context(), pass)} {
		if err == nil {
			t.Error("a keyring has no passphrase")
		}
	}
	// The keyring lost the key to everything: what is left of it is not moved.
	kept := maps.Clone(ring)
	delete(ring, [2]string{keyringService + "/" + keyringOf(t, p), databaseKey})
	if err := v.UsePassphrase(t.Context(), pass); !errors.Is(err, ErrKeyMissing) {
		t.Errorf("moved without the key: %v", err)
	}
	maps.Copy(ring, kept)
	wantAll(t, v)
	wantTidy(t, p, ring, Keyring)
}

func keyringOf(t *testing.T, p *Profile) string {
	t.Helper()
	return got(p.readKeyringFile())(t)
}

// A vault file and a note of the keyring contradict each other, unless
// move.culver says of exactly these that a move was cut.
func TestMoveFileExcusesNoContradiction(t *testing.T) {
	p, _, _ := fullVault(t, Keyring)
	id := keyringOf(t, p)
	other, _, _ := fullVault(t, Passphrase)
	check(t, os.WriteFile(p.path(vaultFile), got(os.ReadFile(other.path(vaultFile)))(t), 0o600))
	good := moveHeader + moveMoving + " " + id + "\n"
	for i, text := range []string{
		"", good[:len(good)-1], good + "x", strings.ToUpper(good), strings.Repeat("x", 5000),
		moveHeader + moveLeft + " " + id + "\n",                           // the keyring is no longer where the secrets are
		moveHeader + moveMoving + " " + newKeyringID() + "\n",             // of another keyring
		moveHeader + moveMoving + " ../" + id + "\n", moveHeader + "\n\n", // nonsense
	} {
		check(t, os.WriteFile(p.path(moveFile), []byte(text), 0o600))
		if _, err := p.VaultKind(); !errors.Is(err, ErrDamaged) {
			t.Errorf("%d: %v, want ErrDamaged", i, err)
		}
		if _, err := p.OpenKeyring(t.Context()); !errors.Is(err, ErrDamaged) {
			t.Errorf("%d: %v, want ErrDamaged", i, err)
		}
	}
	check(t, os.WriteFile(p.path(moveFile), []byte(good), 0o600))
	same(t, "kind", got(p.VaultKind())(t), Keyring)

	// The vault file stays where the keyring cannot show that it has the key.
	p.ring = fakeRing{}
	got(p.OpenKeyring(t.Context()))(t)
	if there := got(p.has(vaultFile))(t); !there {
		t.Error("the vault file was removed, and the keyring is empty")
	}
}

// Without the list of names nothing moves: something would be left behind.
func TestNamesLost(t *testing.T) {
	for what, lose := range map[string]func(*testing.T, *Profile, fakeRing){
		"file": func(t *testing.T, p *Profile, _ fakeRing) { check(t, os.Remove(p.path(namesFile))) },
		"damaged": func(t *testing.T, p *Profile, _ fakeRing) {
			check(t, os.WriteFile(p.path(namesFile), []byte(namesMagic), 0o600))
		},
		"tampered": func(t *testing.T, p *Profile, _ fakeRing) {
			b := got(os.ReadFile(p.path(namesFile)))(t)
			b[len(b)-1] ^= 1
			check(t, os.WriteFile(p.path(namesFile), b, 0o600))
		},
		"key": func(t *testing.T, p *Profile, ring fakeRing) {
			delete(ring, [2]string{keyringService + "/" + keyringOf(t, p), namesEntry})
		},
	} {
		t.Run(what, func(t *testing.T) {
			p, ring, v := fullVault(t, Keyring)
			check(t, v.Close(), p.Close())
			file, entries := got(os.ReadFile(p.path(namesFile)))(t), maps.Clone(ring)
			lose(t, p, ring)
			// It stays lost, whatever is asked for or kept meanwhile.
			for range 2 {
				p, v, _ = reopen(t, p.Dir(), ring)
				wantAll(t, v)
				check(t, v.Put(t.Context(), "new", []byte("x")), v.Delete(t.Context(), "new"))
				before := len(ring)
				if err := v.UsePassphrase(t.Context(), pass); !errors.Is(err, ErrDamaged) || !strings.Contains(err.Error(), "backup") {
					t.Errorf("moved without the list: %v", err)
				}
				wantAll(t, v)
				same(t, "kind", got(p.VaultKind())(t), Keyring)
				same(t, "entries", len(ring), before)
				check(t, v.Close(), p.Close())
			}
			check(t, os.WriteFile(p.path(namesFile), file, 0o600))
			maps.Copy(ring, entries)
			p, v, _ = reopen(t, p.Dir(), ring)
			check(t, v.UsePassphrase(t.Context(), pass))
			wantAll(t, v)
			wantTidy(t, p, ring, Passphrase)
		})
	}
}

// The list is there from the beginning: one that is missing is lost.
func TestNamesFromTheBeginning(t *testing.T) {
	p := newProfile(t)
	v := got(p.OpenKeyring(t.Context()))(t)
	same(t, "files", filesIn(t, p), []string{keyringFile, lockFile, namesFile})
	check(t, v.Put(t.Context(), databaseKey, make([]byte, databaseKeySize)), v.UsePassphrase(t.Context(), pass))
	same(t, "files", filesIn(t, p), []string{lockFile, vaultFile, vaultCopy})
	check(t, v.UseKeyring(t.Context(), pass))
	same(t, "files", filesIn(t, p), []string{keyringFile, lockFile, namesFile})
}

func TestNamesTellNothing(t *testing.T) {
	p, _, _ := fullVault(t, Keyring)
	file := got(os.ReadFile(p.path(namesFile)))(t)
	for name := range someSecrets() {
		if bytes.Contains(file, []byte(name)) {
			t.Errorf("%s tells of %q", namesFile, name)
		}
	}
	for i := range file {
		bad := slices.Clone(file)
		bad[i] ^= 0x80
		if _, err := (&nameList{}).open(bad); !errors.Is(err, ErrDamaged) {
			t.Fatalf("byte %d: %v", i, err)
		}
	}
}

// While secrets are moved, others go on using the vault.
func TestMovesUnderUse(t *testing.T) {
	_, _, v := fullVault(t, Keyring)
	stop, failed := make(chan struct{}), make(chan error, 4)
	for i := range 4 {
		go func() {
			for n := 0; ; n++ {
				name := fmt.Sprint("busy ", i, " ", n%3)
				err := v.Put(t.Context(), name, []byte(name))
				s, err2 := v.Get(t.Context(), name)
				if err := errors.Join(err, err2); err != nil || string(s) != name {
					failed <- fmt.Errorf("%s is %q: %w", name, s, err)
					return
				}
				select {
				case <-stop:
					failed <- nil
					return
				default:
				}
			}
		}()
	}
	check(t, v.UsePassphrase(t.Context(), pass), v.ChangePassphrase(t.Context(), pass, newPass), v.UseKeyring(t.Context(), newPass))
	close(stop)
	for range 4 {
		check(t, <-failed)
	}
	wantAll(t, v)
}
