package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"fyne.io/fyne/v2"

	"culver/internal/arguments"
	"culver/lang"
	"culver/messenger"
	"culver/protocol/xmpp"
	"culver/storage"
)

// readArguments reads what the program was started with. It ends it where there is nothing
// more to do: with 2 if that cannot be understood.
func readArguments(args []string) arguments.Arguments {
	a, err := arguments.Parse(args)
	if err == nil && a.Link != "" {
		_, err = xmpp.Network{}.Link(a.Link)
	}
	switch {
	case err != nil:
		fmt.Fprintf(os.Stderr, "culver: %v\n%s\n", err, lang.T("What there is to say: culver --help"))
		os.Exit(2)
	case a.Help:
		fmt.Print(arguments.Help())
		os.Exit(0)
	case a.Version:
		fmt.Println("culver", version)
		os.Exit(0)
	}
	return a
}

// loginOf is who is to sign in at the start.
func loginOf(a arguments.Arguments) messenger.Login {
	return messenger.Login{Wanted: a.Login, Refused: a.NoLogin, Accounts: a.Accounts}
}

// enter opens the profile. Elsewhere means that another Culver has it open, and has
// come to the front instead, or follows the link.
func enter(ctx context.Context, asked arguments.Arguments) (p *storage.Profile, elsewhere bool, err error) {
	place, err := storage.FindPlace(asked.Profile)
	if err != nil {
		return nil, false, err
	}
	p, err = place.Open()
	if !errors.Is(err, storage.ErrInUse) {
		return p, false, err
	}
	letOthersToFront()
	if place.Knock(ctx, asked.Link) == nil {
		if asked.Login || asked.NoLogin || asked.Minimized {
			fmt.Fprintln(os.Stderr, "culver:", lang.T("Culver runs already: what was said of signing in and of windows counts for nothing."))
		}
		return nil, true, nil
	}
	p, err = place.Open() // it may have been about to end
	return p, false, err
}

// attend brings the program to the front when it is started again with the same
// profile, until stop is called. Where that cannot be, who starts it again is told.
func (p *program) attend() (stop func()) {
	ctx, cancel := context.WithCancel(p.ctx)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = p.profile.Attend(ctx, func(links []string) {
			shown := make(chan struct{})
			fyne.Do(func() { p.knocked(links); close(shown) })
			p.doze.stir()
			select {
			case <-shown:
			case <-ctx.Done():
			}
		})
	}()
	return func() { cancel(); <-ended }
}

// mostLinks is how many links may wait for a messenger.
const mostLinks = 16

// knocked is told that the program was started again, with links perhaps. While it is
// locked, they wait for the messenger after that, and the question for the passphrase
// comes to the front.
func (p *program) knocked(links []string) {
	if p.core == nil || len(links) == 0 {
		p.front.Raise()
	}
	p.links = append(p.links, links[:min(len(links), mostLinks-min(len(p.links), mostLinks))]...)
	p.followLinks()
}

// followLinks hands the links that wait to the messenger, if there is one.
func (p *program) followLinks() {
	if p.core == nil {
		return
	}
	for _, link := range p.links {
		p.core.FollowLink("", link)
	}
	p.links = nil
}
