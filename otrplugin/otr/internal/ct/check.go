package ct

import "fmt"

// tester is the part of testing.T that Check needs.
type tester interface {
	Helper()
	Errorf(format string, args ...any)
}

// Check measures a subject, prints its row of the table, and fails the test if
// it leaks.
func Check(t tester, s Subject) {
	t.Helper()
	check(t, s, false)
}

// CheckLeaks is the test of the test: it fails if a subject that is known to
// leak does not seem to, because then nothing that Check says can be trusted.
func CheckLeaks(t tester, s Subject) {
	t.Helper()
	check(t, s, true)
}

func check(t tester, s Subject, leaks bool) {
	t.Helper()
	f, err := s.Measure()
	if err != nil {
		t.Errorf("%s: %v", s.Name, err)
		return
	}
	judge(t, f, leaks)
}

// judge prints a finding, and fails if it is not what is wanted.
func judge(t tester, f Finding, leaks bool) {
	t.Helper()
	switch found := f.Verdict() == Leaking; {
	case leaks:
		fmt.Printf("%v (as it must)\n", f)
		if !found {
			t.Errorf("%s: it leaks, and was not found out: |t| = %.2f; the measurement is broken", f.Name, f.T)
		}
	default:
		fmt.Println(f)
		if found {
			t.Errorf("%s: the time depends on the secret: |t| = %.2f", f.Name, f.T)
		}
	}
}
