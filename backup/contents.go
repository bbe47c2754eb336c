package backup

import (
	"time"

	"culver/im"
)

// Format is the version of the format that [Create] writes, and the newest that
// [Open] reads.
const Format = 1

// Manifest says what a backup is.
type Manifest struct {
	Culver string    // the version that made it
	Made   time.Time // when
}

// Contents is what a backup holds beside the history.
type Contents struct {
	Accounts []Account
	Settings map[string]string
	Drafts   map[im.ConvID]im.Draft
	Logging  map[im.ConvID]bool
	Choices  map[im.ConvID]map[string]string // what else was chosen for conversations
	Files    []File
}

// Account is an account, and what belongs to it.
type Account struct {
	im.Account
	Password []byte // nil: none
	Buddies  []im.Buddy
}

// File is something of a plugin's. What it is, the plugin knows.
type File struct {
	Plugin, Name string
	Data         []byte
}

// Wipe forgets the secrets.
func (c *Contents) Wipe() {
	for i := range c.Accounts {
		clear(c.Accounts[i].Password)
		c.Accounts[i].Password = nil
	}
	for _, f := range c.Files {
		clear(f.Data)
	}
	c.Files = nil
}

// The names in the archive.
const (
	nameManifest  = "manifest.json"
	nameAccounts  = "accounts.json"
	nameBuddies   = "buddies.json"
	namePasswords = "passwords.json"
	nameSettings  = "settings.json"
	nameChoices   = "choices.json"
	dirPlugins    = "plugins/"
	dirHistory    = "history/"
	extHistory    = ".jsonl"
)

// The rows of the archive's files. A reader of an older Culver passes over what it
// does not know.
type (
	manifestRow struct {
		Format int       `json:"format"`
		Culver string    `json:"culver"`
		Made   time.Time `json:"made"`
	}
	accountRow struct {
		ID      im.AccountID      `json:"id"`
		Alias   string            `json:"alias,omitempty"`
		Enabled bool              `json:"enabled"`
		Options map[string]string `json:"options,omitempty"`
	}
	buddyRow struct {
		Account      im.AccountID    `json:"account"`
		Bare         string          `json:"bare"`
		Name         string          `json:"name,omitempty"`
		Groups       []string        `json:"groups,omitempty"`
		Subscription im.Subscription `json:"subscription"`
		Asking       bool            `json:"asking,omitempty"`
	}
	passwordRow struct {
		Account  im.AccountID `json:"account"`
		Password []byte       `json:"password"` // base64
	}
	settingRow struct {
		Key   string `json:"key"`
		Value string `json:"value"`
	}
	choiceRow struct {
		Account im.AccountID      `json:"account"`
		Peer    string            `json:"peer"`
		Draft   string            `json:"draft,omitempty"`
		Private bool              `json:"private,omitempty"` // the draft
		Logging *bool             `json:"logging,omitempty"` // nil: nothing was chosen
		Choices map[string]string `json:"choices,omitempty"`
	}
	lineRow struct {
		Account  im.AccountID `json:"account"`
		Peer     string       `json:"peer"`
		ID       string       `json:"id"`
		Time     time.Time    `json:"time"`
		Kind     im.Kind      `json:"kind,omitempty"`
		Out      bool         `json:"out,omitempty"`
		From     string       `json:"from,omitempty"`
		Resource string       `json:"resource,omitempty"`
		Text     string       `json:"text,omitempty"`  // plain text
		Spans    []spanRow    `json:"spans,omitempty"` // formatted text, in place of it
		Level    im.Level     `json:"level,omitempty"`
		By       string       `json:"by,omitempty"`
		State    im.State     `json:"state,omitempty"`
		Reason   string       `json:"reason,omitempty"`
		Late     bool         `json:"late,omitempty"`
		Private  bool         `json:"private,omitempty"`
		Origin   string       `json:"origin,omitempty"`
		Archive  string       `json:"archive,omitempty"`
		Edited   bool         `json:"edited,omitempty"`
		Nick     string       `json:"nick,omitempty"`
	}
	spanRow struct {
		Text  string   `json:"text"`
		Style im.Style `json:"style,omitempty"`
		Link  string   `json:"link,omitempty"`
	}
)

// The years that a row can tell.
var (
	firstTime = time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC)
	lastTime  = time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC)
)

func rowOf(m im.Message) lineRow {
	r := lineRow{Account: m.Conv.Account, Peer: m.Conv.Peer, ID: m.ID, Time: m.Time.UTC(), Kind: m.Kind, Out: m.Out,
		From: m.From.Bare, Resource: m.From.Resource, Level: m.Seal.Level, By: m.Seal.By, State: m.State,
		Reason: m.Reason, Late: m.Late, Private: m.Private,
		Origin: m.Origin, Archive: m.Archive, Edited: m.Edited, Nick: m.Nick}
	if r.Time.Before(firstTime) {
		r.Time = firstTime
	} else if r.Time.After(lastTime) {
		r.Time = lastTime
	}
	if len(m.Text) == 1 && m.Text[0].Style == 0 && m.Text[0].Link == "" {
		r.Text = m.Text[0].Text
		return r
	}
	for _, s := range m.Text {
		r.Spans = append(r.Spans, spanRow{s.Text, s.Style, s.Link})
	}
	return r
}

func (r lineRow) message() im.Message {
	m := im.Message{ID: r.ID, Conv: im.ConvID{Account: r.Account, Peer: r.Peer}, Kind: r.Kind, Out: r.Out,
		From: im.Addr{Bare: r.From, Resource: r.Resource}, Text: im.Plain(r.Text), Time: r.Time.UTC(),
		Seal: im.Seal{Level: r.Level, By: r.By}, State: r.State, Reason: r.Reason, Late: r.Late, Private: r.Private,
		Origin: r.Origin, Archive: r.Archive, Edited: r.Edited, Nick: r.Nick}
	if len(r.Spans) > 0 {
		m.Text = nil
	}
	for _, s := range r.Spans {
		m.Text = append(m.Text, im.Span{Text: s.Text, Style: s.Style, Link: s.Link})
	}
	return m
}
