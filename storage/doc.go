// Package storage keeps what Culver must not forget: accounts, buddy lists, the
// history, the data of plugins and, apart from all these, a few small secrets.
//
// It owns the files of one profile folder:
//
//	lock             held while a program uses the profile
//	keyring.culver   says that the secrets lie in the system's keyring
//	names.culver     the names of those, encrypted: a keyring cannot list them
//	vault.culver     the secrets, locked by a passphrase; vault.culver.bak is its copy,
//	                 vault.culver.damaged-TIME one that the copy took the place of
//	move.culver      says that the secrets are moving from one to the other
//	culver.db        everything else, encrypted; its key is one of the secrets
//
// There is no way to keep anything unencrypted. Encryption protects a profile
// that is lying still: whoever runs programs as the same user, while Culver
// runs, is not kept out, and whoever can write to the files can put an older
// state of them back.
//
// A [Profile] and a [DB] (and a [Memory] in its place) belong to one goroutine.
// A [Vault] and a [MemoryVault] may be used by any.
package storage
