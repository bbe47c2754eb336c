package gui

import (
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"culver/buddylist"
	"culver/im"
	"culver/lang"
	"culver/messenger"
)

// speakPseudo uses the language that marks all texts.
func speakPseudo(t *testing.T) {
	t.Helper()
	if _, err := lang.Use(lang.Pseudo); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { lang.Use("en") })
}

// What is looked for in the toolkit's menus has the same names in all languages.
func TestMenusAreFoundInAllLanguages(t *testing.T) {
	speakPseudo(t)
	g, _ := start(t, messenger.Snapshot{})
	widget.ShowPopUpMenuAtPosition(fyne.NewMenu("", fyne.NewMenuItem("Mine", func() {})), g.buddies.window.Canvas(), fyne.Position{})
	element(t, g, kindMenuItem, "Mine")
	element(t, g, kindWindow, "‹Buddy List›")
}

// Sentences are translated as a whole: nothing but names and numbers stands in them.
func TestSentencesAreWhole(t *testing.T) {
	speakPseudo(t)
	some := date{2026, time.March, 7}
	came, _ := stir{came: []string{"Ann", "Ben"}, left: []string{"Cid"}}.text()
	many, _ := stir{came: []string{"1", "2", "3", "4", "5", "6", "7"}}.text()
	status := func(s messenger.TransferState, reason string) string {
		return transferStatus(messenger.Transfer{State: s, Reason: reason})
	}
	for got, want := range map[string]string{
		counted(1234):                      "‹1‹, (between thousands)›234 lines›",
		knockText(buddylist.Row{Total: 3}): "‹3 people want to reach you›",
		roomCount(1):                       "‹1 person›",
		came:                               "‹‹Ann and Ben› came in.› ‹Cid left.›",
		many:                               "‹‹1, 2, 3, 4 and 3 others› came in.›",
		some.long():                        "‹‹Saturday›, ‹7 ‹March (in a date)› 2026››",
		(&calendar{month: some}).title():   "‹‹March› 2026›",
		status(messenger.TransferFailed, "Full."):         "‹‹Failed (transfer)›: Full.›",
		labelText(im.Field{Label: "Name"}):                "‹Name:›",
		timeLeft(messenger.Transfer{Rate: 1, Size: 7200}): "‹about 2 hours left›",
	} {
		if got != want {
			t.Errorf("%q in place of %q", got, want)
		}
	}
}

// A label in Cyrillic letters is not long for their bytes: it stands left of its field.
func TestLettersAreCountedNotBytes(t *testing.T) {
	for letters, above := range map[int]bool{30: false, 40: true} {
		s := slot{field: im.Field{Kind: im.FieldText, Label: strings.Repeat("ж", letters)}}
		if s.above() != above {
			t.Errorf("%d letters: above %v", letters, s.above())
		}
	}
}
