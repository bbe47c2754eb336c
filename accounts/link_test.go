package accounts

import (
	"testing"
	"time"

	"culver/im"
	"culver/protocol"
)

var (
	noon     = time.Date(2026, 1, 2, 12, 0, 0, 0, time.UTC)
	lost     = &protocol.Failure{Cause: protocol.Lost, Text: "The connection was lost."}
	password = &protocol.Failure{Cause: protocol.WrongPassword, Text: "Wrong password."}
)

func link() *Link {
	return NewLink(im.Account{ID: "xmpp:a@b"}, "XMPP", func() float64 { return 0 })
}

func expect(t *testing.T, l *Link, got, want Do, status Status) {
	t.Helper()
	if got != want || l.State().Status != status {
		t.Fatalf("got %v in %v, want %v in %v", got, l.State().Status, want, status)
	}
}

func TestLinkConnectsServesAndSignsOff(t *testing.T) {
	l := link()
	expect(t, l, l.Want(true), Connect, Connecting)
	expect(t, l, l.Want(true), Nothing, Connecting)
	l.Up(im.Addr{Bare: "a@b", Resource: "r"}, noon)
	expect(t, l, Nothing, Nothing, Online)
	if l.State().Self.Resource != "r" {
		t.Fatal("own address not known")
	}
	expect(t, l, l.Want(false), Disconnect, Leaving)
	expect(t, l, l.Ended(nil, noon), Nothing, Offline)
}

func TestLinkWaitsLongerAfterEachFailure(t *testing.T) {
	l := link()
	l.Want(true)
	want := MinWait
	for range 12 {
		expect(t, l, l.Ended(lost, noon), Wait, Waiting)
		if got := l.State().Next.Sub(noon); got != want {
			t.Fatalf("waits %v, want %v", got, want)
		}
		want = min(want*2, MaxWait)
		expect(t, l, l.Due(), Connect, Connecting)
		if l.State().Problem != lost {
			t.Fatal("the reason vanished while trying again")
		}
	}
	l.Up(im.Addr{}, noon)
	if l.State().Problem != nil {
		t.Fatal("the reason is still shown when online")
	}
	l.Ended(lost, noon.Add(Steady-1))
	if got := l.State().Next.Sub(noon.Add(Steady - 1)); got != MaxWait {
		t.Fatalf("waits %v after having been online for a moment", got)
	}
	l.Due()
	l.Up(im.Addr{}, noon)
	l.Ended(lost, noon.Add(Steady))
	if got := l.State().Next.Sub(noon.Add(Steady)); got != MinWait {
		t.Fatalf("waits %v after having been online", got)
	}
}

func TestLinkWakes(t *testing.T) {
	l := link()
	expect(t, l, l.Wake(), Nothing, Offline)
	l.Want(true)
	for range 5 {
		l.Ended(lost, noon)
		l.Due()
	}
	expect(t, l, l.Wake(), Nothing, Connecting)
	l.Ended(lost, noon)
	if got := l.State().Next.Sub(noon); got != MinWait {
		t.Errorf("waits %v after the network changed", got)
	}
	expect(t, l, l.Wake(), Connect, Connecting)
	l.Up(im.Addr{}, noon)
	expect(t, l, l.Wake(), Nothing, Online)
	l.Ended(password, noon)
	expect(t, l, l.Wake(), Nothing, Stopped)
	l.Want(false)
	expect(t, l, l.Wake(), Nothing, Offline)
}

func TestLinkStopsWhereOnlyTheUserCanHelp(t *testing.T) {
	l := link()
	l.Want(true)
	expect(t, l, l.Ended(password, noon), Nothing, Stopped)
	expect(t, l, l.Due(), Nothing, Stopped)
	expect(t, l, l.Want(true), Nothing, Stopped)
	expect(t, l, l.Restart(), Connect, Connecting)
}

func TestLinkRestartWaitsForTheOldSession(t *testing.T) {
	l := link()
	l.Want(true)
	l.Up(im.Addr{}, noon)
	expect(t, l, l.Restart(), Disconnect, Leaving)
	expect(t, l, l.Ended(nil, noon), Connect, Connecting)
}

func TestLinkWantedAgainWhileLeaving(t *testing.T) {
	l := link()
	l.Want(true)
	l.Want(false)
	expect(t, l, l.Want(true), Nothing, Leaving)
	expect(t, l, l.Ended(nil, noon), Connect, Connecting)
}

func TestLinkUnwantedWhileWaiting(t *testing.T) {
	l := link()
	l.Want(true)
	l.Ended(lost, noon)
	expect(t, l, l.Want(false), Nothing, Offline)
	expect(t, l, l.Due(), Nothing, Offline)
}

func TestLinkIgnoresUpWhileLeaving(t *testing.T) {
	l := link()
	l.Want(true)
	l.Want(false)
	l.Up(im.Addr{Bare: "a@b"}, noon)
	expect(t, l, Nothing, Nothing, Leaving)
}

func TestJitterShortensByAFifthAtMost(t *testing.T) {
	l := NewLink(im.Account{}, "", func() float64 { return 0.999 })
	l.Want(true)
	l.Ended(lost, noon)
	if got := l.State().Next.Sub(noon); got < MinWait*4/5 || got >= MinWait {
		t.Fatalf("waits %v", got)
	}
}
