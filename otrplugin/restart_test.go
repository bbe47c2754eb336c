package otrplugin

import (
	"strings"
	"testing"

	"culver/im"
)

func TestARestartedPeerIsNoticedAndRecovered(t *testing.T) {
	w := newWorld(t)
	w.private()
	w.bob.restart()
	w.says(w.alice, "lost?")
	w.wantNoClear("lost?")
	w.wantLevel(im.Private, im.Private)
	if l := w.bob.last(); !strings.HasSuffix(l.text, "lost?") || l.seal.Level != im.Private {
		t.Errorf("bob reads %+v", l)
	}
}
