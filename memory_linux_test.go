package main

import (
	"bufio"
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"testing"

	"culver/messenger/scenetest"
	"culver/otrplugin"
	"culver/otrplugin/otr"
	"culver/plugin"
	"culver/protocol/practice"
	"culver/storage"
	"culver/unlock"
)

// The keys are in the memory of a program while it is unlocked, so that the look can
// fail, and nowhere once it was locked. The program is this test's binary, started
// once more: what looks must not hold what it looks for.
//
// By chance, a signal reaches a thread while it copies a key: the kernel puts the
// registers on a stack where nothing else comes, and they stay there. That is one program
// of hundreds; a key that Culver forgets to wipe is in each.
func TestKeysAreGoneAfterLocking(t *testing.T) {
	if left := leftAfterLocking(t); len(left) > 0 {
		t.Log("in memory after locking:", left)
		if left = leftAfterLocking(t); len(left) > 0 {
			t.Error("and of another program:", left)
		}
	}
}

// leftAfterLocking runs the program, and says what of its keys is in its memory in the
// end, and how often.
func leftAfterLocking(t *testing.T) (left []string) {
	c := exec.Command(os.Args[0], "-test.run=^TestLocksItself$", "-test.timeout=10m")
	c.Env = append(os.Environ(), "CULVER_TEST_MEMORY="+filepath.Join(t.TempDir(), "profile"), "GODEBUG=clobberfree=1")
	in, err := c.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	defer c.Wait()
	defer c.Process.Kill()
	lines := bufio.NewScanner(out)
	type secret struct {
		name  string
		bytes []byte
	}
	var secrets []secret
	for lines.Scan() && lines.Text() != "unlocked" {
		if name, text, ok := strings.Cut(lines.Text(), " is "); ok {
			b, err := hex.DecodeString(text)
			if err != nil {
				t.Fatal(err)
			}
			turned := slices.Clone(b) // as a number is in memory
			slices.Reverse(turned)
			secrets = append(secrets, secret{name, b}, secret{name + ", turned round", turned}, secret{name + " in hex", []byte(text)})
		}
	}
	count := func() map[string]int {
		found := map[string]int{}
		memory(t, c.Process.Pid, func(b []byte) {
			for _, s := range secrets {
				found[s.name] += bytes.Count(b, s.bytes)
			}
		})
		return found
	}
	before := count()
	fmt.Fprintln(in, "lock")
	if !lines.Scan() || lines.Text() != "locked" {
		t.Fatalf("it said %q", lines.Text())
	}
	after := count()
	t.Log("unlocked:", before)
	t.Log("locked:  ", after)
	if before["x"]+before["x, turned round"] == 0 {
		t.Error("x is not in memory while the program is unlocked: the look cannot be trusted")
	}
	for name, n := range after {
		if n > 0 {
			left = append(left, fmt.Sprintf("%s, %d times", name, n))
		}
	}
	return left
}

// memory goes through what the process may write to.
func memory(t *testing.T, pid int, look func([]byte)) {
	maps, err := os.ReadFile(fmt.Sprintf("/proc/%d/maps", pid))
	if err != nil {
		t.Fatal(err)
	}
	mem, err := os.Open(fmt.Sprintf("/proc/%d/mem", pid))
	if err != nil {
		t.Fatal(err)
	}
	defer mem.Close()
	for line := range strings.Lines(string(maps)) {
		var from, to uint64
		var rights string
		if _, err := fmt.Sscanf(line, "%x-%x %s", &from, &to, &rights); err != nil || !strings.HasPrefix(rights, "rw") {
			continue
		}
		b := make([]byte, to-from)
		n, _ := mem.ReadAt(b, int64(from))
		look(b[:n])
	}
}

// TestLocksItself is the program of TestKeysAreGoneAfterLocking; by itself it does
// nothing.
func TestLocksItself(t *testing.T) {
	dir := os.Getenv("CULVER_TEST_MEMORY")
	if dir == "" {
		return
	}
	profile, err := storage.OpenProfile(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer profile.Close()
	vault, err := profile.CreateVault([]byte("correct horse battery"))
	if err != nil {
		t.Fatal(err)
	}
	db, err := profile.OpenDB(t.Context(), vault)
	if err != nil {
		t.Fatal(err)
	}
	hub := practice.NewHub()
	scene := scenetest.New(t)
	defer scene.Close()
	alice := scene.Enter("alice", scenetest.Part{
		Network: hub.End("alice@practice"), Vault: vault, Safe: vault,
		Store:   scenetest.StoreOf(db, func(id string) plugin.Store { return db.Space(id) }),
		Plugins: func() []plugin.Plugin { return []plugin.Plugin{otrplugin.New(rand.Reader)} },
	})
	scene.Enter("bob", scenetest.Part{Network: hub.End("bob@practice")})
	scene.Script(`
		alice adds bob:
		bob accepts alice:
		alice sees bob: Available
		alice to bob: hello
		bob from alice: hello
		# by itself:
		alice with bob: Unverified
	`)
	tell(t, vault, "database-key", "the key of the database", func(b []byte) []byte { return b })
	tell(t, vault, "plugin/otr/key/"+string(alice.Self), "x", func(b []byte) []byte {
		k, err := otr.ParsePrivateKey(b)
		if err != nil {
			t.Fatal(err)
		}
		defer k.Wipe()
		_, _, _, _, x := k.Numbers()
		return x
	})
	debug.FreeOSMemory()
	fmt.Println("unlocked")
	bufio.NewReader(os.Stdin).ReadString('\n')
	r := running{opened: &unlock.Opened{DB: db, Vault: vault}}
	aside, err := vault.PutAside(t.Context(), alice.Lock())
	if err != nil {
		t.Fatal(err)
	}
	r.shut()
	debug.FreeOSMemory()
	fmt.Println("locked")
	bufio.NewReader(os.Stdin).ReadString('\n')
	runtime.KeepAlive(aside)
}

// tell writes down a secret of the vault, byte by byte: the text is in memory in no
// one piece.
func tell(t *testing.T, vault *storage.Vault, name, as string, of func([]byte) []byte) {
	b, err := vault.Get(t.Context(), name)
	if err != nil || b == nil {
		t.Fatal("there is no ", name, err)
	}
	s := of(b)
	fmt.Print(as, " is ")
	for _, one := range s {
		fmt.Printf("%02x", one)
	}
	fmt.Println()
	clear(s)
	clear(b)
}
