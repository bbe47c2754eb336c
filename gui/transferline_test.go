package gui

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/storage"

	"culver/accounts"
	"culver/im"
	"culver/messenger"
)

// shipping is a conversation with a transfer in it.
func shipping(t *testing.T, of messenger.Transfer) (*GUI, *fakeFront) {
	t.Helper()
	of.ID, of.Conv, of.Line = "t1", peer("bob"), "l1"
	line := im.Message{ID: "l1", Conv: peer("bob"), Kind: im.Notice, Text: im.Plain("Sending report.pdf (2.0 MB) to bob…")}
	g, f := start(t, messenger.Snapshot{Accounts: []accounts.State{online()}, Transfers: []messenger.Transfer{of},
		Conversations: []messenger.ConversationState{{Conv: peer("bob"), Messages: []im.Message{line}, CanSendFiles: true}}})
	f.said()
	return g, f
}

// clickLink does what a click on a link does.
func clickLink(t *testing.T, g *GUI, label string) {
	t.Helper()
	p := g.chats.front()
	for i := range p.timeline.Len() {
		for _, s := range p.lines.source.Line(i).spans {
			if s.text == label && s.act != nil {
				s.act()
				return
			}
		}
	}
	t.Fatalf("there is no %q", label)
}

func lineText(g *GUI, i int) string {
	var b strings.Builder
	for _, s := range g.chats.front().lines.source.Line(i).spans {
		b.WriteString(s.text)
	}
	return b.String()
}

func TestTransferLineOffersWhatIsPossible(t *testing.T) {
	for name, e := range map[string]struct {
		of    messenger.Transfer
		acts  string
		says  string
		calls []string
	}{
		"an offer": {messenger.Transfer{State: messenger.TransferOffered}, "Accept…|Decline", "", []string{"transfer t1", "decline t1"}},
		"under way": {messenger.Transfer{State: messenger.TransferRunning, CanPause: true, Size: 2_000_000, Done: 500_000, Rate: 100_000}, "Pause|Cancel",
			"25 % · 500 kB of 2.0 MB · 100 kB/s · a few seconds left", []string{"pause t1", "cancel t1"}},
		"paused":             {messenger.Transfer{State: messenger.TransferPaused, CanResume: true, Size: 10, Done: 5}, "Resume|Cancel", "50 % · 5 bytes of 10 bytes", []string{"resume t1", "cancel t1"}},
		"failed":             {messenger.Transfer{State: messenger.TransferFailed}, "", "", nil},
		"failed for a while": {messenger.Transfer{State: messenger.TransferFailed, CanResume: true}, "Try again", "", []string{"resume t1"}},
		"got":                {messenger.Transfer{State: messenger.TransferFinished, Path: "/home/a/report.pdf"}, "", "It is in /home/a/report.pdf", nil},
		"sent":               {messenger.Transfer{State: messenger.TransferFinished, Out: true, Path: "/home/a/report.pdf"}, "", "", nil},
	} {
		t.Run(name, func(t *testing.T) {
			g, f := shipping(t, e.of)
			var acts []string
			for _, s := range g.chats.front().lines.source.Line(0).spans {
				if s.act != nil {
					acts = append(acts, s.text)
				}
			}
			if got := strings.Join(acts, "|"); got != e.acts {
				t.Fatalf("it offers %q, not %q", got, e.acts)
			}
			for _, a := range acts {
				clickLink(t, g, a)
			}
			f.has(t, e.calls...)
			if text := lineText(g, 0); !strings.HasPrefix(text, "Sending report.pdf (2.0 MB) to bob…") || !strings.Contains(text, e.says) {
				t.Errorf("it says %q", text)
			}
		})
	}
}

func TestTransferLineFollowsTheTransfer(t *testing.T) {
	of := messenger.Transfer{State: messenger.TransferRunning, CanPause: true, Size: 100, Done: 10}
	g, _ := shipping(t, of)
	of.ID, of.Conv, of.Line, of.Done = "t1", peer("bob"), "l1", 70
	g.apply([]messenger.Event{messenger.TransferChanged{Transfer: of}})
	if e := element(t, g, kindLink, "Pause"); !e.Enabled {
		t.Error("there is no Pause")
	}
	if text := lineText(g, 0); !strings.Contains(text, "70 %") {
		t.Errorf("it says %q", text)
	}
	g.apply([]messenger.Event{messenger.TransferRemoved{ID: "t1"}})
	if len(g.transfers) != 0 {
		t.Error("it is still listed")
	}
	g.apply([]messenger.Event{messenger.TransferChanged{Transfer: of}, messenger.Locking{}})
	if len(g.transfers) != 0 {
		t.Error("the names of files are still known after locking")
	}
}

