package unlock

import (
	"strings"
	"testing"

	"culver/im"
	"culver/storage"
)

func TestARescueSaysWhatThereIsAndWhatIsMissing(t *testing.T) {
	some := storage.Rescued{Accounts: 2, Buddies: 1, Settings: 14, Lines: 1234, Pages: 1000}
	const kept = "Rescued: 2 accounts, 1 buddy, 1,234 lines of history, and 14 settings."
	with := func(change func(*storage.Rescued)) storage.Rescued {
		r := some
		change(&r)
		return r
	}
	for name, c := range map[string]struct {
		r    storage.Rescued
		want []string
	}{
		"nothing": {some, []string{kept, "Nothing is known to be missing."}},
		"lines": {with(func(r *storage.Rescued) { r.LostLines, r.Bad = 12, 3 }), []string{kept,
			"Missing: at least 12 lines of history. 3 parts of 1,000 of the database could not be read. What was there is lost."}},
		"nobody knows what": {with(func(r *storage.Rescued) { r.Bad = 1 }), []string{kept,
			"No line of history is known to be missing. 1 part of 1,000 of the database could not be read. What was there is lost."}},
		"a part of a row": {with(func(r *storage.Rescued) { r.Broken = 1 }), []string{kept, "No line of history is known to be missing."}},
		"an account": {with(func(r *storage.Rescued) { r.Named, r.Bad = 1, 2 }), []string{kept,
			"No line of history is known to be missing. 2 parts of 1,000 of the database could not be read. What was there is lost.",
			"Only the name is left of 1 account. Look through the settings under Accounts, and enable what is to connect."}},
		"choices": {with(func(r *storage.Rescued) { r.Lost, r.Bad, r.Kept = im.LostChoices, 1, "/p" }), []string{kept,
			"No line of history is known to be missing. 1 part of 1,000 of the database could not be read. What was there is lost.",
			lostWords(im.LostChoices), "The damaged database is kept as /p. What you delete from now on stays in there, until you delete all history or an account: then it is deleted, too."}},
	} {
		var got []string
		for _, f := range report(c.r).Tabs[0].Fields {
			got = append(got, f.Label)
		}
		if strings.Join(got, "\n") != strings.Join(c.want, "\n") {
			t.Errorf("%s: it says\n%s", name, strings.Join(got, "\n"))
		}
	}
}
