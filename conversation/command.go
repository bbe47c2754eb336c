package conversation

import (
	"slices"
	"strings"

	"culver/im"
	"culver/lang"
)

// Command is something that the user can type instead of a line: /name, and a value
// behind it.
type Command struct {
	Name  string
	Value string // what the value is, in words; empty: there is none
	Must  bool   // the value has to be there
	Help  string
}

// The commands that there are.
const (
	CommandHelp    = "help"
	CommandMe      = "me"
	CommandSay     = "say"
	CommandClear   = "clear"
	CommandClose   = "close"
	CommandInfo    = "info"
	CommandHistory = "history"
	CommandFile    = "file"
	CommandIM      = "im"
	CommandJoin    = "join"
	CommandAway    = "away"
	CommandBack    = "back"
	CommandNick    = "nick"
	CommandTopic   = "topic"
	CommandInvite  = "invite"
	CommandMessage = "msg"
	CommandKick    = "kick"
	CommandBan     = "ban"
	CommandLeave   = "leave"
	CommandBuzz    = "buzz"
)

// Commands are those of a conversation, in the order in which they are explained.
func Commands(k im.ConvKind) []Command {
	all := []Command{
		{CommandHelp, lang.T("command"), false, lang.T("lists the commands, or explains one")},
		{CommandMe, lang.T("what you do"), true, lang.T("says what you do, as in: /me waves")},
		{CommandSay, lang.T("words"), true, lang.T("says something that begins with a slash")},
		{CommandClear, "", false, lang.T("empties this window; the history stays")},
		{CommandClose, "", false, lang.T("closes this conversation")},
		{CommandHistory, "", false, lang.T("shows what was said before")},
		{CommandIM, "", false, lang.T("begins a conversation with somebody")},
		{CommandJoin, lang.T("room"), false, lang.T("goes into a chat of many")},
		{CommandAway, lang.T("message"), false, lang.T("tells your buddies that you are away")},
		{CommandBack, "", false, lang.T("tells them that you are available again")},
	}
	switch k {
	case im.WithPerson:
		all = append(all,
			Command{CommandInfo, "", false, lang.T("tells what is known of your buddy")},
			Command{CommandFile, "", false, lang.T("sends a file")},
			Command{CommandBuzz, "", false, lang.T("asks your buddy to look at the screen")})
	case im.InRoom:
		all = append(all,
			Command{CommandInfo, "", false, lang.T("tells what is known of the room")},
			Command{CommandNick, lang.T("name"), false, lang.T("changes what you are called here")},
			Command{CommandTopic, lang.T("words"), false, lang.T("changes the topic")},
			Command{CommandInvite, lang.T("address"), false, lang.T("invites somebody")},
			Command{CommandMessage, lang.T("name"), true, lang.T("begins a conversation within the room, with that one alone")},
			Command{CommandKick, lang.T("name"), true, lang.T("puts somebody out of the room")},
			Command{CommandBan, lang.T("name"), true, lang.T("keeps somebody out of the room")},
			Command{CommandLeave, "", false, lang.T("leaves the room")})
	}
	return all
}

// Line is how the command is explained in one line.
func (c Command) Line() string {
	if c.Value == "" {
		return "/" + c.Name + ": " + c.Help
	}
	return "/" + c.Name + " " + c.Value + ": " + c.Help
}

// Typed is what the user means by a text.
type Typed struct {
	Say     string // to be said as it is
	Command string // or to be done, with Value
	Value   string
	Problem string // or neither, and why
}

// ReadTyped tells a line from a command. What begins with two slashes is said with one of
// them, and what looks like the path of a file is said as well.
func ReadTyped(text string, k im.ConvKind) Typed {
	if !strings.HasPrefix(text, "/") {
		return Typed{Say: text}
	}
	if strings.HasPrefix(text, "//") {
		return Typed{Say: text[1:]}
	}
	name, value, _ := strings.Cut(text[1:], " ")
	if name == "" || strings.ContainsAny(name, "/\n") {
		return Typed{Say: text}
	}
	name, value = strings.ToLower(name), strings.TrimSpace(value)
	all := Commands(k)
	i := slices.IndexFunc(all, func(c Command) bool { return c.Name == name })
	switch {
	case i < 0:
		return Typed{Problem: lang.F("There is no command /%.40s here. /help lists them. To say it as it is, type a second slash in front.", name)}
	case all[i].Must && value == "":
		return Typed{Problem: lang.F("Something is missing. %s", all[i].Line())}
	case name == CommandMe:
		return Typed{Say: text}
	case name == CommandSay:
		return Typed{Say: value}
	}
	return Typed{Command: name, Value: value}
}

// CommandNames are the names of commands, with their slash, that begin like a text. There
// are none if the text goes on behind the name.
func CommandNames(text string, k im.ConvKind) (names []string) {
	if !strings.HasPrefix(text, "/") || strings.ContainsAny(text, " \n") {
		return nil
	}
	for _, c := range Commands(k) {
		if name := "/" + c.Name; strings.HasPrefix(name, strings.ToLower(text)) {
			names = append(names, name)
		}
	}
	return names
}
