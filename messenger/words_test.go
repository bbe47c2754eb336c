package messenger

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"culver/buddylist"
	"culver/lang"
	"culver/protocol"
)

// speakPseudo lets Culver speak the language for tests.
func speakPseudo(t *testing.T) {
	if _, err := lang.Use(lang.Pseudo); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { lang.Use("en") })
}

func TestFoldersHaveTheirNamesInAnyLanguage(t *testing.T) {
	speakPseudo(t)
	home := t.TempDir()
	if got := usualFolder(home); got != home {
		t.Error(got)
	}
	for _, name := range []string{"Desktop", "Downloads"} {
		want := filepath.Join(home, name)
		if err := os.Mkdir(want, 0o700); err != nil {
			t.Fatal(err)
		}
		if got := usualFolder(home); got != want {
			t.Errorf("%s instead of %s", got, want)
		}
	}
}

func TestWordsForBytes(t *testing.T) {
	for n, want := range map[int64]string{0: "0 bytes", 1: "1 byte", 999: "999 bytes", 1000: "1.0 kB", 9_940: "9.9 kB", 9_960: "10 kB", 999_400: "999 kB",
		999_600: "1.0 MB", 2_100_000: "2.1 MB", 1<<63 - 1: "9.2 EB"} {
		if got := Bytes(n); got != want {
			t.Errorf("%d: %q instead of %q", n, got, want)
		}
	}
	speakPseudo(t)
	if got := Bytes(2_100_000); got != "2‹. (between a number and its fraction)›1 ‹MB›" {
		t.Error(got)
	}
}

func TestWordsForExits(t *testing.T) {
	for _, c := range []struct {
		exit    exit
		own, of string
	}{
		{exit{why: protocol.ExitLeft}, "", ""},
		{exit{why: protocol.ExitKicked}, "You were made to leave this room.", "bob was made to leave the room."},
		{exit{protocol.ExitKicked, "eve", "noise"}, "You were made to leave this room by eve: noise", "bob was made to leave the room by eve: noise"},
		{exit{protocol.ExitBanned, "", "noise"}, "You were banned from this room: noise", "bob was banned from the room: noise"},
		{exit{protocol.ExitBanned, "eve", ""}, "You were banned from this room by eve.", "bob was banned from the room by eve."},
		{exit{protocol.ExitMembers, "eve", "noise"}, "You were made to leave this room: only members may be there now.", "bob was made to leave the room: only members may be there now."},
		{exit{why: protocol.ExitShutdown}, "You were disconnected: the service of this room stops.", "bob was disconnected: the service of the room stops."},
		{exit{protocol.ExitDestroyed, "eve", ""}, "The room was destroyed by eve.", "The room was destroyed by eve."},
		{exit{why: protocol.ExitDestroyed, words: "moved"}, "The room was destroyed: moved", "The room was destroyed: moved"},
	} {
		if own, of := c.exit.own(), c.exit.of("bob"); own != c.own || of != c.of {
			t.Errorf("%q, %q", own, of)
		}
	}
}

func TestTheDefaultGroupIsNoneInAnyLanguage(t *testing.T) {
	speakPseudo(t)
	title := buddylist.GroupName(buddylist.DefaultGroup, false)
	if title == buddylist.DefaultGroup {
		t.Fatal("it is not said in the user's language")
	}
	if got := groupsOf(title + ", " + buddylist.DefaultGroup + ", Work"); !slices.Equal(got, []string{"Work"}) {
		t.Error(got)
	}
}
