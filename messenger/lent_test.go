package messenger_test

import (
	"context"
	"testing"
	"testing/synctest"

	"culver/im"
	"culver/messenger"
	"culver/messenger/scenetest"
	"culver/plugin"
	"culver/protocol"
	"culver/storage"
)

// slowReader is a plugin that reads its files when it is let go, whatever is over then.
type slowReader struct {
	movee
	host plugin.Host
	goOn chan struct{}
	lent []plugin.File
	read string
}

func (r *slowReader) Init(h plugin.Host) error { r.host = h; return nil }
func (r *slowReader) Unpack(_ string, files []plugin.File, _ func(network, account string) (im.AccountID, bool), done func(plugin.Parcel, error)) {
	r.lent = files
	r.host.Go(func(context.Context) error {
		<-r.goOn
		r.read = string(files[0].Data)
		return nil
	}, func(err error) { done(nil, err) })
}

func TestWhatAPluginStillReadsIsNotWiped(t *testing.T) {
	for _, way := range []string{"cancel", "quit", "disable"} {
		t.Run(way, func(t *testing.T) {
			p := &slowReader{}
			secret := []byte("secret")
			newcomer(t, []plugin.Plugin{p}, func(net *fakenet, a *scenetest.Actor, _ *storage.Memory, _ *storage.MemoryVault) {
				p.goOn = make(chan struct{})
				x := house()
				x.Files = map[string][]plugin.File{"movee": {{Name: "keys", Data: secret}}}
				a.M.BringIn(x)
				a.Reads("Bring In", "Looking through it")
				synctest.Wait() // the plugin has begun to read
				switch way {
				case "cancel":
					a.Answer("Bring In", "cancel")
				case "quit":
					a.M.Quit()
				case "disable":
					a.Plugin("movee", "disable")
					a.Answer("Bring In", "cancel")
				}
				synctest.Wait()
				close(p.goOn)
				synctest.Wait()
				if way == "cancel" && string(p.lent[0].Data) != "\x00\x00\x00\x00\x00\x00" {
					t.Error("its files are not wiped once it has answered")
				}
				a.Quit()
			})
			if p.read != "secret" {
				t.Errorf("it read %q", p.read)
			}
			if string(p.lent[0].Data) != "\x00\x00\x00\x00\x00\x00" || string(secret) == "secret" {
				t.Error("not everything was wiped in the end")
			}
		})
	}
}

// slowVault writes when it is let go.
type slowVault struct {
	*storage.MemoryVault
	goOn chan struct{}
}

func (v *slowVault) Put(ctx context.Context, name string, b []byte) error {
	<-v.goOn
	return v.MemoryVault.Put(context.WithoutCancel(ctx), name, b)
}

func TestAPasswordIsNotWipedWhileItIsBeingKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store, vault := storage.NewMemory(), &slowVault{storage.NewMemoryVault(), make(chan struct{})}
		a := scenetest.Join(t, "newcomer", messenger.New(messenger.Config{Store: store, Vault: vault, NoFirstRun: true,
			Spaces: func(id string) plugin.Store { return store.Space(id) }, Networks: []protocol.Protocol{newFakenet()}}))
		a.M.BringIn(house())
		a.Answer("Bring In", "take")
		synctest.Wait()
		a.M.Quit()
		synctest.Wait()
		close(vault.goOn)
		a.Quit()
		if kept, _ := vault.Get(context.Background(), "password/fake:alice@x"); string(kept) != "hunter2" {
			t.Errorf("%q was kept", kept)
		}
	})
}
