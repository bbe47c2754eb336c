// Command culver is a desktop messenger that makes private conversation ordinary.
//
// This package builds the pieces and hands them to each other. Its goroutine is
// the toolkit's.
package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"fyne.io/fyne/v2"

	"culver/consoleplugin"
	"culver/foreign"
	"culver/gui"
	"culver/handbook"
	"culver/internal/arguments"
	"culver/internal/netwatch"
	"culver/lang"
	"culver/messenger"
	"culver/notifyplugin"
	"culver/otrplugin"
	"culver/plugin"
	"culver/protocol"
	"culver/protocol/practice"
	"culver/protocol/xmpp"
	"culver/replaceplugin"
	"culver/stateplugin"
	"culver/storage"
	"culver/tutor"
	"culver/unlock"
)

// version is set by the linker for releases.
var version = "0.1.0"

func main() {
	limitDumps()
	settleEnvironment()
	speak(nil)
	asked := readArguments(os.Args[1:])
	if !hasDisplay() {
		fmt.Fprintln(os.Stderr, "culver: there is no display to open a window on: DISPLAY and WAYLAND_DISPLAY are not set.")
		os.Exit(1)
	}
	if err := run(asked); err != nil {
		fmt.Fprintln(os.Stderr, "culver:", err)
		os.Exit(1)
	}
}

func run(asked arguments.Arguments) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	profile, elsewhere, err := enter(ctx, asked)
	if elsewhere {
		return nil
	}
	language := speak(profile)
	window := openToolkit(profile)
	p := &program{ctx: ctx, window: window, profile: profile, language: language, login: loginOf(asked)}
	if asked.Link != "" {
		p.links = []string{asked.Link}
	}
	front := gui.New(window, p.do)
	if asked.Minimized {
		front.StartMinimized()
	}
	front.SetScreen(screenSize)
	front.SetPlaces(placeOf, screenRooms)
	p.front = front
	p.system = openSystem(front, window, profile, p.do)
	if socket := os.Getenv("CULVER_INSPECT"); socket != "" {
		if err := front.ServeInspect(socket); err != nil {
			return err
		}
	}
	if err != nil {
		p.refuse(err)
	} else {
		p.attended = p.attend()
		p.opening = unlock.Open(p.ctx, p.profile, p.front.Ask, p.do, p.unlocked)
	}
	defer context.AfterFunc(ctx, p.interrupted)()
	dozing, rise := context.WithCancel(ctx)
	go p.doze.run(dozing)
	window.Run()
	rise()
	p.over.Store(true)
	return p.close()
}

// program is what has been built so far.
type program struct {
	ctx      context.Context
	window   fyne.App
	front    *gui.GUI
	system   *system
	profile  *storage.Profile
	language string          // that Culver speaks
	opening  *unlock.Opening // the last one; nil: none began
	running
	doze     doze
	over     atomic.Bool    // the toolkit's loop ends
	closing  sync.WaitGroup // what is being locked
	attended func()         // ends what attend began
	aside    *storage.Aside // what was carried over, while it is locked
	vault    *storage.Vault // that of a database that is to be rescued, until it is handed over
	sweeps   []*time.Timer  // of the memory, meanwhile
	links    []string       // to be followed when there is a messenger
	login    messenger.Login
}

// unlocked goes on with the profile, nil if the user gave up.
func (p *program) unlocked(o *unlock.Opened) {
	if o == nil {
		p.quit()
		return
	}
	denyDumps()
	p.stopSweeps()
	p.opened = o
	p.start()
}

// refuse says why there is nothing to show.
func (p *program) refuse(err error) {
	p.front.Ask(plugin.Page("Culver", err.Error(), nil, plugin.Button{ID: "quit", Label: lang.T("Quit"), Role: plugin.Default}),
		func(plugin.Answers) { p.quit() })
}

// toolkitEnds is how long the toolkit may take to end its loop when the system says so.
const toolkitEnds = 2 * time.Second

// interrupted sees to it that the toolkit's loop ends when the system says so. The toolkit
// is told as well, if it runs already, and to end it a second time would panic. So is the
// messenger: close waits until it has signed off.
func (p *program) interrupted() {
	time.AfterFunc(toolkitEnds, func() {
		if !p.over.Load() {
			fyne.Do(p.quit)
			p.doze.stir()
		}
	})
}

