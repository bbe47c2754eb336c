package ct

import "fmt"

// tester is the part of testing.T that Check needs.
type tester interface {
	Helper()
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
}

// Check measures a subject, prints its row of the table, and fails the test if
// it leaks.
func Check(t tester, s Subject) {
	t.Helper()
	f, err := s.Measure()
	if err != nil {
		t.Fatalf("%s: %v", s.Name, err)
	}
	fmt.Println(f)
	if f.Verdict() == Leaking {
		t.Errorf("%s: the time depends on the secret: |t| = %.2f", s.Name, f.T)
	}
}

// CheckLeaks is the test of the test: it fails if a subject that is known to
// leak does not seem to, because then nothing that Check says can be trusted.
func CheckLeaks(t tester, s Subject) {
	t.Helper()
	f, err := s.Measure()
	if err != nil {
		t.Fatalf("%s: %v", s.Name, err)
	}
	fmt.Println(f, "(as it must)")
	if f.Verdict() != Leaking {
		t.Errorf("%s: it leaks, and was not found out: |t| = %.2f; the measurement is broken", s.Name, f.T)
	}
}
