package plugin

import "culver/im"

// Courier is a plugin that carries what the two programs have to tell each other,
// inside the private conversations that it seals. Nobody else reads it, and no user
// is shown it. What the peer's program sends comes by [Host.Arrived].
type Courier interface {
	// Carry seals data for the program that sealed lines go to now, and sends it. An
	// error says in a sentence why nothing has left.
	Carry(c im.ConvID, data []byte) (Carried, error)
}

// MaxCarried is how many bytes of data is carried at once at most.
const MaxCarried = 56 << 10

// Carried is what was carried. One of the peer's was made by the program at the
// other end, and by nobody on the way; but that program may be anything.
type Carried struct {
	Data []byte
	// Secret is known to both programs and to nobody else: 32 bytes, the same for all
	// that was carried, either way, while the same keys were in use. It is the
	// receiver's, who wipes it.
	Secret []byte
	// Key names the key of the peer's that it is sealed with, and Device the
	// one where they are, if that is known.
	Key, Device string
	Seal        im.Seal
}
