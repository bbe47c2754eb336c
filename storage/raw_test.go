package storage

import (
	"encoding/binary"
	"os"
	"testing"

	"lukechampine.com/adiantum"
)

// plainPages is a file of the database as SQLite sees it, without the encryption:
// all of it, what is in use and what is not. Each block is encrypted by itself, its
// position the tweak.
func plainPages(t *testing.T, p *Profile, v *Vault, name string) []byte {
	t.Helper()
	key := got(v.Get(t.Context(), databaseKey))(t)
	cipher := adiantum.New(key)
	data, err := os.ReadFile(p.path(name))
	if os.IsNotExist(err) {
		return nil
	}
	check(t, err)
	var plain []byte
	for at := 0; at+pageSize <= len(data); at += pageSize {
		tweak := binary.LittleEndian.AppendUint64(nil, uint64(at))
		plain = append(plain, cipher.Decrypt(data[at:at+pageSize], tweak)...)
	}
	return plain
}
