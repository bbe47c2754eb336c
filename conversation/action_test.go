package conversation

import (
	"reflect"
	"testing"

	"culver/im"
)

func TestAction(t *testing.T) {
	for said, does := range map[string]string{
		"/me waves": "waves", "/me ": "", "/me": "", "/me  \n ": "", "/meow": "", " /me waves": "", "": "",
		"x\n/me waves": "", "/ME waves": "", "/me's": "", "/me waves\nand goes": "waves\nand goes",
	} {
		got, ok := Action(im.Plain(said))
		if want := im.Plain(does); ok != (does != "") || ok && !reflect.DeepEqual(got, want) || !ok && !reflect.DeepEqual(got, im.Plain(said)) {
			t.Errorf("%q: %+v, %v", said, got, ok)
		}
	}
	link := im.Text{{Text: "/me "}, {Text: "https://x.example/", Link: "https://x.example/"}}
	if got, ok := Action(link); !ok || !reflect.DeepEqual(got, link[1:]) {
		t.Errorf("%+v, %v", got, ok)
	}
	bold := im.Text{{Text: "/me waves", Style: im.Bold}}
	if got, ok := Action(bold); !ok || got[0].Text != "waves" || bold[0].Text != "/me waves" {
		t.Errorf("%+v of %+v", got, bold)
	}
}
