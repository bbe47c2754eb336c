package arguments

import (
	"reflect"
	"strings"
	"testing"
	"unicode"
)

func TestParse(t *testing.T) {
	for line, want := range map[string]Arguments{
		"":                                      {},
		"-c /p":                                 {Profile: "/p"},
		"-c/p":                                  {Profile: "/p"},
		"--config /p":                           {Profile: "/p"},
		"--config=/p":                           {Profile: "/p"},
		"--profile /p":                          {Profile: "/p"},
		"-l":                                    {Login: true},
		"--login":                               {Login: true},
		"-la@x,b@y":                             {Login: true, Accounts: []string{"a@x", "b@y"}},
		"--login=a@x,,b@y -c /p":                {Login: true, Accounts: []string{"a@x", "b@y"}, Profile: "/p"},
		"-n":                                    {NoLogin: true},
		"--nologin --start-minimized":           {NoLogin: true, Minimized: true},
		"-nc/p":                                 {NoLogin: true, Profile: "/p"},
		"-vh":                                   {Version: true, Help: true},
		"--version":                             {Version: true},
		"--help":                                {Help: true},
		"open xmpp:bob@x":                       {Link: "xmpp:bob@x"},
		"xmpp:bob@x?message;body=--help":        {Link: "xmpp:bob@x?message;body=--help"},
		"--config /p open XMPP:bob@x -n":        {Profile: "/p", NoLogin: true, Link: "XMPP:bob@x"},
		"-l open xmpp:bob@x":                    {Login: true, Link: "xmpp:bob@x"},
		"-n -- xmpp:bob@x":                      {NoLogin: true, Link: "xmpp:bob@x"},
		"-psn_0_12345":                          {},
		"--config=/a --config=/b -- open xmpp:": {Profile: "/b", Link: "xmpp:"},
	} {
		if got, err := Parse(strings.Fields(line)); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v, %v; want %+v", line, got, err, want)
		}
	}
}

func TestWrongArguments(t *testing.T) {
	for line, want := range map[string]string{
		"-x":                         `There is no option "-x".`,
		"-é":                         `There is no option "-é".`,
		"--verbose=1":                `There is no option "--verbose".`,
		"-nx":                        `There is no option "-x".`,
		"-c":                         "-c wants FOLDER behind it.",
		"--config":                   "--config wants FOLDER behind it.",
		"--config=":                  "--config wants FOLDER behind it.",
		"--login=,":                  "--login wants NAME,… behind it.",
		"--nologin=yes":              "--nologin takes no value.",
		"-l -n":                      "does not go together",
		"open":                       "Say which link",
		"open mailto:bob@x":          "is no link that Culver opens",
		"open -- -x":                 "is no link that Culver opens",
		"bob@x":                      `There is no use for "bob@x".`,
		"open xmpp:bob@x xmpp:eve@x": `There is no use for "xmpp:eve@x".`,
		"-":                          `There is no use for "-".`,
		"-d":                         "no log",
		"--multiple":                 "--config FOLDER",
		"-f":                         "nothing to force",
		"\x1b[31m":                   `There is no use for "\x1b[31m".`,
	} {
		a, err := Parse(strings.Fields(line))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %+v, %v; want %q", line, a, err, want)
		}
	}
	if _, err := Parse([]string{"-c", ""}); err == nil {
		t.Error("no folder is a folder")
	}
}

func TestHelpListsEveryOption(t *testing.T) {
	help := Help()
	for _, o := range options() {
		if !strings.Contains(help, "--"+o.long) || !strings.Contains(help, o.help) || o.short != 0 && !strings.Contains(help, "-"+string(o.short)+", ") {
			t.Errorf("--%s is not in the help:\n%s", o.long, help)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add("-c\x00/p\x00open\x00xmpp:bob@x")
	f.Add("--login=a,b\x00-n")
	f.Fuzz(func(t *testing.T, line string) {
		a, err := Parse(strings.Split(line, "\x00"))
		if err != nil && strings.ContainsFunc(err.Error(), func(r rune) bool { return unicode.IsControl(r) }) {
			t.Errorf("%q: %q goes to a terminal", line, err)
		}
		if err == nil && a.Link != "" && !isLink(a.Link) {
			t.Errorf("%q leads to %q", line, a.Link)
		}
	})
}
