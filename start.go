package main

import (
	"context"
	"errors"

	"fyne.io/fyne/v2"

	"culver/storage"
)

// enter opens the profile. Elsewhere means that another Culver has it open, and has
// come to the front instead.
func enter(ctx context.Context, asked string) (p *storage.Profile, elsewhere bool, err error) {
	place, err := storage.FindPlace(asked)
	if err != nil {
		return nil, false, err
	}
	p, err = place.Open()
	if !errors.Is(err, storage.ErrInUse) {
		return p, false, err
	}
	letOthersToFront()
	if place.Knock(ctx) == nil {
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
		_ = p.profile.Attend(ctx, func() {
			shown := make(chan struct{})
			fyne.Do(func() { p.front.Raise(); close(shown) })
			select {
			case <-shown:
			case <-ctx.Done():
			}
		})
	}()
	return func() { cancel(); <-ended }
}
