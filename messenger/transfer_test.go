package messenger_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"image"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"culver/im"
	"culver/messenger"
	"culver/messenger/scenetest"
	"culver/protocol"
	"culver/protocol/practice"
)

// wharf is the practice network with a depot, and with pipes that can be cut.
type wharf struct {
	*practice.End
	yard *yard
}

type yard struct {
	mu      sync.Mutex
	host    string
	most    int64
	closed  bool // there is no depot
	noPipes bool
	kept    map[string][]byte
	cut     int64 // pipes and fetches break after so many bytes: once
	often   bool  // or each time, after a while
	dead    bool  // after the first one nothing comes any more
	puts    int
	fetched []string
	change  func([]byte) []byte // what the server makes of what it keeps
}

func newYard() *yard { return &yard{host: "files.practice", kept: map[string][]byte{}} }

type wharfSession struct {
	protocol.Session
	protocol.RosterEditor
	protocol.PresenceSetter
	protocol.TypingSender
	protocol.Piper
	yard *yard
}

func (w wharf) New(a im.Account, password im.Secret) protocol.Session {
	s := w.End.New(a, password)
	return &wharfSession{Session: s, RosterEditor: s.(protocol.RosterEditor), PresenceSetter: s.(protocol.PresenceSetter),
		TypingSender: s.(protocol.TypingSender), Piper: s.(protocol.Piper), yard: w.yard}
}

func (s *wharfSession) Deposits() (int64, bool) {
	s.yard.mu.Lock()
	defer s.yard.mu.Unlock()
	return s.yard.most, !s.yard.closed
}

func (s *wharfSession) Put(ctx context.Context, name string, size int64, body io.Reader) (string, error) {
	b, err := io.ReadAll(body)
	if err != nil {
		return "", err
	}
	s.yard.mu.Lock()
	defer s.yard.mu.Unlock()
	if int64(len(b)) != size {
		return "", fmt.Errorf("%d bytes in place of %d", len(b), size)
	}
	s.yard.puts++
	link := fmt.Sprintf("https://%s/%d/%s", s.yard.host, s.yard.puts, name)
	if s.yard.change != nil {
		b = s.yard.change(b)
	}
	s.yard.kept[link] = b
	return link, nil
}

func (s *wharfSession) Fetch(ctx context.Context, link string, from, size int64) (io.ReadCloser, error) {
	s.yard.mu.Lock()
	defer s.yard.mu.Unlock()
	s.yard.fetched = append(s.yard.fetched, link)
	b, ok := s.yard.kept[link]
	if !ok || int64(len(b)) != size {
		return nil, protocol.ErrGone
	}
	return io.NopCloser(s.yard.breaks(bytes.NewReader(b[from:]))), nil
}

func (s *wharfSession) Pipe(ctx context.Context, to im.Addr, id string) (io.WriteCloser, error) {
	if s.yard.noPipes {
		return nil, protocol.ErrNoPipe
	}
	return s.Piper.Pipe(ctx, to, id)
}

func (s *wharfSession) Expect(from im.Addr, id string) (func(context.Context) (io.ReadCloser, error), error) {
	wait, err := s.Piper.Expect(from, id)
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context) (io.ReadCloser, error) {
		r, err := wait(ctx)
		if err != nil {
			return nil, err
		}
		s.yard.mu.Lock()
		defer s.yard.mu.Unlock()
		return struct {
			io.Reader
			io.Closer
		}{s.yard.breaks(r), r}, nil
	}, nil
}

var errCut = errors.New("the connection was cut")

// breaks returns what reads up to the cut, if there is one.
func (y *yard) breaks(r io.Reader) io.Reader {
	if y.cut == 0 {
		return r
	}
	var stalls time.Duration
	if y.often {
		stalls = time.Minute
	}
	r = io.MultiReader(io.LimitReader(r, y.cut), errReader{stalls})
	switch {
	case y.dead:
		y.cut = 1
	case !y.often:
		y.cut = 0
	}
	return r
}

// errReader fails after some time.
type errReader struct{ after time.Duration }

func (r errReader) Read([]byte) (int, error) {
	<-time.After(r.after)
	return 0, errCut
}

// ship runs a scene in which alice and bob talk in private, with bob's folder.
func ship(t *testing.T, y *yard, f func(s *scenetest.Scene, alice, bob *scenetest.Actor, folder string)) {
	t.Helper()
	folder := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		hub := practice.NewHub()
		s := scenetest.New(t)
		defer s.Close()
		alice := s.Enter("alice", scenetest.Part{Network: wharf{hub.End("alice@practice"), y}})
		bob := s.Enter("bob", scenetest.Part{Network: wharf{hub.End("bob@practice"), y}})
		s.Script(friends)
		f(s, alice, bob, folder)
	})
}

const inPrivate = `
	alice to bob: hello
	bob from alice: hello
	alice menu bob: Start private conversation
	alice with bob: Unverified
	bob with alice: Unverified
`

