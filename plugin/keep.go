package plugin

import (
	"encoding/json"
	"fmt"
	"strings"

	"culver/lang"
)

// ErrDamaged says that what was kept cannot be read: it is there, and not what
// [Save] has written.
const ErrDamaged = lang.Error("what was kept is damaged")

// Load reads what [Save] kept under the key. Into stays as it is if nothing was
// kept, if that is damaged, or if the store fails.
func Load[T any](s Store, key string, into *T) (kept bool, err error) {
	b, ok, err := s.Get(key)
	if err != nil || !ok {
		return false, err
	}
	v := *into
	if err := json.Unmarshal(b, &v); err != nil {
		return true, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	*into = v
	return true, nil
}

// Save keeps a value under the key. What its error says is a sentence for people.
func Save(s Store, key string, v any) error {
	b, err := json.Marshal(v)
	if err == nil {
		err = s.Put(key, b)
	}
	if err != nil {
		return &unsaved{err}
	}
	return nil
}

type unsaved struct{ err error }

func (u *unsaved) Error() string {
	return lang.F("This could not be saved: %s.", strings.TrimRight(u.err.Error(), "."))
}

func (u *unsaved) Unwrap() error { return u.err }
