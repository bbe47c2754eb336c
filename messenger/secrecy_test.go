package messenger_test

import (
	"slices"
	"strings"
	"testing"

	"culver/im"
	"culver/messenger/scenetest"
)

// buddySettings opens her settings of a buddy, from the Buddy List.
func buddySettings(a *scenetest.Actor, with im.ConvID) {
	a.Until("the menu", func() bool { return len(a.BuddyMenus) > 0 })
	menu := a.BuddyMenus[0]
	a.M.Invoke(menu.Plugin, with, menu.Actions[0].ID)
	a.Form("OTR settings of", "close")
}

// history is what a conversation begins with after a restart, people's lines only.
func history(a *scenetest.Actor, c im.ConvID) (lines []string) {
	a.Quit()
	a.Start()
	a.M.Open(c)
	a.Until("the conversation", func() bool { return a.Chats[c] != nil })
	for _, m := range a.Chats[c].Lines.Lines(0) {
		if m.Kind == im.Chat {
			lines = append(lines, m.Text.String())
		}
	}
	return lines
}

// What is kept of a private conversation follows the settings of that buddy at
// each line; what came before in clear stays.
func TestWhatIsKeptFollowsTheSettingsOfTheBuddy(t *testing.T) {
	play(t, func(s *scenetest.Scene, alice, bob *scenetest.Actor) {
		c := with(alice, bob)
		s.Script(friends + `
			alice to bob: in clear
			bob from alice: in clear
			alice menu bob: Start private conversation
			bob with alice: Unverified
			alice from bob: It is not kept in the history
			alice to bob: unkept one
			bob from alice: unkept one
		`)
		buddySettings(alice, c)
		s.Script(`
			alice form: OTR settings of | default | default=
			alice form: OTR settings of | keepprivate | keepprivate=always
			alice from bob: From now on, this private conversation is kept in the history
			alice to bob: kept line
			bob from alice: kept line
			bob to alice: kept answer
			alice from bob: kept answer
			alice form: OTR settings of | default | default=on
			alice from bob: From now on, this private conversation is not kept
			alice to bob: unkept two
			bob from alice: unkept two
			alice form: OTR settings of | close
		`)
		want := []string{"in clear", "kept line", "kept answer"}
		if got := history(alice, c); !slices.Equal(got, want) {
			t.Errorf("the history is %q, want %q", got, want)
		}
	})
}

// Lines that were typed while everything had to be private do not leave in clear
// because that was changed for the buddy before they could be sent, nor are they
// written down.
func TestLinesTypedBeforeASettingWasWeakened(t *testing.T) {
	for name, weaker := range map[string]string{
		"off":    `alice form: OTR settings of | enabled | enabled=`,
		"manual": `alice form: OTR settings of | automatic | automatic=`,
		"open":   `alice form: OTR settings of | require | require=`,
	} {
		t.Run(name, func(t *testing.T) {
			play(t, func(s *scenetest.Scene, alice, bob *scenetest.Actor) {
				c := with(alice, bob)
				s.Script(friends)
				buddySettings(alice, c)
				s.Script(`
					alice form: OTR settings of | default | default=
					alice form: OTR settings of | automatic | automatic=on
					alice form: OTR settings of | require | require=on
					alice leaves:
					bob sees alice: Offline
					alice to bob: canary one
				`)
				alice.ExpectState(c, im.Waiting)
				s.Script(weaker + `
					alice returns:
					bob sees alice: Available
					bob to alice: are you there?
					alice from bob: are you there?
				`)
				bob.Until("the conversation", func() bool { return bob.Chats[with(bob, alice)] != nil })
				for _, m := range bob.Chats[with(bob, alice)].Lines.Lines(0) {
					if strings.Contains(m.Text.String(), "canary") && !m.Seal.Level.Encrypted() {
						t.Errorf("bob reads %q", m.Text)
					}
				}
				if got := history(alice, c); slices.Contains(got, "canary one") {
					t.Errorf("the history is %q", got)
				}
			})
		})
	}
}

// What was typed when nothing had to be private has to be so once that is wanted.
func TestLinesTypedBeforeASettingWasTightened(t *testing.T) {
	play(t, func(s *scenetest.Scene, alice, bob *scenetest.Actor) {
		c := with(alice, bob)
		s.Script(friends + `
			alice leaves:
			bob sees alice: Offline
			alice to bob: canary one
		`)
		alice.ExpectState(c, im.Waiting)
		buddySettings(alice, c)
		s.Script(`
			alice form: OTR settings of | default | default=
			alice form: OTR settings of | automatic | automatic=on
			alice form: OTR settings of | require | require=on
			alice form: OTR settings of | close
			alice returns:
			bob from alice: canary one
			bob with alice: Unverified
		`)
		for _, m := range bob.Chats[with(bob, alice)].Lines.Lines(0) {
			if strings.Contains(m.Text.String(), "canary") && !m.Seal.Level.Encrypted() {
				t.Errorf("bob reads %q, %v", m.Text, m.Seal.Level)
			}
		}
		if got := history(alice, c); len(got) > 0 {
			t.Errorf("the history is %q", got)
		}
	})
}

// Somebody who is not on the list knocks, by every way there is; nothing goes
// back until the user starts.
func TestAKnockWaitsForTheUser(t *testing.T) {
	play(t, func(s *scenetest.Scene, alice, bob *scenetest.Actor) {
		alice.UntilOnline()
		bob.UntilOnline()
		bob.M.Open(with(bob, alice))
		s.Script("bob to alice: hello, stranger")
		alice.Until("a stranger", func() bool { return alice.List.Knocking(with(alice, bob)) })
		alice.M.ShowRequest(with(alice, bob))
		alice.Answer("Request from", "ok", "add=")
		s.Script(`
			alice from bob: hello, stranger
			bob menu alice: Start private conversation
			alice from bob: they are not on your Buddy List
			bob from alice: did not answer
			bob with alice: Not private
			alice with bob: Not private
			alice menu bob: Start private conversation
			alice with bob: Unverified
			bob with alice: Unverified
		`)
	})
}