func writeFile(t *testing.T, name string, size int) (path string, content []byte) {
	t.Helper()
	content = make([]byte, size)
	rand.Read(content)
	path = filepath.Join(t.TempDir(), name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return path, content
}

func wantFile(t *testing.T, path string, content []byte) {
	t.Helper()
	got, err := os.ReadFile(path)
	if err != nil || !bytes.Equal(got, content) {
		t.Errorf("%s: %d bytes, want %d: %v", path, len(got), len(content), err)
	}
}

func wantFiles(t *testing.T, folder string, names ...string) {
	t.Helper()
	list, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range list {
		got = append(got, f.Name())
	}
	if strings.Join(got, "|") != strings.Join(names, "|") {
		t.Errorf("in the folder are %q, want %q", got, names)
	}
}

// wantLine checks the line of a transfer.
func wantLine(t *testing.T, a *scenetest.Actor, of messenger.Transfer, text string) {
	t.Helper()
	a.Until("the line "+text, func() bool { // it may come a moment after the transfer
		line, ok := a.Chats[of.Conv].Lines.Find(of.Line)
		return ok && line.Text.String() == text && line.Kind == im.Notice
	})
}

func TestAFileGoesFromOneCulverToTheOther(t *testing.T) {
	for name, setup := range map[string]func(y *yard){
		"by depot":                      func(y *yard) {},
		"by pipe":                       func(y *yard) { y.closed = true },
		"too large for the depot":       func(y *yard) { y.most = 1000 },
		"by depot, cut":                 func(y *yard) { y.cut = 100_000 },
		"by pipe, cut":                  func(y *yard) { y.closed, y.cut = true, 100_000 },
		"by pipe, cut in its header":    func(y *yard) { y.closed, y.cut = true, 9 },
		"by pipe, cut before the end":   func(y *yard) { y.closed, y.cut = true, 300_000+5*16+46 },
		"by depot, cut at its very end": func(y *yard) { y.cut = 300_000 + 5*16 + 47 },
	} {
		t.Run(name, func(t *testing.T) {
			path, content := writeFile(t, "report.pdf", 300_000)
			y := newYard()
			setup(y)
			ship(t, y, func(s *scenetest.Scene, alice, bob *scenetest.Actor, folder string) {
				s.Script(inPrivate)
				alice.M.SendFiles(with(alice, bob), []string{path})
				in := bob.Transfer(with(bob, alice), messenger.TransferOffered)
				if in.Name != "report.pdf" || in.Size != 300_000 || in.Files != 1 || in.Out || in.Seal.Level != im.Private {
					t.Errorf("offered: %+v", in)
				}
				wantLine(t, bob, in, "alice@practice wants to send you report.pdf (300 kB).")
				bob.M.AcceptTransfer(in.ID, filepath.Join(folder, "got.pdf"))
				in = bob.Transfer(with(bob, alice), messenger.TransferFinished)
				out := alice.Transfer(with(alice, bob), messenger.TransferFinished)
				if in.Done != in.Size || out.Done != out.Size || in.Path != filepath.Join(folder, "got.pdf") || out.Path != path {
					t.Errorf("in %+v, out %+v", in, out)
				}
				wantLine(t, alice, out, "report.pdf (300 kB) was sent to bob@practice.")
				wantLine(t, bob, in, "You got report.pdf (300 kB) from alice@practice.")
				wantFile(t, in.Path, content)
				wantFiles(t, folder, "got.pdf")
				for _, b := range y.kept {
					if bytes.Contains(b, content[:32]) {
						t.Error("the depot can read it")
					}
				}
				for link := range y.kept {
					if strings.Contains(link, "report") {
						t.Errorf("the link tells the name: %s", link)
					}
				}
			})
		})
	}
}

func TestPicturesAreShownOnceTheyAreAccepted(t *testing.T) {
	var picture bytes.Buffer
	if err := png.Encode(&picture, image.NewNRGBA(image.Rect(0, 0, 1000, 500))); err != nil {
		t.Fatal(err)
	}
	for name, e := range map[string]struct {
		content []byte
		shown   bool
	}{"a picture": {picture.Bytes(), true}, "something else": {[]byte("<svg onload='x'/>"), false}} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "a.png")
			if err := os.WriteFile(path, e.content, 0o600); err != nil {
				t.Fatal(err)
			}
			ship(t, newYard(), func(s *scenetest.Scene, alice, bob *scenetest.Actor, folder string) {
				s.Script(inPrivate)
				alice.M.SendFiles(with(alice, bob), []string{path})
				in := bob.Transfer(with(bob, alice), messenger.TransferOffered)
				if !in.Image || in.Preview != nil {
					t.Errorf("offered %+v", in)
				}
				bob.M.AcceptTransfer(in.ID, folder)
				bob.Transfer(with(bob, alice), messenger.TransferFinished)
				if !e.shown {
					alice.M.Send(with(alice, bob), "afterwards", im.Private)
					bob.Expect(with(bob, alice), "afterwards")
					if bob.Transfers[in.ID].Preview != nil {
						t.Error("it is shown")
					}
					return
				}
				bob.Until("the picture", func() bool { return bob.Transfers[in.ID].Preview != nil })
				img, err := png.Decode(bytes.NewReader(bob.Transfers[in.ID].Preview))
				if err != nil || img.Bounds().Dx() != 320 || img.Bounds().Dy() != 160 {
					t.Errorf("%v: %v", img.Bounds(), err)
				}
			})
		})
	}
}
