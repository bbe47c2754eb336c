package libotr

import (
	"bytes"
	"reflect"
	"testing"
)

// FuzzKeyFile reads anything as each kind of file. What was understood,
// written and read again, is the same; and once written, it is written so again.
func FuzzKeyFile(f *testing.F) {
	k := testKeys()
	file, err := MarshalKeys([]Account{{"bob@example.org/", "prpl-jabber", k[0]}, {"a\x80", "b", k[1]}})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(file)
	f.Add([]byte("u\ta\tp\t" + hexFP + "\tsmp\r\n#\n"))
	f.Add([]byte(tagsWarning + "a\tp\t00001234\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if accounts, _, _ := ParseKeys(b); len(accounts) > 0 {
			once, err := MarshalKeys(accounts)
			if err != nil {
				return // a zero byte in a name
			}
			again, skipped, err := ParseKeys(once)
			if err != nil || len(skipped) > 0 || len(again) != len(accounts) {
				t.Fatal(skipped, err)
			}
			if twice, err := MarshalKeys(again); err != nil || !bytes.Equal(once, twice) {
				t.Fatalf("%s\nbecame\n%s (%v)", once, twice, err)
			}
		}
		known, _, err := ParseFingerprints(b)
		if err != nil {
			t.Fatal(err)
		}
		if once, err := MarshalFingerprints(known); err == nil { // else: no room for the tab of an empty trust
			if again, skipped, err := ParseFingerprints(once); err != nil || len(skipped) > 0 || !reflect.DeepEqual(again, known) {
				t.Fatal(again, skipped, err)
			}
		}
		sizes, _, err := ParseMaxSizes(b)
		if err != nil {
			t.Fatal(err)
		}
		if once, err := MarshalMaxSizes(sizes); err == nil { // else: a name too long for a line of its own
			if again, skipped, err := ParseMaxSizes(once); err != nil || len(skipped) > 0 || !reflect.DeepEqual(again, sizes) {
				t.Fatal(again, skipped, err)
			}
		}
		tags, _, err := ParseTags(b)
		if err != nil {
			t.Fatal(err)
		}
		once, err := MarshalTags(tags)
		if err != nil {
			t.Fatal(err)
		}
		if again, skipped, err := ParseTags(once); err != nil || len(skipped) > 0 || !reflect.DeepEqual(again, tags) {
			t.Fatal(again, skipped, err)
		}
	})
}