// quit ends the toolkit's loop.
func (p *program) quit() {
	p.over.Store(true)
	p.window.Quit()
}

// do runs f on the toolkit's goroutine, unless its loop is about to end. The toolkit ends
// it by itself when the system says so, and runs what comes after that anywhere, with no
// window left: closing one would panic, before what is open is closed.
func (p *program) do(f func()) {
	fyne.Do(func() {
		if !p.over.Load() && p.ctx.Err() == nil {
			f()
		}
	})
	p.doze.stir()
}

// settled is how long after its start a messenger has no more use for what it took to start:
// half of the memory by then.
const settled = 10 * time.Second

// settingProgress is how far the user has come with the practice buddy.
const settingProgress = "tutor.progress"

// start runs the messenger, and the practice buddy at the other end of its network.
func (p *program) start() {
	hub := practice.NewHub()
	hub.Befriend(tutor.Student, tutor.Address, tutor.Name)
	db, vault := p.opened.DB, p.opened.Vault
	carried := p.takeUp()
	p.core = messenger.New(messenger.Config{
		Store: db, Vault: vault, Safe: vault,
		Spaces: func(id string) plugin.Store { return db.Space(id) },
		Networks: []protocol.Protocol{
			hub.Try(tutor.Student, tutor.Address, tutor.Invitation()),
			xmpp.Network{},
		},
		Plugins: []plugin.Plugin{
			otrplugin.New(rand.Reader),
			notifyplugin.New(),
			stateplugin.New(),
			consoleplugin.New(),
			replaceplugin.New(),
		},
		Guide:   handbook.Handbook{},
		Version: version, Language: p.language, Tongue: p.profile,
		Carried: bytes.Clone(carried), Foreign: foreign.Here(), Login: p.login,
		Damaged: func(err error) bool { return errors.Is(err, storage.ErrDatabaseDamaged) },
	})
	if err := p.core.Load(); err != nil {
		p.core = nil
		p.unloaded(err, carried)
		return
	}
	progress, _, _ := db.Setting(settingProgress) // to be told something once more does no harm
	clear(carried)
	p.login = messenger.Login{} // the user's wish was for the start
	ctx, leave := context.WithCancel(p.ctx)
	p.leave, p.ended, p.taught = leave, make(chan error, 1), make(chan struct{})
	core, ended, taught := p.core, p.ended, p.taught // p has others as soon as it was locked
	go func() {
		around, stop := context.WithCancel(ctx)
		var watching sync.WaitGroup
		watching.Go(func() { netwatch.Watch(around, core.NetworkChanged) })
		err := core.Run(ctx)
		stop()
		watching.Wait()
		ended <- err
	}()
	go func() {
		defer close(taught)
		tutor.New(tutor.Config{
			Build: func(again bool) *messenger.Messenger {
				if again {
					return practiceBuddy(hub, storage.NewMemoryVault())
				}
				return practiceBuddy(hub, vault) // the key of every day, which the user may have verified
			},
			Begin: tutor.Progress(progress),
			Keep:  func(to tutor.Progress) { core.SetSetting(settingProgress, string(to)) },
		}).Run(ctx)
	}()
	p.front.Attach(p.core, p.locked)
	p.followLinks()
	p.sweeps = append(p.sweeps, time.AfterFunc(settled, debug.FreeOSMemory))
}

// practiceBuddy is a messenger for the tutor, that keeps nothing but its key.
func practiceBuddy(hub *practice.Hub, vault plugin.Vault) *messenger.Messenger {
	end := hub.End(tutor.Address)
	store := storage.NewMemory()
	if a, err := end.Account(nil); err == nil {
		store.SaveAccount(a)
	}
	return messenger.New(messenger.Config{
		Store: store, Vault: vault,
		Spaces:   func(id string) plugin.Store { return store.Space(id) },
		Networks: []protocol.Protocol{end},
		Plugins:  []plugin.Plugin{otrplugin.New(rand.Reader)},
		Version:  version, NoFirstRun: true,
	})
}

// close ends everything.
func (p *program) close() error {
	p.closing.Wait()
	p.system.close()
	if p.vault != nil {
		p.vault.Close()
	}
	if p.opening != nil {
		p.opening.End()
	}
	err := p.running.close()
	if p.profile != nil {
		p.attended()
		p.profile.Close()
	}
	return err
}
