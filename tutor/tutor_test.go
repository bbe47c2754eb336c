package tutor_test

import (
	"context"
	"crypto/rand"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"

	"culver/im"
	"culver/messenger"
	"culver/messenger/scenetest"
	"culver/otrplugin"
	"culver/plugin"
	"culver/protocol"
	"culver/protocol/practice"
	"culver/storage"
	"culver/tutor"
)

// lesson plays a newcomer against the tutor.
func lesson(t *testing.T, f func(you *scenetest.Actor, pat im.ConvID, script func(string))) {
	t.Helper()
	lessonFrom(t, tutor.Fresh, f)
}

// lessonFrom plays a newcomer who has come so far, and returns how far they are then.
func lessonFrom(t *testing.T, begin tutor.Progress, f func(you *scenetest.Actor, pat im.ConvID, script func(string))) tutor.Progress {
	known := begin
	synctest.Test(t, func(t *testing.T) {
		hub := practice.NewHub()
		hub.Befriend(tutor.Student, tutor.Address, tutor.Name)
		pat := tutor.New(tutor.Config{
			Build: func(bool) *messenger.Messenger {
				store := scenetest.MemoryStore()
				end := hub.End(tutor.Address)
				set, _ := end.Account(nil)
				if err := store.SaveAccount(set); err != nil {
					t.Error(err)
				}
				return messenger.New(messenger.Config{Store: store, Vault: storage.NewMemoryVault(), Spaces: store.Spaces,
					Networks: []protocol.Protocol{end}, Plugins: []plugin.Plugin{otrplugin.New(rand.Reader)}, NoFirstRun: true})
			},
			Begin: begin,
			Keep:  func(p tutor.Progress) { known = p },
		})
		ctx, cancel := context.WithCancel(context.Background())
		done := make(chan struct{})
		go func() { defer close(done); pat.Run(ctx) }()
		defer func() { cancel(); <-done }()

		s := scenetest.New(t)
		defer s.Close()
		you := s.Enter("you", scenetest.Part{Network: hub.End(tutor.Student)})
		c := im.ConvID{Account: you.Self, Peer: tutor.Address}
		f(you, c, s.Script)
	})
	return known
}

func TestALessonFromGreetingToVerified(t *testing.T) {
	lesson(t, func(you *scenetest.Actor, pat im.ConvID, script func(string)) {
		you.Expect(pat, "nothing you write here leaves this computer")
		you.Expect(pat, "choose Start private conversation")
		you.ExpectLevel(pat, "Not private")

		you.Choose(pat, "Start private conversation")
		you.ExpectLevel(pat, "Unverified")
		you.Expect(pat, "only the two of us can read this")
		you.Expect(pat, "with the right answer: blue teapot")

		you.Choose(pat, "Authenticate buddy")
		you.Answer("Authenticate", "authenticate", "method=question", "question=What is in the cupboard?", "answer=red kettle")
		you.Expect(pat, "what failing looks like")
		you.Answer("Authenticat", "close")
		you.ExpectLevel(pat, "Unverified")

		you.Choose(pat, "Authenticate buddy")
		you.Answer("Authenticate", "authenticate", "method=secret", "secret=blue teapot")
		you.ExpectLevel(pat, "Private")
		you.Expect(pat, "Well done")
		you.Answer("Authenticat", "close")

		you.M.Send(pat, "ask", im.Open)
		you.Reads("Authentication from", "What colour is the teapot?")
		you.Answer("Authentication from", "authenticate", "answer=blue")
		you.Expect(pat, "now I know that it is you")
		you.Answer("Authenticat", "close")

		you.M.Send(pat, "ask", im.Open)
		you.Answer("Authentication from", "authenticate", "answer=green")
		you.Expect(pat, "not the answer that I had in mind")
		you.Answer("Authenticat", "close")

		you.M.Send(pat, "end", im.Open)
		you.ExpectLevel(pat, "Finished")
		if len(you.Trouble) > 0 {
			t.Errorf("trouble: %q", you.Trouble)
		}
	})
}

