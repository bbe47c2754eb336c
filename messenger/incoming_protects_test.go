package messenger_test

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"culver/im"
	"culver/messenger"
	"culver/messenger/scenetest"
	"culver/plugin"
	"culver/protocol"
	"culver/storage"
)

// A deletion that was under way where the backup was made is not carried out here.
func TestADeletionDoesNotMoveHouse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		net, store := newFakenet(), storage.NewMemory()
		cfg := messenger.Config{Store: store, Vault: storage.NewMemoryVault(), NoFirstRun: true,
			Spaces: func(id string) plugin.Store { return store.Space(id) }, Networks: []protocol.Protocol{net}}
		a := scenetest.Join(t, "newcomer", messenger.New(cfg))
		x := house()
		x.Settings = map[string]string{"history.erasing": `[{"Range":{}}]`}
		a.M.BringIn(x)
		if got := arrivals(a); slices.ContainsFunc(got, func(s string) bool { return strings.Contains(s, "Settings") }) {
			t.Errorf("the preview is\n%s", strings.Join(got, "\n"))
		}
		a.Answer("Bring In", "take")
		a.Reads("Bring In", "500 lines of your")
		a.Quit()
		if v, ok, _ := store.Setting("history.erasing"); ok {
			t.Errorf("it is to erase %q", v)
		}
		b := scenetest.Join(t, "newcomer", messenger.New(cfg))
		defer b.Quit()
		synctest.Wait()
		if lines, _ := store.Older(bobAtX, "", 1000); len(lines) != 500 {
			t.Errorf("after a restart, there are %d lines", len(lines))
		}
	})
}

func TestOnlySettingsThatMoveComeIn(t *testing.T) {
	good := map[string]string{"theme": "dark", "buddylist.offline": "", "buddylist.empty": "on", "buddylist.collapsed": "A\nB",
		"lock.idle": "15", "lock.suspend": "on", "history.keep": "", "people.listed": "on", "plugin.movee": "on"}
	for key, value := range map[string]string{"theme": "pink", "buddylist.offline": "yes", "buddylist.empty": "\x00", "buddylist.collapsed": "\xff",
		"lock.idle": "7", "lock.suspend": "off", "history.keep": "1", "plugin.movee": "maybe", "presence": "3", "status": "x", "history.erasing": "[]",
		"plugin.movee.removed": "x", "plugin.none": "off", "": "x", "later": "x"} {
		newcomer(t, []plugin.Plugin{&movee{}}, func(_ *fakenet, a *scenetest.Actor, store *storage.Memory, _ *storage.MemoryVault) {
			before, _, _ := store.Setting(key)
			x := house()
			x.Settings = map[string]string{}
			for k, v := range good {
				x.Settings[k] = v
			}
			x.Settings[key] = value
			a.M.BringIn(x)
			a.Reads("Bring In", "1 setting is left out")
			a.Answer("Bring In", "take")
			a.Reads("Bring In", "The settings of Culver")
			all, _ := store.Settings()
			if all[key] != before {
				t.Errorf("%q is %q", key, all[key])
			}
			for k, v := range good {
				if k != key && k != "plugin.movee" && all[k] != v {
					t.Errorf("beside %q: %q is %q", key, k, all[k])
				}
			}
		})
	}
}

func TestSettingsThatProtectHereStay(t *testing.T) {
	for name, c := range map[string]struct{ here, comes, want [4]string }{ // history.keep, lock.idle, lock.suspend, people.listed
		"weaker":   {[4]string{"", "5", "on", "on"}, [4]string{"on", "", "", ""}, [4]string{"", "5", "on", "on"}},
		"later":    {[4]string{"", "5", "on", ""}, [4]string{"", "60", "on", ""}, [4]string{"", "5", "on", ""}},
		"stricter": {[4]string{"on", "", "", ""}, [4]string{"", "5", "on", "on"}, [4]string{"", "5", "on", "on"}},
		"sooner":   {[4]string{"on", "15", "", ""}, [4]string{"on", "5", "", ""}, [4]string{"on", "5", "", ""}},
	} {
		t.Run(name, func(t *testing.T) {
			store := storage.NewMemory()
			alone(t, scenetest.Part{Plugins: noPlugins, Store: scenetest.StoreOf(store, func(id string) plugin.Store { return store.Space(id) })}, func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
				net.online()
				a.UntilOnline()
				x := house()
				x.Settings = map[string]string{"theme": "dark"}
				keys := [4]string{"history.keep", "lock.idle", "lock.suspend", "people.listed"}
				for i, key := range keys {
					a.M.SetSetting(key, c.here[i])
					x.Settings[key] = c.comes[i]
				}
				a.M.BringIn(x)
				tick(a, "Settings of Culver")
				a.Answer("Bring In", "take")
				a.Reads("Bring In", "The settings of Culver")
				for i, key := range keys {
					if got, _, _ := store.Setting(key); got != c.want[i] {
						t.Errorf("%s is %q, want %q", key, got, c.want[i])
					}
				}
			})
		})
	}
}

// tick chooses the rows that have this text, to be brought in.
func tick(a *scenetest.Actor, text string) {
	f := a.Form("Bring In", "take")
	for _, r := range f.Form.Tabs[0].Fields[0].Rows {
		if strings.Contains(strings.Join(r.Cells, "|"), text) {
			a.M.Answer(f.ID, plugin.Answers{Action: "in", Rows: []string{r.ID}})
		}
	}
}

// unlogger is a plugin that wants nothing kept of what was private.
type unlogger struct{ movee }

func (*unlogger) Unlogged(im.ConvID) bool { return true }
func (*unlogger) Required(im.ConvID) bool { return false }

