package otrplugin

import (
	"testing"

	"culver/im"
)

func TestConversationsInTheStore(t *testing.T) {
	for _, id := range []im.ConvID{
		{Account: "xmpp:a@b", Peer: "c@d"}, {Account: "xmpp:a@b", Peer: "c/d/e@f"}, {Account: "x/y", Peer: "3/z"}, {Account: "x"}, {},
	} {
		if got, ok := parseConvKey(convKey(id)); !ok || got != id {
			t.Errorf("%+v is %+v, %v", id, got, ok)
		}
	}
	for _, s := range []string{"", "/", "1", "1/", "1/a", "2/a/b", "-1/a/b", "01/a/b", "+1/a/b", "99999999999999999999/a/b", "a/b/c"} {
		if id, ok := parseConvKey(s); ok {
			t.Errorf("%q is %+v", s, id)
		}
	}
}
