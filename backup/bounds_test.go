package backup

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"culver/im"
	"culver/internal/rows"
)

// writing makes a backup, which may be refused, and tells what was left out.
func writing(t *testing.T, c *Contents, lines func(*Writer) error) (*Opened, LeftOut, error) {
	t.Helper()
	var b bytes.Buffer
	w, err := Create(&b, []byte("correct horse"), work, Manifest{Culver: "0.1.0", Made: made})
	if err == nil {
		err = w.Add(c)
	}
	if err == nil && lines != nil {
		err = lines(w)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		return nil, LeftOut{}, err
	}
	o, err := open(b.Bytes(), "correct horse")
	if err != nil {
		t.Fatalf("it was written, and cannot be opened: %v", err)
	}
	return o, w.LeftOut(), nil
}

// long is a text that makes a row of exactly so many bytes, as encoded without one.
func long(without, row int) string { return strings.Repeat("x", row-without) }

func encoded(t *testing.T, row any) int {
	t.Helper()
	var b bytes.Buffer
	if err := rows.Append(&b, row, maxRow); err != nil {
		t.Fatal(err)
	}
	return b.Len() - 1
}

func TestALineThatIsTooLongIsLeftOut(t *testing.T) {
	line := im.Message{ID: "1", Conv: bob, Text: im.Plain("x"), Time: made}
	short := encoded(t, rowOf(line)) - 1
	for more, want := range []LeftOut{{}, {Lines: 1}} {
		huge := line
		huge.ID, huge.Text = "2", im.Plain(long(short, maxRow+more))
		o, left, err := writing(t, &Contents{}, func(w *Writer) error { return errors.Join(w.Line(line), w.Line(huge), w.Line(line)) })
		if err != nil || o.Lines != 3-more || left.Lines != want.Lines {
			t.Errorf("%d more: %v, left out %+v", more, err, left)
		}
	}
	for _, name := range []int{maxName, maxName + 1} {
		far := line
		far.Conv.Peer = strings.Repeat("x", name)
		o, left, err := writing(t, &Contents{}, func(w *Writer) error { return w.Line(far) })
		if err != nil || o.Lines+left.Lines != 1 || left.Lines != name-maxName {
			t.Errorf("an address of %d bytes: %v, left out %+v", name, err, left)
		}
	}
}

func TestADraftThatIsTooLongIsLeftOut(t *testing.T) {
	for _, letter := range []string{"x", "\x01", "\"", "\u2028", "\xff"} {
		for more := range 2 {
			text := strings.Repeat(letter, MaxDraft/len(letter))
			text += strings.Repeat("x", MaxDraft-len(text)+more)
			o, left, err := writing(t, &Contents{Drafts: map[im.ConvID]im.Draft{bob: {Text: text}}, Logging: map[im.ConvID]bool{bob: true}}, nil)
			if err != nil || len(o.Drafts) != 1-more || len(left.Drafts) != more || !o.Logging[bob] {
				t.Errorf("%q, %d more: %v, left out %d", letter, more, err, len(left.Drafts))
			}
		}
	}
}

func TestWhatElseIsTooLongIsLeftOut(t *testing.T) {
	key := encoded(t, settingRow{Key: "k"})
	buddy := encoded(t, buddyRow{Account: alice, Name: "x"}) - 1
	account := encoded(t, accountRow{ID: alice, Alias: "x"}) - 1
	for more := range 2 {
		o, left, err := writing(t, &Contents{
			Settings: map[string]string{"k": long(key, maxRow+more), "l": "x"},
			Accounts: []Account{{Account: im.Account{ID: alice}, Buddies: []im.Buddy{{Name: long(buddy, maxRow+more)}, {Bare: "bob@x"}}},
				{Account: im.Account{ID: alice[:len(alice)-1] + "s", Alias: long(account, maxRow+more)}, Password: []byte("x"), Buddies: []im.Buddy{{Bare: "bob@x"}}}},
		}, nil)
		if err != nil || len(o.Settings) != 2-more || len(o.Accounts) != 2-more || len(o.Accounts[0].Buddies) != 2-more || left.Others != 3*more {
			t.Errorf("%d more: %v, left out %+v", more, err, left)
		}
	}
}

