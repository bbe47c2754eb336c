//go:build e2e

package e2e

import (
	"bytes"
	"crypto/rand"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"culver/internal/pilot"
	"culver/internal/testkit"
)

// sendsFile chooses a file, or a folder, for the conversation in front.
func sendsFile(p *pilot.Person, path string) {
	p.Clicks("menu", "Conversation")
	p.Clicks("menuitem", "Send File…")
	p.Fills("Folder", filepath.Dir(path))
	p.Presses("Return")
	p.ClicksOn("row", filepath.Base(path))
	looks(p, "Send to "+bobAddress, "send-file")
	p.Clicks("button", "Send")
}

// takesFile saves what is offered.
func takesFile(p *pilot.Person, label, path string) {
	p.Clicks("entry", label)
	p.Presses("ctrl+a")
	p.Types(path)
	looks(p, "File from "+aliceAddress, "offered")
	p.Clicks("button", "Save")
}

// arrived makes sure that a file is what was sent, and can be neither read by others
// nor run.
func arrived(t *testing.T, path string, content []byte) {
	t.Helper()
	got, err := os.ReadFile(path)
	if err != nil || !bytes.Equal(got, content) {
		t.Errorf("%s: %d bytes of %d: %v", path, len(got), len(content), err)
		return
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%s: %v %v", path, info.Mode(), err)
	}
}

// keeps writes a file of somebody's.
func keeps(t *testing.T, path string, content []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, content, 0o755); err != nil {
		t.Fatal(err)
	}
}

func picture(t *testing.T) []byte {
	t.Helper()
	img := image.NewNRGBA(image.Rect(0, 0, 640, 400))
	for y := range 400 {
		for x := range 640 {
			img.Set(x, y, color.NRGBA{uint8(x * 255 / 640), uint8(y * 255 / 400), 120, 255})
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestSendingFiles(t *testing.T) {
	t.Parallel()
	c := acquainted(t)
	alice, bob := c.alice, c.bob
	turnsOffAutomatic(alice)
	turnsOffAutomatic(bob)
	from, to := t.TempDir(), t.TempDir()
	content := picture(t)
	keeps(t, filepath.Join(from, "canary.png"), content)
	keeps(t, filepath.Join(from, "canary things", "one.txt"), []byte("canary one"))
	keeps(t, filepath.Join(from, "canary things", "deeper", "run.sh"), []byte("#!/bin/sh\n"))
	keeps(t, filepath.Join(from, "open.txt"), []byte("for everybody"))

	opens(alice, bobAddress)
	says(alice, "an open line")
	bob.Sees("line", "an open line")
	sendsFile(alice, filepath.Join(from, "open.txt"))
	alice.Sees("problem", "everyone on the way can read")
	looks(alice, "Send open.txt (13 bytes) unprotected?", "unprotected")
	alice.Clicks("button", "Send unprotected")
	alice.Sees("line", "open.txt (13 bytes) was sent")
	bob.Sees("line", "https://localhost")
	looks(alice, bobAddress, "sent-unprotected")

	alice.Clicks("menubutton", "Not private")
	alice.Clicks("menuitem", "Start private conversation")
	alice.Sees("menubutton", "Unverified")
	bob.Sees("menubutton", "Unverified")
	sendsFile(alice, filepath.Join(from, "canary.png"))
	bob.Sees("line", "wants to send you canary.png")
	looks(bob, aliceAddress, "offer-line")
	takesFile(bob, "Save as", filepath.Join(to, "got.png"))
	bob.Sees("line", "You got canary.png")
	alice.Sees("line", "was sent to "+bobAddress)
	bob.Sees("image", "canary.png")
	arrived(t, filepath.Join(to, "got.png"), content)
	looks(bob, aliceAddress, "got-picture")
	looks(alice, bobAddress, "sent")

	sendsFile(alice, filepath.Join(from, "canary things"))
	takesFile(bob, "Folder", to+"/things")
	bob.Sees("line", "You got canary things")
	arrived(t, filepath.Join(to, "things", "one.txt"), []byte("canary one"))
	arrived(t, filepath.Join(to, "things", "deeper", "run.sh"), []byte("#!/bin/sh\n"))

	sendsFile(alice, filepath.Join(from, "canary.png"))
	bob.Sees("button", "Save")
	bob.Clicks("button", "Decide later")
	bob.Clicks("link", "Decline")
	alice.Sees("line", bobAddress+" declined it.")
	bob.Sees("line", "You declined it.")
	looks(bob, aliceAddress, "declined")

	bob.Fronts("Buddy List")
	bob.Presses("ctrl+t")
	bob.Sees("row", "canary.png (")
	looks(bob, "File Transfers", "transfers")
	bob.Clicks("button", "Clear all finished")
	bob.MissesPart("row", "canary")
	bob.Presses("Escape")
	bob.Misses("button", "Clear all finished")
	c.leave("an open line", alice, bob)
}

func TestALargeFileIsPausedAndCancelled(t *testing.T) {
	t.Parallel()
	// Inside the stream it takes its time.
	c := acquaintedOn(t, testkit.ProsodyOptions{NoUpload: true, NoProxy: true})
	alice, bob := c.alice, c.bob
	from, to := t.TempDir(), t.TempDir()
	content := make([]byte, 40_000_000)
	rand.Read(content)
	keeps(t, filepath.Join(from, "canary.bin"), content)

	opens(alice, bobAddress)
	says(alice, "an open line")
	bob.Sees("line", "an open line")
	alice.Sees("menubutton", "Unverified")
	bob.Sees("menubutton", "Unverified")
	sendsFile(alice, filepath.Join(from, "canary.bin"))
	takesFile(bob, "Save as", filepath.Join(to, "got.bin"))
	bob.Clicks("link", "Pause")
	bob.Sees("line", "is paused")
	bob.Sees("progress", "canary.bin")
	looks(bob, aliceAddress, "paused")
	looks(alice, bobAddress, "running")
	bob.Clicks("link", "Resume")
	bob.Sees("line", "You got canary.bin")
	alice.Sees("line", "was sent to "+bobAddress)
	arrived(t, filepath.Join(to, "got.bin"), content)

	sendsFile(alice, filepath.Join(from, "canary.bin"))
	takesFile(bob, "Save as", filepath.Join(to, "again.bin"))
	alice.Clicks("link", "Pause")
	alice.Clicks("link", "Cancel")
	bob.Sees("line", aliceAddress+" cancelled it.")
	looks(bob, aliceAddress, "cancelled")
	if left, err := os.ReadDir(to); err != nil || len(left) != 1 {
		t.Errorf("of what was cancelled is left %v: %v", left, err)
	}
	c.leave("an open line", alice, bob)
}