func unlogging() []plugin.Plugin { return []plugin.Plugin{&unlogger{}} }

func TestWhatIsNotKeptHereComesInOnlyIfTheUserSaysSo(t *testing.T) {
	sealed := past(bobAtX, 10)
	for i := range 3 {
		sealed[i].Private, sealed[i].Seal = true, im.Seal{Level: im.Verified, By: "otr"}
	}
	for name, c := range map[string]struct {
		plugins func() []plugin.Plugin
		logging bool
		from    string
		want    []string // rows of the history
		lines   int      // that come in
		ticked  int      // if all is chosen
	}{
		"private ones":       {unlogging, true, "", []string{"Yes|History with bob@x|alice@x|7 lines", "No|Private lines with bob@x|alice@x|3 lines, which you do not keep here"}, 7, 10},
		"those in clear":     {noPlugins, false, "", []string{"No|History with bob@x|alice@x|7 lines, which you do not keep here", "Yes|Private lines with bob@x|alice@x|3 lines"}, 3, 10},
		"none of them":       {unlogging, false, "", []string{"No|History with bob@x|alice@x|10 lines, which you do not keep here"}, 0, 10},
		"all of them":        {noPlugins, true, "", []string{"Yes|History with bob@x|alice@x|10 lines"}, 10, 10},
		"of another program": {noPlugins, true, "pidgin", []string{"Yes|History with bob@x|alice@x|10 lines"}, 10, 10},
	} {
		for _, all := range []bool{false, true} {
			t.Run(name, func(t *testing.T) {
				store := storage.NewMemory()
				alone(t, scenetest.Part{Plugins: c.plugins, Store: scenetest.StoreOf(store, func(id string) plugin.Store { return store.Space(id) })}, func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
					net.online()
					a.UntilOnline()
					if !c.logging {
						a.M.SetLogging(bobAtX, false)
					}
					x := house()
					x.From, x.Pasts, x.Lines = c.from, []im.Past{{Conv: bobAtX, Lines: 10}}, linesOf(sealed)
					if c.from == "" {
						x.Private = map[im.ConvID]int{bobAtX: 3}
					}
					x.Logging = map[im.ConvID]bool{bobAtX: true}
					a.M.BringIn(x)
					var rows []string
					for _, s := range arrivals(a) {
						if strings.Contains(s, "with bob@x") {
							rows = append(rows, s)
						}
					}
					if !slices.Equal(rows, c.want) {
						t.Errorf("the preview is\n%s", strings.Join(rows, "\n"))
					}
					want := c.lines
					if all {
						tick(a, "with bob@x")
						want = c.ticked
					}
					a.Answer("Bring In", "take")
					a.Form("Bring In", "close")
					lines, _ := store.Older(bobAtX, "", 100)
					if len(lines) != want {
						t.Errorf("%d lines came in, want %d", len(lines), want)
					}
					for _, l := range lines {
						if private := l.Private || l.Seal.Level != im.Open; private && c.from != "" || !all && (private && strings.Contains(strings.Join(c.want, " "), "No|Private") || !private && !c.logging) {
							t.Errorf("%+v came in", l)
						}
					}
					if chosen, _ := store.Logging(); !c.logging && chosen[bobAtX] {
						t.Error("more is kept than was chosen")
					}
				})
			})
		}
	}
}

func TestWhatBackupsSayOfKeepingMakesItOnlyLess(t *testing.T) {
	store := storage.NewMemory()
	alone(t, scenetest.Part{Plugins: noPlugins, Store: scenetest.StoreOf(store, func(id string) plugin.Store { return store.Space(id) })}, func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
		net.online()
		a.UntilOnline()
		a.M.SetSetting("history.keep", "")
		x := house()
		eve := im.ConvID{Account: bobAtX.Account, Peer: "eve@x"}
		x.Logging = map[im.ConvID]bool{bobAtX: true, eve: false}
		a.M.BringIn(x)
		a.Reads("Bring In", "to be kept of 1 conversation is left out")
		a.Answer("Bring In", "take")
		a.Form("Bring In", "close")
		chosen, _ := store.Logging()
		if _, there := chosen[bobAtX]; there || len(chosen) != 1 || chosen[eve] {
			t.Errorf("chosen is %v", chosen)
		}
	})
}

func TestWhatWeakensIsARowOfItsOwn(t *testing.T) {
	for _, ticked := range []bool{false, true} {
		got := &parcel{contents: []plugin.Content{{Account: "fake:alice@x", Label: "3 fingerprints"},
			{Account: "fake:alice@x", Label: "settings of one buddy that would let things out", Weakens: true}}}
		p := &movee{unpack: func(_ string, _ []plugin.File, done func(plugin.Parcel, error)) { done(got, nil) }}
		alone(t, scenetest.Part{Plugins: func() []plugin.Plugin { return []plugin.Plugin{p} }}, func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
			net.online()
			a.UntilOnline()
			x := house()
			x.Files = map[string][]plugin.File{"movee": {{Name: "x", Data: []byte("x")}}}
			a.M.BringIn(x)
			if rows := arrivals(a); !slices.Contains(rows, "Yes|Moving Things|alice@x|3 fingerprints") ||
				!slices.Contains(rows, "No|Moving Things|alice@x|Settings of one buddy that would let things out") {
				t.Errorf("the preview is\n%s", strings.Join(rows, "\n"))
			}
			if ticked {
				tick(a, "would let")
			}
			a.Answer("Bring In", "take")
			a.Form("Bring In", "close")
			if len(got.took) != 1 || ticked != (len(got.weaker) == 1) {
				t.Errorf("took %q, and what weakens %q", got.took, got.weaker)
			}
		})
	}
}
