package im_test

import (
	"strings"
	"testing"

	"culver/im"
)

func TestPasswordStrength(t *testing.T) {
	for password, want := range map[string]im.Strength{
		"":                           im.Weak,
		"a":                          im.Weak,
		"password":                   im.Weak,
		"Password1":                  im.Weak,
		"alice1999":                  im.Weak,
		"aaaaaaaaaaaaaaaaaaaaaa":     im.Weak,
		"abcdefghijklmnopqrstuvw":    im.Weak,
		"1234567890123456":           im.Weak,
		"qwertyqwertyqwerty":         im.Weak,
		"abababababababababab":       im.Weak,
		"correcthorse":               im.Weak,
		"vjw82kfp1m":                 im.Fair,
		"vjw82kfp1m4x":               im.Fair,
		"correct horse battery":      im.Strong,
		"vjw82-kfp1m-4xz9q-wvcbt":    im.Strong,
		"Größe ohne Übermaß zählt":   im.Strong,
		strings.Repeat("\xff", 100):  im.Weak,
		strings.Repeat("xy7", 1<<10): im.Strong, // long enough for anybody
	} {
		if got, bits := im.PasswordStrength(password, "alice", "example.net", ""); got != want {
			t.Errorf("%.40q is %v (%.0f bits), want %v", password, got, bits, want)
		}
	}
}
