package messenger_test

import (
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"culver/im"
	"culver/messenger/scenetest"
	"culver/plugin"
	"culver/storage"
)

// sweptDisk counts how often it is swept.
type sweptDisk struct {
	*storage.Memory
	sweeps atomic.Int64
}

func (d *sweptDisk) Sweep() (bool, error) { d.sweeps.Add(1); return d.Memory.Sweep() }

// A draft that is taken off the disk is swept in a while, once for many: not while
// somebody types and sends line after line.
func TestDraftsAreSwept(t *testing.T) {
	d := &sweptDisk{Memory: storage.NewMemory()}
	part := scenetest.Part{Plugins: noPlugins, Store: scenetest.StoreOf(d, func(id string) plugin.Store { return d.Space(id) })}
	alone(t, part, func(_ *fakenet, a *scenetest.Actor, bob im.ConvID) {
		opens(a, bob)
		synctest.Wait()
		before := d.sweeps.Load()
		for range 10 {
			a.M.SetDraft(bob, "half a line", im.Open)
			<-time.After(time.Second)
			a.M.SetDraft(bob, "", im.Open)
			synctest.Wait()
		}
		if d.sweeps.Load() != before {
			t.Errorf("%d sweeps while somebody types", d.sweeps.Load()-before)
		}
		<-time.After(time.Minute)
		synctest.Wait()
		if d.sweeps.Load() != before+1 {
			t.Errorf("%d sweeps a minute later", d.sweeps.Load()-before)
		}
	})
}
