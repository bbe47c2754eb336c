package messenger

import "context"

// Safe is where passwords and keys are kept: the keyring of the system, or a file
// that a passphrase unlocks. Any goroutine may use it; what is slow takes some
// seconds, or as long as the system asks the user for a password. Errors are
// sentences for people. What a method says is done even if its error tells of
// something that was left over: UsesPassphrase says how it stands.
//
// The bytes of a passphrase stay the caller's, who wipes them.
type Safe interface {
	// UsesPassphrase reports that a passphrase unlocks it.
	UsesPassphrase() bool
	// MayUseKeyring reports that the system's keyring may be used instead. It is
	// not in a profile that moves from computer to computer.
	MayUseKeyring() bool
	// ChangePassphrase puts a new passphrase in the place of the old one.
	ChangePassphrase(ctx context.Context, old, fresh []byte) error
	// UsePassphrase moves everything from the keyring to a file that the
	// passphrase unlocks.
	UsePassphrase(ctx context.Context, fresh []byte) error
	// UseKeyring moves everything from the file, which old unlocks, to the keyring.
	UseKeyring(ctx context.Context, old []byte) error
}
