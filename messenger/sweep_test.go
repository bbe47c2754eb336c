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

// The store tidies up after lines that were kept, in a while, and not while they are.
func TestLinesAreTidiedUpAfter(t *testing.T) {
	d := &sweptDisk{Memory: storage.NewMemory()}
	part := scenetest.Part{Plugins: noPlugins, Store: scenetest.StoreOf(d, func(id string) plugin.Store { return d.Space(id) })}
	alone(t, part, func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
		net.online()
		a.UntilOnline()
		opens(a, bob)
		<-time.After(time.Minute)
		synctest.Wait()
		before := d.sweeps.Load()
		for range 10 {
			a.M.Send(bob, "a line", im.Open)
			<-time.After(time.Second)
		}
		synctest.Wait()
		if n := d.sweeps.Load() - before; n != 0 {
			t.Errorf("%d sweeps while lines are written", n)
		}
		<-time.After(time.Minute)
		synctest.Wait()
		if n := d.sweeps.Load() - before; n != 1 {
			t.Errorf("%d sweeps a minute later", n)
		}
	})
}
