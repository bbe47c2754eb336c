package foreign

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"time"
)

func TestStampsOfManyLanguages(t *testing.T) {
	zone := time.FixedZone("", 3600)
	for stamp, want := range map[string]string{
		"10:03:07":                             "2012-03-04 10:03:07",
		"10:03:07 AM":                          "2012-03-04 10:03:07",
		"10:03:07 PM":                          "2012-03-04 22:03:07",
		"12:03:07 a.m.":                        "2012-03-05 00:03:07",
		"12:03 pm":                             "2012-03-04 12:03:00",
		"10.03.07":                             "2012-03-04 10:03:07",
		"10時03分07秒":                            "2012-03-04 10:03:07",
		"오후 10시 03분 07초":                       "2012-03-04 22:03:07",
		"下午 10:03:07":                          "2012-03-04 22:03:07",
		"Sun 04 Mar 2012 10:03:07 AM CET":      "2012-03-04 10:03:07",
		"Sun Mar  4 10:03:07 2012":             "2012-03-04 10:03:07",
		"So 04 Mär 2012 10:03:07 CET":          "2012-03-04 10:03:07",
		"dim. 04 mars 2012 10:03:07 CET":       "2012-03-04 10:03:07",
		"mar 06 mar 2012 10:03:07 CET":         "2012-03-06 10:03:07",
		"mar 07 feb 2012 10:03:07 CET":         "2012-02-07 10:03:07",
		"Вс. 04 марта 2012 10:03:07":           "2012-03-04 10:03:07",
		"03/04/2012 10:03:07 AM":               "2012-03-04 10:03:07",
		"04/03/2012 10:03:07":                  "2012-03-04 10:03:07",
		"04.03.2012 10:03:07":                  "2012-03-04 10:03:07",
		"3.3.2012 klo 10.03.07":                "2012-03-03 10:03:07",
		"2012-03-01 10:03:07":                  "2012-03-01 10:03:07",
		"2012年03月01日 10時03分07秒":                "2012-03-01 10:03:07",
		"28/02/12 10:03":                       "2012-02-28 10:03:00",
		"Ned 26 ún 2012 10:03:07":              "2012-02-26 10:03:07",
		"31/12/2011 23:59:59 GMT":              "2011-12-31 23:59:59",
		"Sunday 0400 10:03:07 March 4, 2012":   "2012-03-04 10:03:07",
		"99:99":                                "",
		"lol":                                  "",
		"":                                     "",
		strings.Repeat("9", 200) + " 10:03:07": "",
	} {
		got, ok := newClock(time.Date(2012, 3, 4, 10, 0, 0, 0, zone)).at(stamp)
		if text := got.Format("2006-01-02 15:04:05"); ok != (want != "") || ok && text != want {
			t.Errorf("(%s) is %s, %v, not %s", stamp, text, ok, want)
		}
	}
}

func TestDamagedXMLGivesWhatStandsInFrontOfTheDamage(t *testing.T) {
	dir := write(t, map[string]string{"accounts.xml": accountsXML[:strings.Index(accountsXML, "second@")] + "\x00\x00\x00",
		"blist.xml": strings.Replace(blistXML, "bob@example.com", "b\xf6b@example.com\x01", 1)})
	p := read(t, dir, "Pidgin")
	if len(p.Accounts) != 1 || p.Accounts[0].Address != "alice@example.org" {
		t.Errorf("accounts %+v", p.Accounts)
	}
	if len(p.Buddies) < 1 || p.Buddies[0].Address != "böb@example.com" {
		t.Errorf("buddies %+v", p.Buddies)
	}
	hasNote(t, p, "accounts.xml is damaged")
}

func TestXMLBombsAreNotSetOff(t *testing.T) {
	bomb := `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;"><!ENTITY f SYSTEM "file:///etc/passwd">]><account><account><protocol>prpl-jabber</protocol><name>x&b;&f;@y</name></account></account>`
	tree, _ := parseXML([]byte(bomb))
	if got := tree.first("account").first("account").first("name").string(); strings.Contains(got, "aaa") || strings.Contains(got, "root") {
		t.Errorf("the name is %q", got)
	}
	if _, err := parseXML([]byte(strings.Repeat("<a>", 1_000_000))); !errors.Is(err, errNested) {
		t.Errorf("deep nesting: %v", err)
	}
}

func TestLongLinesAreCut(t *testing.T) {
	s := newLineScanner(io.MultiReader(strings.NewReader("short\n"), strings.NewReader(strings.Repeat("x", 3*maxLine)+"\r\nlast")))
	var got []int
	for {
		text, err := s.next()
		if err != nil {
			break
		}
		got = append(got, len(text))
	}
	if len(got) != 3 || got[0] != 5 || got[1] != maxLine || got[2] != 4 || s.cut != 1 {
		t.Errorf("lines of %v bytes, %d cut", got, s.cut)
	}
}

func TestLongPartsOfAdiumLogsEndTheFile(t *testing.T) {
	n := 0
	err := readULF(io.MultiReader(strings.NewReader(chatlog[:strings.Index(chatlog, "<status")]+"<message sender='a@b' time='2016-01-12T00:32:00+0100' x='"),
		endless{}), "alice@example.org", func(Line) error { n++; return nil })
	if err == nil || n != 3 {
		t.Errorf("%d lines, %v", n, err)
	}
}

type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'x'
	}
	return len(p), nil
}

func TestReadingStops(t *testing.T) {
	p := read(t, write(t, map[string]string{"accounts.xml": accountsXML, "logs/jabber/alice@example.org/bob@example.com/2012-03-04.235007+0100CET.html": logHTML}), "Pidgin")
	r := p.Reader()
	defer r.Close()
	mine := errors.New("mine")
	if err := r.Lines(t.Context(), p.Logs[0], func(Line) error { return mine }); err != mine {
		t.Errorf("the taker's error came back as %v", err)
	}
	ctx, stop := context.WithCancel(t.Context())
	n := 0
	if err := r.Lines(ctx, p.Logs[0], func(Line) error { n++; stop(); return ctx.Err() }); !errors.Is(err, context.Canceled) || n != 1 {
		t.Errorf("after the end, %d lines and %v", n, err)
	}
	r.bytes = maxLogBytes + 1
	if err := r.Lines(t.Context(), p.Logs[0], func(Line) error { return nil }); err != ErrEnough || len(r.Notes()) == 0 {
		t.Errorf("too much is %v", err)
	}
}
