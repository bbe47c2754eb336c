package bench

import (
	"encoding/base64"
	"encoding/binary"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// data is the beginning of a data message with these D-H key ids, encoded.
func data(version byte, sender, recipient uint32) []byte {
	b := []byte{0, version, 3}
	if version == 3 {
		b = append(b, "from.to.."[:8]...)
	}
	b = append(b, 0)
	b = binary.BigEndian.AppendUint32(b, sender)
	b = binary.BigEndian.AppendUint32(b, recipient)
	b = append(b, make([]byte, 100)...)
	return []byte("?OTR:" + base64.StdEncoding.EncodeToString(b) + ".")
}

func TestTheWireIsTallied(t *testing.T) {
	for _, version := range []byte{2, 3} {
		var tally Tally
		sent := 0
		for _, e := range []struct {
			from              int
			sender, recipient uint32
			rotations         int // so far
		}{
			{0, 1, 1, 0}, {0, 1, 1, 0}, {1, 1, 1, 0}, {1, 1, 2, 1}, {1, 2, 2, 2}, {0, 1, 1, 2}, {0, 2, 1, 3}, {0, 2, 1, 3},
		} {
			w := data(version, e.sender, e.recipient)
			tally.Sent(e.from, w)
			if sent += len(w); tally.rotations != e.rotations || tally.wire != sent {
				t.Errorf("version %d, %v: %d rotations and %d bytes, want %d and %d", version, e, tally.rotations, tally.wire, e.rotations, sent)
			}
		}
		tally.NewWire()
		tally.Sent(0, data(version, 1, 1))
		if tally.rotations != 3 || tally.messages != 9 {
			t.Errorf("version %d: %d rotations, %d messages", version, tally.rotations, tally.messages)
		}
	}
	var tally Tally
	for _, w := range []string{
		"?OTR|0000aaaa|0000bbbb,00001,00002," + strings.Repeat("x", 40) + ",",
		"?OTR|0000aaaa|0000bbbb,00002,00002,xx,",
		"?OTR,1,12," + strings.Repeat("x", 40) + ",", "?OTR,11,12," + strings.Repeat("x", 40) + ",",
		"?OTRv23? " + strings.Repeat("words ", 40), strings.Repeat("words ", 40), "",
	} {
		tally.Sent(0, []byte(w))
	}
	if tally.messages != 2 || tally.fragments != 4 {
		t.Errorf("%d messages in %d fragments, want 2 in 4", tally.messages, tally.fragments)
	}
}

func TestAnotherTextIsAFailure(t *testing.T) {
	for _, e := range []struct {
		shown  string
		sealed bool
		fails  bool
	}{{"text", true, false}, {"text", false, true}, {"texts", true, true}} {
		var tally Tally
		if tally.Shown([]byte(e.shown), []byte("text"), e.sealed); (tally.err != nil) != e.fails {
			t.Errorf("%q, sealed %v: %v", e.shown, e.sealed, tally.err)
		}
	}
}

func TestArgumentsAreChecked(t *testing.T) {
	dir := t.TempDir()
	file := func(text string) string {
		path := filepath.Join(dir, "keys")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	good := file("key 01 02 03 04 05\nkey 01 02 03 04 05\n")
	begun := false
	for _, args := range [][]string{
		nil, {"ake", "1"}, {"nothing", "1", good}, {"ake", "0", good}, {"ake", "one", good}, {"ake", "1", filepath.Join(dir, "none")},
	} {
		err := run(nil, args, func([2]Key, *Tally) (Conversation, error) { begun = true; return nil, nil })
		if err == nil || begun {
			t.Errorf("%q was taken", args)
		}
	}
	if keys, err := readKeys(good); err != nil || keys[1][4][0] != 5 {
		t.Errorf("read %v, %v", keys, err)
	}
	for _, text := range []string{"", "key 01 02 03 04 05\n", "key 01 02 03 04 05\nkey 01 02 03 04\n", "key x 2 3 4 5\nkey 1 2 3 4 5\n"} {
		if _, err := readKeys(file(text)); err == nil {
			t.Errorf("%q was read", text)
		}
	}
}
