package messenger_test

import (
	"context"
	"testing"
	"testing/synctest"

	"culver/messenger"
	"culver/plugin"
	"culver/protocol"
	"culver/protocol/practice"
	"culver/storage"
)

// maybe is a safe that has a passphrase or not.
type maybe struct{ passphrase *bool }

func (m maybe) UsesPassphrase() bool                                 { return *m.passphrase }
func (maybe) MayUseKeyring() bool                                    { return true }
func (maybe) ChangePassphrase(context.Context, []byte, []byte) error { return nil }
func (maybe) UsePassphrase(context.Context, []byte) error            { return nil }
func (maybe) UseKeyring(context.Context, []byte) error               { return nil }

// lockable is a messenger of its own, which can be locked while *can.
func lockable(can *bool) *messenger.Messenger {
	store := storage.NewMemory()
	return messenger.New(messenger.Config{
		Store: store, Vault: storage.NewMemoryVault(), Spaces: func(id string) plugin.Store { return store.Space(id) },
		Networks: []protocol.Protocol{practice.NewHub().End("alice")}, NoFirstRun: true,
		Safe: maybe{can},
	})
}

func TestLock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		can := false
		m := lockable(&can)
		events := m.Subscribe()
		ended := make(chan error, 1)
		go func() { ended <- m.Run(context.Background()) }()
		m.Lock() // there is nothing to unlock with
		synctest.Wait()
		if s, ok := events.TryTake()[0].(messenger.Snapshot); !ok || s.CanLock {
			t.Fatalf("%+v", s)
		}
		can = true
		m.SetSetting("theme", "dark") // any step
		synctest.Wait()
		if got := events.TryTake(); len(got) != 2 || got[1] != (messenger.CanLockChanged{On: true}) {
			t.Fatalf("%+v", got)
		}
		m.Lock()
		m.Lock()
		m.Quit()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		got := events.TryTake()
		if len(got) != 2 || got[0] != (messenger.Locking{}) || got[1] != (messenger.Stopped{Locked: true}) {
			t.Errorf("%+v", got)
		}
	})
}

func TestLockWhileQuitting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		can := true
		m := lockable(&can)
		events := m.Subscribe()
		m.Quit()
		m.Lock()
		if err := m.Run(context.Background()); err != nil {
			t.Error(err)
		}
		got := events.TryTake()
		if last := got[len(got)-1]; last != (messenger.Stopped{}) {
			t.Errorf("%+v", last)
		}
	})
}

// worker is a plugin that works on until it is told to stop.
type worker struct{ stopped bool }

func (w *worker) Info() plugin.Info { return plugin.Info{ID: "worker", Name: "Worker"} }
func (w *worker) Close() error      { return nil }

func (w *worker) Init(h plugin.Host) error {
	h.Go(func(ctx context.Context) error {
		<-ctx.Done()
		w.stopped = true
		return ctx.Err()
	}, func(error) {})
	return nil
}

// What goes on beside, an import or a backup for instance, is told to stop, and
// waited for: when Run is over nobody uses the store and the vault any more.
func TestLockStopsWorkAndWaitsForIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store, yes, w := storage.NewMemory(), true, &worker{}
		m := messenger.New(messenger.Config{
			Store: store, Vault: storage.NewMemoryVault(), Spaces: func(id string) plugin.Store { return store.Space(id) },
			Plugins: []plugin.Plugin{w}, Safe: maybe{&yes}, NoFirstRun: true,
		})
		ended := make(chan error, 1)
		go func() { ended <- m.Run(context.Background()) }()
		synctest.Wait()
		m.Lock()
		if err := <-ended; err != nil || !w.stopped {
			t.Errorf("%v, stopped: %v", err, w.stopped)
		}
	})
}
