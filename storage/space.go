package storage

// Space is a small key-value store of one owner, usually a plugin, apart from
// those of all others. It belongs to the goroutine of the store it came from.
type Space struct {
	name string
	rows spaceRows
}

// spaceRows is where the values of all spaces lie.
type spaceRows interface {
	spaceGet(space, key string) ([]byte, bool, error)
	spacePut(space, key string, value []byte) error
	spaceDelete(space, key string) error
	spaceList(space, prefix string) (map[string][]byte, error)
}

var (
	_ spaceRows = (*DB)(nil)
	_ spaceRows = (*Memory)(nil)
)

// Get returns the value of the key, and whether there is one.
func (s *Space) Get(key string) (value []byte, ok bool, err error) {
	return s.rows.spaceGet(s.name, key)
}

// Put keeps a copy of value under the key, in place of the one before.
func (s *Space) Put(key string, value []byte) error {
	return s.rows.spacePut(s.name, key, value)
}

// Delete forgets the key. It is no error if there is none.
func (s *Space) Delete(key string) error {
	return s.rows.spaceDelete(s.name, key)
}

// List returns all keys that begin with prefix, and their values.
func (s *Space) List(prefix string) (map[string][]byte, error) {
	return s.rows.spaceList(s.name, prefix)
}
