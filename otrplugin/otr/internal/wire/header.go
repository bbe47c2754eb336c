package wire

// Type is the type of a binary message.
type Type byte

// The message types.
const (
	DHCommit  Type = 0x02
	Data      Type = 0x03
	DHKey     Type = 0x0a
	RevealSig Type = 0x11
	Signature Type = 0x12
)

// Header starts every binary message. The tags are 0 in version 2.
type Header struct {
	Version  uint16
	Type     Type
	From, To uint32 // instance tags
}

// Append appends the header.
func (h Header) Append(b []byte) []byte {
	b = append(AppendShort(b, h.Version), byte(h.Type))
	if h.Version >= 3 {
		b = AppendInt(AppendInt(b, h.From), h.To)
	}
	return b
}

// Header reads a header of version 2 or 3 and one of the known types.
func (r *Reader) Header() (h Header) {
	h.Version = r.Short()
	h.Type = Type(r.Byte())
	switch h.Version {
	case 2:
	case 3:
		h.From, h.To = r.Int(), r.Int()
	default:
		r.failed = true
	}
	switch h.Type {
	case DHCommit, Data, DHKey, RevealSig, Signature:
	default:
		r.failed = true
	}
	return h
}