func TestTheTutorStartsAndAnswersQuestions(t *testing.T) {
	lesson(t, func(you *scenetest.Actor, pat im.ConvID, script func(string)) {
		you.Expect(pat, "choose Start private conversation")
		you.M.Send(pat, "Start, please", im.Open)
		you.ExpectLevel(pat, "Unverified")
		you.Choose(pat, "Authenticate buddy")
		you.Answer("Authenticate", "authenticate", "method=question", "question=Who are you?", "answer=blue teapot")
		you.ExpectLevel(pat, "Private")
		you.Expect(pat, "Well done")
		you.Expect(pat, "Green, Private")
	})
}

func TestTheTutorComesBackWithAnotherKey(t *testing.T) {
	lesson(t, func(you *scenetest.Actor, pat im.ConvID, script func(string)) {
		you.Expect(pat, "choose Start private conversation")
		you.M.Send(pat, "start", im.Open)
		you.ExpectLevel(pat, "Unverified")
		you.Choose(pat, "Authenticate buddy")
		you.Answer("Authenticate", "authenticate", "method=secret", "secret=blue teapot")
		you.ExpectLevel(pat, "Private")
		you.M.Send(pat, "key", im.Open)
		you.Expect(pat, "another key")
		you.ExpectLevel(pat, "Unverified")
		you.Expect(pat, "my key is a new one")
		warned := false
		for _, m := range you.Chats[pat].Lines.Lines(0) {
			warned = warned || m.Kind == im.Alarm && strings.Contains(m.Text.String(), "key")
		}
		if !warned {
			t.Errorf("no warning of the new key:\n%s", you.Describe())
		}
	})
}

func TestTheTutorAnswersWhatItDoesNotUnderstand(t *testing.T) {
	lesson(t, func(you *scenetest.Actor, pat im.ConvID, script func(string)) {
		for text, answer := range map[string]string{
			"ask": "needs a private conversation", "help": "I understand", "hello": "Type help",
			"¿qué?": "only a practice buddy", "...": "only a practice buddy", "thanks!": "welcome",
		} {
			you.M.Send(pat, text, im.Open)
			you.Expect(pat, answer)
		}
	})
}

// What a newcomer knows already is not explained again, at the next start.
func TestTheTutorRemembersHowFarTheNewcomerHasCome(t *testing.T) {
	known := lessonFrom(t, tutor.Fresh, func(you *scenetest.Actor, pat im.ConvID, _ func(string)) {
		you.Expect(pat, "choose Start private conversation")
		you.M.Send(pat, "start", im.Open)
		you.Expect(pat, "with the right answer: blue teapot")
	})
	if known != tutor.Spoke {
		t.Fatalf("after a private conversation: %q", known)
	}
	known = lessonFrom(t, known, func(you *scenetest.Actor, pat im.ConvID, _ func(string)) {
		you.Expect(pat, "choose Start private conversation")
		you.M.Send(pat, "start", im.Open)
		you.Expect(pat, "with the right answer: blue teapot")
		you.Choose(pat, "Authenticate buddy")
		you.Answer("Authenticate", "authenticate", "method=secret", "secret=blue teapot")
		you.Expect(pat, "Well done")
	})
	if known != tutor.Authenticated {
		t.Fatalf("after an authentication: %q", known)
	}
	known = lessonFrom(t, known, func(you *scenetest.Actor, pat im.ConvID, _ func(string)) {
		you.Expect(pat, "Hello again")
		you.M.Send(pat, "start", im.Open)
		you.Expect(pat, "you have made sure of me before")
		for _, m := range you.Chats[pat].Lines.Lines(0) {
			if text := m.Text.String(); strings.Contains(text, "practice buddy") || strings.Contains(text, "red kettle") {
				t.Errorf("it says once more: %s", text)
			}
		}
	})
	if known != tutor.Authenticated {
		t.Errorf("it forgot: %q", known)
	}
}

// A file that is offered to the tutor does not wait for ever.
func TestTheTutorTakesNoFiles(t *testing.T) {
	lesson(t, func(you *scenetest.Actor, pat im.ConvID, _ func(string)) {
		you.Expect(pat, "choose Start private conversation")
		you.M.Send(pat, "start", im.Open)
		you.ExpectLevel(pat, "Unverified")
		path := filepath.Join(t.TempDir(), "holiday.txt")
		if err := os.WriteFile(path, []byte("sun"), 0o600); err != nil {
			t.Fatal(err)
		}
		you.M.SendFiles(pat, []string{path})
		you.Transfer(pat, messenger.TransferCancelled)
		you.Expect(pat, "nowhere to put a file")
	})
}