func TestTimeLeftIsCalm(t *testing.T) {
	for want, of := range map[string]messenger.Transfer{
		"":                        {Size: 10, Done: 5},
		"a few seconds left":      {Size: 100, Done: 50, Rate: 10},
		"about 30 seconds left":   {Size: 300, Done: 50, Rate: 10},
		"about 3 minutes left":    {Size: 1800, Done: 0, Rate: 10},
		"about 2 hours left":      {Size: 72_000, Done: 0, Rate: 10},
		"more than two days left": {Size: 1 << 60, Done: 0, Rate: 1},
	} {
		if got := timeLeft(of); got != want {
			t.Errorf("%d of %d at %d: %q, want %q", of.Done, of.Size, of.Rate, got, want)
		}
	}
}

func TestSendFileIsOfferedOnlyWhereItCanBeDone(t *testing.T) {
	g, _ := shipping(t, messenger.Transfer{})
	items := g.fileItems(peer("bob"))
	if len(items) != 1 || items[0].Label != "Send File…" {
		t.Fatalf("the menu offers %v", items)
	}
	items[0].Action()
	if !described(g, kindWindow, "Send to bob@example.org") {
		t.Error("the user cannot choose")
	}
	g.apply([]messenger.Event{messenger.SendingChanged{Conv: peer("bob")}})
	if items := g.fileItems(peer("bob")); items != nil {
		t.Error("it is offered where it cannot be done")
	}
	if items := g.fileItems(peer("carol")); items != nil {
		t.Error("it is offered for somebody it cannot be done for")
	}
	g.apply([]messenger.Event{messenger.DepositsChanged{Accounts: []im.AccountID{alice}}})
	if items := g.fileItems(peer("carol")); len(items) != 1 {
		t.Error("it is not offered for somebody without a conversation")
	}
}

func TestFilesAreDroppedOntoABuddy(t *testing.T) {
	g, f := start(t, friends())
	g.apply([]messenger.Event{messenger.DepositsChanged{Accounts: []im.AccountID{alice}}})
	f.said()
	drop := func(row int) {
		pos, _, _ := g.buddies.list.rowRect(row)
		at := fyne.CurrentApp().Driver().AbsolutePositionForObject(g.buddies.list).Add(pos).AddXY(30, 5)
		g.buddies.dropped(at, []fyne.URI{storage.NewFileURI("/tmp/a.txt")})
	}
	drop(g.buddies.rowOf(t, "Friends"))
	if len(g.asked) != 0 {
		t.Fatal("a group is sent a file")
	}
	drop(g.buddies.rowOf(t, "Dave"))
	if len(g.asked) != 1 {
		t.Fatal("it is not asked")
	}
	g.asked[0].buttons["send"].OnTapped()
	f.has(t, `send files dave@example.org ["/tmp/a.txt"]`)
}

func TestTransferMenuOffersWhatTheLineOffers(t *testing.T) {
	g, f := shipping(t, messenger.Transfer{State: messenger.TransferPaused, CanResume: true, Size: 10, Done: 5})
	items := g.chats.front().lineMenu(0)
	if len(items) != 2 || items[0].Label != "Resume" || items[1].Label != "Cancel" {
		t.Fatalf("the menu offers %v", items)
	}
	items[1].Action()
	f.has(t, "cancel t1")
}

func TestDroppedFilesAreAskedAbout(t *testing.T) {
	g, f := shipping(t, messenger.Transfer{})
	elsewhere, err := storage.ParseURI("https://example.org/a")
	if err != nil {
		t.Fatal(err)
	}
	g.dropped(peer("bob"), []fyne.URI{elsewhere})
	if len(g.asked) != 0 {
		t.Fatal("something that is no file is asked about")
	}
	g.dropped(peer("bob"), []fyne.URI{storage.NewFileURI("/tmp/a.txt"), storage.NewFileURI("/tmp/folder")})
	f.has(t)
	if len(g.asked) != 1 || !described(g, kindNote, "a.txt\nfolder") {
		t.Fatalf("it is not asked: %+v", g.Describe())
	}
	g.asked[0].buttons["send"].OnTapped()
	f.has(t, `send files bob@example.org ["/tmp/a.txt" "/tmp/folder"]`)
	if len(g.asked) != 0 {
		t.Error("the question is still there")
	}
	g.apply([]messenger.Event{messenger.SendingChanged{Conv: peer("bob")}})
	g.dropped(peer("bob"), []fyne.URI{storage.NewFileURI("/tmp/a.txt")})
	if g.trouble == nil {
		t.Error("the user is not told that it is not possible")
	}
	f.has(t)
}
