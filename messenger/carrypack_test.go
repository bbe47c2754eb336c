package messenger

import (
	"reflect"
	"testing"
	"time"

	"culver/im"
)

// Whatever there is to know of a line is carried.
func TestAllOfALineIsCarried(t *testing.T) {
	m := im.Message{
		ID: "id", Conv: im.ConvID{Account: "x:a", Peer: "b"}, Kind: im.Alarm, Out: true, From: im.Addr{Bare: "b", Resource: "r"},
		Text: im.Text{{Text: "t", Style: im.Bold, Link: "l", Icon: im.Verified, HasIcon: true}}, Time: time.Unix(1, 2), Came: time.Unix(3, 4),
		Seal: im.Seal{Level: im.Verified, By: "p"}, State: im.Delivered, Reason: "reason", Late: true, Private: true,
		Origin: "origin", Archive: "archive", Edited: true, Nick: "nick",
	}
	for i := range reflect.TypeFor[im.Message]().NumField() {
		if reflect.ValueOf(m).Field(i).IsZero() {
			t.Errorf("%s is not looked at", reflect.TypeFor[im.Message]().Field(i).Name)
		}
	}
	all, _, _, _, ok := unpackCarried(packCarried([]carried{{conv: m.Conv, lines: []carriedLine{{msg: m}}}}, nil, im.ConvID{}, nil))
	if !ok || !reflect.DeepEqual(all[0].lines[0].msg, m) {
		t.Errorf("%+v", all)
	}
}

// A messenger that was locked knows nothing any more once it was asked what to carry: not
// even the rooms that the user was in, and their passwords.
func TestALockedMessengerForgetsAll(t *testing.T) {
	m := New(Config{Version: "1"})
	m.locked, m.rescue = true, true
	m.room(im.ConvID{Account: "x:a", Peer: "r"}).mark.Password = "salt"
	m.Carry()
	if !reflect.ValueOf(m.model).IsZero() || !reflect.ValueOf(m.cfg).IsZero() {
		t.Errorf("it knows %+v", m.model)
	}
	if !m.Rescue() || m.Carry() != nil || m.Unsent() {
		t.Error("it does not know why it ended")
	}
}
