package messenger

import (
	"testing"

	"culver/lang"
)

type tongue string

func (t *tongue) Language() string              { return string(*t) }
func (t *tongue) SetLanguage(code string) error { *t = tongue(code); return nil }

// Only what Culver speaks can be chosen, and only where the choice can be kept.
func TestLanguageIsChosenAmongThoseThatAreSpoken(t *testing.T) {
	kept := tongue("en")
	row := (&Messenger{cfg: Config{Tongue: &kept}}).languageRow()
	if row.hidden != (len(lang.Spoken()) < 2) || len(row.Choices) != 1+len(lang.Spoken()) {
		t.Errorf("hidden: %v, %d choices of %d languages", row.hidden, len(row.Choices), len(lang.Spoken()))
	}
	for _, c := range []struct{ choose, want string }{{"tlh", "en"}, {"", ""}, {"en", "en"}} {
		row.act(c.choose)
		if string(kept) != c.want {
			t.Errorf("%q was chosen, it is %q", c.choose, kept)
		}
	}
	if !(&Messenger{}).languageRow().hidden {
		t.Error("it can be chosen where nothing keeps it")
	}
}
