package interop

import (
	"strconv"
	"testing"

	"culver/im"
	"culver/internal/testkit"
	"culver/messenger/scenetest"
	"culver/plugin"
	"culver/protocol/xmpp"
	"culver/storage"
)

// anOpenLine is said in clear on each stage, so that what listens can be seen to.
const anOpenLine = "a line that anybody may read"

// stage is a server with people at it, and a list of what is private to them. At
// the end of the test everybody leaves, and then the private texts are looked for
// in all that the server saw.
type stage struct {
	t       *testing.T
	server  *testkit.Server
	scene   *scenetest.Scene
	secrets []string
}

// newStage starts a server with alice, bob and carol, who are friends.
func newStage(t *testing.T) *stage { return newStageOf(t, testkit.StartProsody) }

// newStageOf is newStage with another server.
func newStageOf(t *testing.T, start func(testing.TB, testkit.ServerOptions) *testkit.Server) *stage {
	s := &stage{t: t, scene: scenetest.New(t), server: start(t, testkit.ServerOptions{
		Users:   map[string]string{"alice": "password-of-alice", "bob": "password-of-bob", "carol": "password-of-carol"},
		Friends: [][2]string{{"alice", "bob"}, {"alice", "carol"}, {"bob", "carol"}},
	})}
	s.private("password-of-alice", "password-of-bob", "password-of-carol")
	t.Cleanup(func() { s.server.NeverSaw(t, anOpenLine, s.secrets...) })
	return s
}

// private notes what may never be heard.
func (s *stage) private(texts ...string) { s.secrets = append(s.secrets, texts...) }

// person is somebody who talks to one other person, at whatever program.
type person interface {
	address() string
	fingerprint() string        // of its own key
	fingerprintOfOther() string // as it is shown
	says(text string)
	reads(text string)
	starts()
	ends()
	sees(level)
	asks(secret string) // authenticates the other by a secret
	asksQuestion(question, answer string)
	isAsked(question string) // "" if for a secret
	answers(secret string)
	hasAuthenticated() // the other one proved to know the secret
	wasAuthenticated() // so did this one, by an answer
	hasFailed()
	wasLeftAlone() // who asked gave up
	wasRefused()   // who was asked gave up
	verifies()     // by the fingerprint, once it was compared
}

// level is how well a person believes the conversation to be protected.
type level int

const (
	open level = iota
	unverified
	verified
	ended
)

// talk lets a say something private, and b read it.
func (s *stage) talk(a, b person, texts ...string) {
	s.t.Helper()
	for _, text := range texts {
		s.private(text)
		a.says(text)
		b.reads(text)
	}
}

// both waits until a and b see the same level.
func both(a, b person, l level) {
	a.sees(l)
	b.sees(l)
}

// together starts a private conversation, after a line that anybody may read. Between
// two Culvers, that line starts it: a second exchange of keys beside the first one
// would put an end to whatever the test begins meanwhile.
func (s *stage) together(a, b person) {
	s.t.Helper()
	a.says(anOpenLine)
	b.reads(anOpenLine)
	_, first := a.(*culver)
	_, second := b.(*culver)
	if !first || !second {
		a.starts()
	}
	both(a, b, unverified)
}

// culver brings somebody on stage who talks to another by Culver.
func (s *stage) culver(name, with string) *culver {
	s.t.Helper()
	return s.enter(name, with, nil)
}

// without brings somebody on stage whose Culver has no OTR.
func (s *stage) without(name, with string) *culver {
	s.t.Helper()
	return s.enter(name, with, func() []plugin.Plugin { return []plugin.Plugin{} })
}

func (s *stage) enter(name, with string, plugins func() []plugin.Plugin) *culver {
	s.t.Helper()
	dir, store, vault := profile(s.t)
	a := s.scene.Enter(name, scenetest.Part{
		Network:  xmpp.Network{Roots: s.server.Pool},
		Answers:  map[string]string{"address": name + "@" + s.server.Host, "server": s.server.Address, "port": strconv.Itoa(s.server.C2S)},
		Password: "password-of-" + name, Store: store, Vault: vault, Plugins: plugins,
	})
	c := &culver{Actor: a, t: s.t, conv: im.ConvID{Account: a.Self, Peer: with + "@" + s.server.Host}}
	s.t.Cleanup(func() {
		a.Quit()
		if len(a.Trouble) > 0 {
			s.t.Errorf("%s: %q", name, a.Trouble)
		}
		testkit.NoTrace(s.t, dir, s.secrets...)
	})
	c.appears()
	return c
}

// profile is a real one, locked by a passphrase, in a folder of the test.
func profile(t *testing.T) (dir string, store scenetest.Store, vault *storage.Vault) {
	t.Helper()
	dir = t.TempDir()
	p, err := storage.OpenProfile(dir)
	if err != nil {
		t.Fatal(err)
	}
	v, err := p.CreateVault([]byte("correct horse battery"))
	if err != nil {
		t.Fatal(err)
	}
	db, err := p.OpenDB(t.Context(), v)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close(); v.Close(); p.Close() })
	return dir, scenetest.StoreOf(db, func(id string) plugin.Store { return db.Space(id) }), v
}

// profanity brings somebody on stage who talks to another by Profanity.
func (s *stage) profanity(name, with string, o testkit.ProfanityOptions) *profanity {
	s.t.Helper()
	o.User, o.Password = name, "password-of-"+name
	p := &profanity{t: s.t, Profanity: testkit.StartProfanity(s.t, s.server, o), with: with + "@" + s.server.Host}
	p.Chat(p.with)
	return p
}
