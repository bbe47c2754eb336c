// Package arguments reads what is said to the program when it is started. It belongs to
// whoever calls it.
package arguments

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"culver/lang"
)

// Arguments are what was said.
type Arguments struct {
	Profile   string   // the folder of the profile; empty: the usual one
	Login     bool     // sign in, whatever the last status was
	Accounts  []string // with these accounts only; nil: with those that are enabled
	NoLogin   bool     // stay offline
	Minimized bool     // the Buddy List waits behind the icon beside the clock
	Version   bool     // print the version, and end
	Help      bool     // print the help, and end
	Link      string   // to be followed
}

// option is one of those that there are.
type option struct {
	short byte // 0: it has none
	long  string
	value string // what follows, in words; empty: nothing
	may   bool   // and it may be left out
	help  string
	set   func(a *Arguments, value string)
}

func options() []option {
	profile := func(a *Arguments, v string) { a.Profile = v }
	return []option{
		{'c', "config", lang.T("FOLDER"), false, lang.T("keep everything in this folder instead of the usual one"), profile},
		{0, "profile", lang.T("FOLDER"), false, lang.T("the same"), profile},
		{'l', "login", lang.T("NAME,…"), true, lang.T("sign in; with names, enable these accounts and disable all others"), func(a *Arguments, v string) {
			a.Login = true
			for name := range strings.SplitSeq(v, ",") {
				if name = strings.TrimSpace(name); name != "" {
					a.Accounts = append(a.Accounts, name)
				}
			}
		}},
		{'n', "nologin", "", false, lang.T("do not sign in"), func(a *Arguments, _ string) { a.NoLogin = true }},
		{0, "start-minimized", "", false, lang.T("keep the Buddy List behind the icon beside the clock, where there is one"), func(a *Arguments, _ string) { a.Minimized = true }},
		{'v', "version", "", false, lang.T("print the version and end"), func(a *Arguments, _ string) { a.Version = true }},
		{'h', "help", "", false, lang.T("print this and end"), func(a *Arguments, _ string) { a.Help = true }},
	}
}

// Parse reads the arguments behind the program's name. An error is a sentence for people.
func Parse(args []string) (Arguments, error) {
	var a Arguments
	var rest []string
	for len(args) > 0 {
		arg := args[0]
		args = args[1:]
		var err error
		switch {
		case arg == "--":
			rest, args = append(rest, args...), nil
		case strings.HasPrefix(arg, "-psn_"): // macOS says which process that is
		case strings.HasPrefix(arg, "--"):
			args, err = a.long(arg[2:], args)
		case len(arg) > 1 && arg[0] == '-':
			args, err = a.short(arg[1:], args)
		default:
			rest = append(rest, arg)
		}
		if err != nil {
			return Arguments{}, err
		}
	}
	if a.Login && a.NoLogin {
		return Arguments{}, errors.New(lang.T("To sign in and not to sign in does not go together."))
	}
	return a, a.words(rest)
}

// long takes an option by its long name.
func (a *Arguments) long(arg string, rest []string) ([]string, error) {
	name, value, has := strings.Cut(arg, "=")
	for _, o := range options() {
		if o.long == name {
			return a.take(o, "--"+name, value, has, rest)
		}
	}
	return nil, unknown("--" + name)
}

// short takes options by their letters: several may stand together, and what stands behind
// one that wants a value is that.
func (a *Arguments) short(arg string, rest []string) ([]string, error) {
	for arg != "" {
		i := 0
		all := options()
		for i < len(all) && all[i].short != arg[0] {
			i++
		}
		if i == len(all) {
			r, _ := utf8.DecodeRuneInString(arg)
			return nil, unknown("-" + string(r))
		}
		name := "-" + arg[:1]
		arg = arg[1:]
		if all[i].value != "" {
			return a.take(all[i], name, arg, arg != "", rest)
		}
		all[i].set(a, "")
	}
	return rest, nil
}

// take takes an option with its value, which is the next argument if it is not there yet
// and has to be.
func (a *Arguments) take(o option, name, value string, has bool, rest []string) ([]string, error) {
	switch {
	case o.value == "" && has:
		return nil, errors.New(lang.F("%s takes no value.", name))
	case o.value != "" && !o.may && !has && len(rest) > 0:
		value, rest, has = rest[0], rest[1:], true
	}
	if o.value != "" && !o.may && value == "" || o.may && has && strings.Trim(value, ", ") == "" {
		return nil, errors.New(lang.F("%s wants %s behind it.", name, o.value))
	}
	o.set(a, value)
	return rest, nil
}

// words takes what is no option.
func (a *Arguments) words(rest []string) error {
	const open = "open"
	switch {
	case len(rest) == 0:
		return nil
	case rest[0] == open && len(rest) == 1:
		return errors.New(lang.T("Say which link to open, for instance: culver open xmpp:bob@example.net"))
	case rest[0] == open:
		rest = rest[1:]
	case !isLink(rest[0]):
		return errors.New(lang.F("There is no use for %s.", quoted(rest[0])))
	}
	if len(rest) > 1 {
		return errors.New(lang.F("There is no use for %s.", quoted(rest[1])))
	}
	if !isLink(rest[0]) {
		return errors.New(lang.F("%s is no link that Culver opens: those begin with xmpp:.", quoted(rest[0])))
	}
	a.Link = rest[0]
	return nil
}

// isLink reports something that looks like a link to a person or a room.
func isLink(s string) bool {
	const scheme = "xmpp:"
	return len(s) >= len(scheme) && strings.EqualFold(s[:len(scheme)], scheme)
}

// unknown is the error about an option that there is not; those of Pidgin have reasons.
func unknown(name string) error {
	switch name {
	case "-d", "--debug":
		return errors.New(lang.T("Culver writes no log. What goes over the wire is shown by the plugin Console, in Tools > Plugins."))
	case "-m", "--multiple":
		return errors.New(lang.T("Several Culvers run beside each other, each with a folder of its own: say --config FOLDER."))
	case "-f", "--force-online":
		return errors.New(lang.T("Culver signs in whatever the system says of the network: there is nothing to force."))
	}
	return errors.New(lang.F("There is no option %s.", quoted(name)))
}

// quoted is an argument, as it may be shown in a terminal.
func quoted(s string) string {
	const most = 100
	if r := []rune(s); len(r) > most {
		s = string(r[:most]) + "…"
	}
	return fmt.Sprintf("%q", s)
}

// Help says how the program is started.
func Help() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n  culver [%s]\n  culver [%[2]s] open xmpp:…\n\n", lang.T("Usage:"), lang.T("options"))
	var names []string
	width := 0
	for _, o := range options() {
		name := "    --" + o.long
		if o.short != 0 {
			name = "-" + string(o.short) + ", --" + o.long
		}
		switch {
		case o.may:
			name += "[=" + o.value + "]"
		case o.value != "":
			name += " " + o.value
		}
		names = append(names, name)
		width = max(width, utf8.RuneCountInString(name))
	}
	for i, o := range options() {
		fmt.Fprintf(&b, "  %-*s  %s\n", width, names[i], o.help)
	}
	b.WriteString("\n" + lang.T("A link opens a conversation, or asks; nothing is sent. If Culver runs with the same folder, it comes to the front and opens the link.") + "\n")
	return b.String()
}
