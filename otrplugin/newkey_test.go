package otrplugin

import (
	"encoding/binary"
	"strings"
	"testing"
	"time"

	"culver/im"
	"culver/otrplugin/otr"
	"culver/plugin/plugintest"
)

// showsKey is alice's session saying that bob uses his nth other key.
func (w *world) showsKey(n int) otr.Fingerprint {
	var f otr.Fingerprint
	binary.BigEndian.PutUint32(f[:], uint32(n+1))
	w.alice.plugin.apply(w.alice.plugin.chat(w.alice.id), otr.Result{Events: []otr.Event{
		{Kind: otr.GoneSecure, Fingerprint: f, Tag: w.alice.plugin.chat(w.alice.id).session.TheirTag()},
	}}, "")
	return f
}

func (e *end) count(kind, text string) int {
	n := 0
	for _, o := range e.host.Ops() {
		if o.Kind == kind && strings.Contains(o.Text, text) {
			n++
		}
	}
	return n
}

func TestKeysThatNobodyAcceptedAreBounded(t *testing.T) {
	w := newWorld(t)
	w.verified()
	p := w.alice.plugin
	verified := p.known[w.alice.id][0].fingerprint
	var accepted, distrusted, last otr.Fingerprint
	for n := range 100 {
		w.alice.host.Advance(time.Second)
		last = w.showsKey(n)
		switch k := p.knownKey(w.alice.id, last); n {
		case 0:
			distrusted = last
			p.verify(p.chat(w.alice.id), k, true)
			p.verify(p.chat(w.alice.id), k, false)
		case 1:
			accepted = last
			p.accept(p.chat(w.alice.id), last)
		}
	}
	want := 3 + maxUnaccepted
	if n := len(p.known[w.alice.id]); n != want {
		t.Errorf("%d keys are known, want %d", n, want)
	}
	rows, err := w.alice.host.Disk.List(knownPrefix)
	if err != nil || len(rows) != want {
		t.Errorf("%d keys are kept, want %d: %v", len(rows), want, err)
	}
	for name, f := range map[string]otr.Fingerprint{
		"the verified": verified, "the accepted": accepted, "the distrusted": distrusted, "the last": last,
	} {
		if p.knownKey(w.alice.id, f) == nil {
			t.Errorf("%s key was forgotten", name)
		}
	}
	if p.acceptable(w.alice.id, otr.Fingerprint{9}) || p.acceptable(w.alice.id, last) {
		t.Error("a key that was never accepted may be written to")
	}
}

// What the user brought from another program, and the first key of all, do not
// make room for what a stranger makes up.
func TestTheUsersKeysAreNotForgottenForStrays(t *testing.T) {
	w := newWorld(t)
	w.private()
	p, id := w.alice.plugin, w.alice.id
	first := p.known[id][0]
	first.Unaccepted = true // another key was verified meanwhile, and is forgotten
	plan := &importPlan{perPeer: map[im.ConvID]int{id: 2}}
	for n := range 2 {
		p.importKey(plan, importedKey{conv: id, fingerprint: otr.Fingerprint{1, byte(n)}})
	}
	for n := range 2 * maxUnaccepted {
		w.alice.host.Advance(time.Second)
		w.showsKey(n)
	}
	for _, f := range []otr.Fingerprint{first.fingerprint, {1, 0}, {1, 1}} {
		if p.knownKey(id, f) == nil {
			t.Errorf("%v was forgotten", f)
		}
	}
	if n := len(p.known[id]); n != 3+maxUnaccepted {
		t.Errorf("%d keys are known", n)
	}
}

func TestAKeyInUseIsNotForgottenForNewerOnes(t *testing.T) {
	w := newWorld(t)
	w.private()
	w.changesKey()
	w.does(w.bob, actionStart)
	f := w.bob.plugin.accounts[w.bob.id.Account].key.Fingerprint()
	p := w.alice.plugin
	for n := range 3 * maxUnaccepted {
		w.alice.host.Advance(time.Second)
		other := otr.Fingerprint{byte(n), 1}
		p.meet(p.chat(w.alice.id), other)
	}
	if p.knownKey(w.alice.id, f) == nil {
		t.Error("the key in use was forgotten")
	}
	if n := len(p.known[w.alice.id]); n != 1+maxUnaccepted {
		t.Errorf("%d keys are known", n)
	}
}

func TestAFullDiskDoesNotUnboundTheKeys(t *testing.T) {
	w := newWorld(t)
	w.private()
	w.alice.host.Disk.Err = errOffline
	w.alice.host.Take()
	for n := range 100 {
		w.showsKey(n)
	}
	if n := len(w.alice.plugin.known[w.alice.id]); n != 1+maxUnaccepted {
		t.Errorf("%d keys are known", n)
	}
	if n := w.alice.count(plugintest.Alarm, "could not be saved"); n != 1 {
		t.Errorf("the full disk was told %d times", n)
	}
	w.alice.host.Disk.Err = nil
}

func TestManyNewKeysAreToldNowAndThen(t *testing.T) {
	w := newWorld(t)
	w.private()
	w.alice.host.Take()
	for n := range 60 {
		w.showsKey(n)
		w.alice.host.Advance(time.Second)
	}
	if n := w.alice.count(plugintest.Alarm, "never seen"); n < 2 || n > 3 {
		t.Errorf("a minute of new keys gave %d alarms", n)
	}
	if n := w.alice.count(plugintest.Notice, "has started"); n > 3 {
		t.Errorf("a minute of new keys gave %d notices", n)
	}
}

func TestANewKeyThatWasNotToldAtOnceIsToldLater(t *testing.T) {
	w := newWorld(t)
	w.private()
	w.changesKey()
	w.does(w.bob, actionStart)
	w.alice.wantSaid(plugintest.Alarm, "never seen")
	w.alice.host.Advance(time.Second)
	w.alice.host.Take()

	w.bob.host.Keyring.Data[vaultName(w.bob.id.Account)] = testKeys()[3]
	w.bob.restart()
	w.does(w.bob, actionStart)
	w.alice.wantNotSaid(plugintest.Alarm, "never seen")
	w.says(w.alice, "secret")
	if l := w.alice.last(); l.state != im.Waiting { // told or not, nothing goes to it
		t.Errorf("the line is %+v", l)
	}
	w.alice.host.Advance(complaintEvery)
	w.alice.wantSaid(plugintest.Alarm, "Bob shows a key that you have never seen")
	w.alice.host.Dialog("New key of Bob").Press(buttonKeep)
	w.alice.host.Take()
	w.alice.host.Advance(10 * complaintEvery)
	w.alice.wantNotSaid(plugintest.Alarm, "never seen")
}

func TestALossOfVerificationIsToldAtOnce(t *testing.T) {
	w := newWorld(t)
	w.verified()
	first := w.bob.host.Keyring.Data[vaultName(w.bob.id.Account)]
	w.changesKey()
	w.does(w.bob, actionStart)
	w.bob.host.Keyring.Data[vaultName(w.bob.id.Account)] = first
	w.bob.restart()
	w.does(w.bob, actionStart)
	w.wantLevel(im.Verified, im.Private)
	w.alice.host.Take()
	w.bob.host.Keyring.Data[vaultName(w.bob.id.Account)] = testKeys()[3]
	w.bob.restart()
	w.does(w.bob, actionStart)
	w.alice.wantSaid(plugintest.Alarm, "WARNING")
}
