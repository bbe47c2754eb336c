package messenger_test

import (
	"fmt"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"culver/im"
	"culver/messenger"
	"culver/messenger/scenetest"
	"culver/plugin"
	"culver/protocol"
	"culver/storage"
)

// slowDisk needs a while for each line: many seconds for all of them.
type slowDisk struct {
	*storage.Memory
	slow atomic.Bool
}

func (d *slowDisk) wait() {
	if d.slow.Load() {
		<-time.After(30 * time.Millisecond)
	}
}

func (d *slowDisk) Append(m im.Message) error {
	d.wait()
	return d.Memory.Append(m)
}

func (d *slowDisk) Update(all ...im.Message) error {
	d.wait()
	return d.Memory.Update(all...)
}

func (d *slowDisk) Remove(c im.ConvID, id string) error {
	d.wait()
	return d.Memory.Remove(c, id)
}

// Hundreds of lines waited, and leave when the connection is there: in order, also with
// those that are typed meanwhile, and nobody waits for that.
func TestManyWaitingLinesKeepNobodyWaiting(t *testing.T) {
	disk := &slowDisk{Memory: storage.NewMemory()}
	part := scenetest.Part{Plugins: noPlugins, Store: scenetest.StoreOf(disk, func(id string) plugin.Store { return disk.Space(id) })}
	alone(t, part, func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
		s := net.online()
		a.UntilOnline()
		s.ended <- &protocol.Failure{Cause: protocol.Lost, Text: "The connection was lost."}
		synctest.Wait()
		var want []string
		say := func(text string) {
			want = append(want, text)
			a.M.Send(bob, text, im.Open)
		}
		for i := range 300 {
			say(fmt.Sprint("line ", i))
		}
		a.ExpectState(bob, im.Waiting)
		disk.slow.Store(true)
		a.M.Reconnect(a.Self)
		s = net.online()
		began := time.Now()
		for i := range 5 {
			scenetest.Answered[messenger.PastsListed](a, a.M.Pasts())
			say(fmt.Sprint("typed meanwhile ", i))
		}
		if took := time.Since(began); took > 3*time.Second {
			t.Errorf("five questions took %v", took)
		}
		a.ExpectState(bob, im.Done)
		if got := s.bodies(); !slices.Equal(got, want) {
			t.Errorf("sent %q", got)
		}
	})
}

// Hundreds of lines are under way when the connection breaks: nobody waits until all have
// failed.
func TestManyLinesThatFailKeepNobodyWaiting(t *testing.T) {
	disk := &slowDisk{Memory: storage.NewMemory()}
	part := scenetest.Part{Plugins: noPlugins, Store: scenetest.StoreOf(disk, func(id string) plugin.Store { return disk.Space(id) })}
	alone(t, part, func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
		s := net.online()
		a.UntilOnline()
		net.silent = true
		const many = 300
		for i := range many {
			a.M.Send(bob, fmt.Sprint("line ", i), im.Open)
		}
		a.ExpectState(bob, im.Sending)
		synctest.Wait()
		began := time.Now()
		disk.slow.Store(true)
		s.lose()
		a.ExpectState(bob, im.Failed)
		scenetest.Answered[messenger.PastsListed](a, a.M.Pasts())
		if took := time.Since(began); took > time.Second {
			t.Errorf("it took %v", took)
		}
		disk.slow.Store(false)
		a.Quit()
		kept, err := disk.Older(bob, "", 2*many)
		failed := 0
		for _, msg := range kept {
			if msg.State == im.Failed && msg.Reason != "" {
				failed++
			}
		}
		if err != nil || failed != many {
			t.Errorf("%d of %d lines failed on the disk: %v", failed, len(kept), err)
		}
	})
}

// Hundreds of lines failed and are sent again, or taken away: nobody waits until that is
// done, and it is, also if Culver is closed meanwhile.
func TestManyLinesThatAreSentAgainKeepNobodyWaiting(t *testing.T) {
	for _, quit := range []bool{false, true} {
		disk := &slowDisk{Memory: storage.NewMemory()}
		part := scenetest.Part{Plugins: noPlugins, Store: scenetest.StoreOf(disk, func(id string) plugin.Store { return disk.Space(id) })}
		alone(t, part, func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
			s := net.online()
			a.UntilOnline()
			const many = 200
			var lines, want []string
			net.silent = true
			for i := range many {
				lines = append(lines, a.M.Send(bob, fmt.Sprint("line ", i), im.Open))
			}
			a.ExpectState(bob, im.Sending)
			synctest.Wait()
			s.lose()
			a.ExpectState(bob, im.Failed)
			net.silent = false
			a.M.Reconnect(a.Self)
			s = net.online()
			a.UntilOnline()
			disk.slow.Store(true)
			began := time.Now()
			for i, line := range lines {
				if i%10 == 0 {
					a.M.Discard(bob, line)
					continue
				}
				a.M.Retry(bob, line)
				want = append(want, fmt.Sprint("line ", i))
			}
			scenetest.Answered[messenger.PastsListed](a, a.M.Pasts())
			if took := time.Since(began); took > time.Second {
				t.Errorf("a question took %v", took)
			}
			if !quit {
				a.Until("all of it", func() bool { return len(s.bodies()) == len(want) })
				a.ExpectState(bob, im.Done)
				if got := s.bodies(); !slices.Equal(got, want) {
					t.Errorf("sent %q", got)
				}
			}
			a.Quit()
			kept, err := disk.Older(bob, "", 2*many)
			var got []string
			for _, msg := range kept {
				if got = append(got, msg.Text.String()); msg.State == im.Failed && !slices.Contains(s.bodies(), msg.Text.String()) {
					t.Errorf("%q was not sent again", msg.Text)
				}
			}
			if !slices.Equal(got, want) {
				t.Errorf("kept %q, %v", got, err)
			}
		})
	}
}
