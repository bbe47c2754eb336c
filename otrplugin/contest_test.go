package otrplugin

import (
	"fmt"
	"strings"
	"testing"

	"culver/im"
	"culver/otrplugin/otr"
	"culver/plugin"
)

// ordinary is what comes in if the user does not say otherwise.
func (e *end) ordinary(p plugin.Parcel) string {
	e.t.Helper()
	return strings.Join(e.brings(p, plugin.Wanted{Accounts: []im.AccountID{e.id.Account, ""}}), " ")
}

func TestSettingsThatProtectLessComeInOnlyIfTheUserSaysSo(t *testing.T) {
	strict := settings{Enabled: true, Automatic: true, Require: true}
	for name, c := range map[string]struct {
		comes settings
		label string
	}{
		"off":       {settings{}, "would let messages leave unencrypted"},
		"by hand":   {settings{Enabled: true, Require: true}, "would let messages leave unencrypted"},
		"optional":  {settings{Enabled: true, Automatic: true}, "would let messages leave unencrypted"},
		"ask":       {settings{Enabled: true, Automatic: true, Require: true, Keep: keepAsk}, "would let private conversations be kept"},
		"both":      {settings{Keep: keepAlways}, "would let messages leave unencrypted and private conversations be kept"},
		"as strict": {strict, ""},
	} {
		t.Run(name, func(t *testing.T) {
			from := newEnd(t, aliceAddr, bobAddr, nil)
			if err := from.plugin.changeBuddySettings(from.id, &c.comes); err != nil {
				t.Fatal(err)
			}
			if err := from.plugin.changeSettings(c.comes); err != nil {
				t.Fatal(err)
			}
			e := newEnd(t, aliceAddr, bobAddr, nil)
			if err := e.plugin.changeSettings(strict); err != nil {
				t.Fatal(err)
			}
			p := e.unpacks("", from.packs())
			weakening := 0
			for _, x := range p.Contents() {
				if x.Weakens {
					weakening++
				}
				if x.Weakens != (c.label != "") || !strings.HasSuffix(x.Label, c.label) {
					t.Errorf("there is %+v", x)
				}
			}
			told := e.ordinary(p)
			if !e.plugin.Required(e.id) || !e.plugin.Unlogged(e.id) || e.plugin.settings != strict {
				t.Errorf("in force is %+v", e.plugin.settingsOf(e.id))
			}
			if weakening == 0 {
				return
			}
			if !strings.Contains(told, "keeps the stricter settings") {
				t.Errorf("told: %s", told)
			}
			e.brings(e.unpacks("", from.packs()), plugin.Wanted{Weaker: []im.AccountID{e.id.Account, ""}})
			if e.plugin.settings != c.comes || e.plugin.own[e.id] == nil || e.plugin.own[e.id].settings != c.comes {
				t.Errorf("in force is %+v", e.plugin.settingsOf(e.id))
			}
		})
	}
}

// What a backup, or another program, says of a key is no reason to doubt the one
// that is in use.
func TestAVerifiedKeyBesideAnotherIsAQuestion(t *testing.T) {
	for name, unpack := range map[string]func(e *end) plugin.Parcel{
		"backup": func(e *end) plugin.Parcel {
			from := newEnd(t, aliceAddr, bobAddr, nil)
			from.other(7, func(k *knownKey) { k.Trust, k.Proof = trustSMP, proofSecret })
			return e.unpacks("", from.packs())
		},
		"pidgin": func(e *end) plugin.Parcel {
			line := fmt.Sprintf("%s\t%s/\tprpl-jabber\t%s\tsmp\n", bobAddr, aliceAddr, otr.Fingerprint{7}.Hex())
			return e.unpacks("pidgin", []plugin.File{{Name: "otr.fingerprints", Data: []byte(line)}})
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.private()
			e, theirs, other := w.alice, w.bob.key().Fingerprint(), otr.Fingerprint{7}
			p := unpack(e)
			if got := contentsOf(p); !strings.Contains(got, "in question") || !strings.Contains(got, theirs.String()) || !strings.Contains(got, other.String()) {
				t.Errorf("the preview is %q", got)
			}
			for range 2 { // the second time changes nothing
				told := e.ordinary(unpack(e))
				w.run()
				if !e.plugin.acceptable(e.id, theirs) || e.plugin.acceptable(e.id, other) || e.plugin.trusted(e.id, other) || e.asking() {
					t.Errorf("a key was exchanged; told: %s", told)
				}
			}
			w.says(e, "still private")
			if l := w.bob.last(); l.text != "still private" {
				t.Errorf("bob reads %+v", l)
			}
			e.bringsIn(unpack(e), true)
			w.run()
			if !e.plugin.trusted(e.id, other) || e.plugin.acceptable(e.id, theirs) {
				t.Error("the user chose the one that comes in")
			}
		})
	}
}

func TestManyKeysInQuestionAreToldTogether(t *testing.T) {
	e, from := newEnd(t, aliceAddr, bobAddr, nil), newEnd(t, aliceAddr, bobAddr, nil)
	e.other(1, nil)
	for n := range byte(5) {
		from.other(n+2, func(k *knownKey) { k.Trust = trustSMP })
	}
	all := e.unpacks("", from.packs()).Contents()
	if text := all[0].Clash; strings.Count(text, "is known here") != maxContests || !strings.Contains(text, "for 2 more") {
		t.Errorf("the clash is %q", text)
	}
}