func TestFilesOfPluginsThatAreTooLargeAreLeftOut(t *testing.T) {
	half, byte1 := make([]byte, maxSmall), []byte{1}
	var many []File
	for n := range maxFiles + 1 {
		many = append(many, File{Plugin: "a", Name: fmt.Sprint(n)})
	}
	for name, c := range map[string]struct {
		files []File
		left  int
	}{
		"as many bytes as can be": {[]File{{"a", "1", half}, {"b", "2", half}, {"c", "3", nil}}, 0},
		"one byte more in all":    {[]File{{"a", "1", half}, {"b", "2", half}, {"c", "3", byte1}}, 1},
		"one byte more":           {[]File{{"a", "1", make([]byte, maxSmall+1)}, {"c", "3", byte1}}, 1},
		"as many as can be":       {many[:maxFiles], 0},
		"one more":                {many, 1},
	} {
		o, left, err := writing(t, &Contents{Files: c.files}, nil)
		if err != nil || len(left.Files) != c.left || len(o.Files)+c.left != len(c.files) {
			t.Errorf("%s: %v, left out %d", name, err, len(left.Files))
		}
	}
	if _, _, err := writing(t, &Contents{Files: []File{{"a", "1", nil}, {"a", "1", nil}}}, nil); err == nil {
		t.Error("the same file is there twice")
	}
}

func TestTooManyConversationsAreRefused(t *testing.T) {
	for more := range 2 {
		_, left, err := writing(t, &Contents{}, func(w *Writer) error {
			for n := range MaxConversations + more {
				if err := w.Line(im.Message{ID: fmt.Sprint(n), Conv: im.ConvID{Account: alice, Peer: fmt.Sprint(n)}, Time: made}); err != nil {
					return err
				}
			}
			return nil
		})
		if more == 0 && (err != nil || left.Lines > 0) || more == 1 && !errors.Is(err, ErrTooManyConversations) {
			t.Errorf("%d more: %v", more, err)
		}
	}
}

func TestTooManyRowsAreRefused(t *testing.T) {
	for more := range 2 {
		c := &Contents{Settings: map[string]string{"a": "b"}, Logging: map[im.ConvID]bool{bob: true}, Accounts: []Account{{Account: im.Account{ID: alice}}}}
		for n := range maxRows - 2 + more {
			c.Accounts[0].Buddies = append(c.Accounts[0].Buddies, im.Buddy{Bare: fmt.Sprint(n)})
		}
		if _, _, err := writing(t, c, nil); (more == 0) != (err == nil) || more == 1 && !errors.Is(err, ErrTooMuch) {
			t.Errorf("%d more: %v", more, err)
		}
		c = &Contents{}
		for n := range maxAccounts + more {
			c.Accounts = append(c.Accounts, Account{Account: im.Account{ID: im.NewAccountID("fake", fmt.Sprint(n))}})
		}
		if _, _, err := writing(t, c, nil); (more == 0) != (err == nil) || more == 1 && !errors.Is(err, ErrTooMuch) {
			t.Errorf("%d accounts more: %v", more, err)
		}
		row := encoded(t, settingRow{Key: "00"})
		c = &Contents{Settings: map[string]string{}}
		for n := range maxSmall / maxRow { // each with its end is a row of that size
			c.Settings[fmt.Sprintf("%02d", n)] = long(row, maxRow-1)
		}
		c.Settings["00"] += strings.Repeat("x", more)
		if _, _, err := writing(t, c, nil); (more == 0) != (err == nil) || more == 1 && !errors.Is(err, ErrTooMuch) {
			t.Errorf("%d bytes more: %v", more, err)
		}
	}
}
