package difference

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"culver/otrplugin/otr/internal/discovery"
	"culver/otrplugin/otr/internal/fragment"
	"culver/otrplugin/otr/internal/tlv"
	"culver/otrplugin/otr/internal/wire"
)

// Question is what is asked of both.
type Question byte

// The questions.
const (
	WhatIsIt Question = 'c' // what is this message?
	Armour   Question = 'a' // what does it decode to?
	Records  Question = 't' // which records has this payload?
	Pieces   Question = 'f' // what becomes of these pieces? Each ends in NUL.
)

// questions are all of them.
const questions = "catf"

// kinds are libotr's message types, by their numbers there.
var kinds = [...]string{
	"plain", "tagged", "query", "commit", "key", "reveal", "signature", "v1 key exchange", "data", "error", "unknown",
}

// types are the names of our types of binary messages.
var types = map[wire.Type]string{
	wire.DHCommit: "commit", wire.DHKey: "key", wire.RevealSig: "reveal", wire.Signature: "signature", wire.Data: "data",
}

// Ours is our answer.
func Ours(q Question, in []byte) string {
	switch q {
	case WhatIsIt:
		return ourReading(in)
	case Armour:
		if m := discovery.Read(in); m.Kind == discovery.Armoured && m.Dotted {
			return "=" + hex.EncodeToString(m.Body)
		}
		return "none"
	case Records:
		var b strings.Builder
		_, records := tlv.Split(append([]byte{0}, in...))
		for _, r := range records {
			fmt.Fprintf(&b, "%d=%x ", r.Type, r.Value)
		}
		return b.String()
	default:
		return ourPieces(in)
	}
}

// ourReading says what a message is, in the words of readTheirs.
func ourReading(in []byte) string {
	m := discovery.Read(in)
	rest, offered, tagged := discovery.CutOffer(in)
	is, version, tags, flags := "plain", 0, "none", "none"
	switch m.Kind {
	case discovery.Plain:
		if tagged {
			is = "tagged"
		}
	case discovery.Query:
		is = "query"
	case discovery.Error:
		is = "error"
	case discovery.Piece:
		is = "piece"
	case discovery.TooLong:
		is = "too long"
	case discovery.Armoured:
		is = "unknown"
		r := wire.NewReader(m.Body)
		h := r.Header()
		if !r.OK() {
			break
		}
		is, version = types[h.Type], int(h.Version)
		if version == 3 {
			tags = fmt.Sprintf("%08x,%08x", h.From, h.To)
		}
		if f := r.Byte(); h.Type == wire.Data && r.OK() {
			flags = fmt.Sprintf("%02x", f)
		}
	}
	cut := "none"
	if tagged {
		cut = string(rest)
	}
	return fmt.Sprintf("%s version=%d tags=%s query=%s flags=%s; offer=%s cut=%q",
		is, version, tags, bests(m.Offered), flags, bests(offered), cut)
}

// bests are the best versions for who allows 2, 3, and both.
func bests(offered discovery.Versions) (s string) {
	for _, allowed := range []discovery.Versions{discovery.V2, discovery.V3, discovery.V2 | discovery.V3} {
		s += fmt.Sprint(discovery.Best(offered, allowed))
	}
	return s
}

// ourPieces puts pieces together as a session does, all of them from one sender.
func ourPieces(in []byte) string {
	var store fragment.Store
	var b strings.Builder
	for len(in) > 0 {
		var msg []byte
		msg, in, _ = bytes.Cut(in, []byte{0})
		m := discovery.Read(msg)
		if m.Kind != discovery.Piece {
			store.Forget(0)
			b.WriteString("- ")
			continue
		}
		m.Piece.From = 0
		if whole, complete := store.Add(m.Piece, time.Time{}); complete {
			fmt.Fprintf(&b, "=%x ", whole)
		} else {
			b.WriteString("+ ")
		}
	}
	return b.String()
}

// readTheirs puts libotr's answer in our words.
func readTheirs(q Question, in []byte, answer string) (string, error) {
	if q != WhatIsIt {
		return answer, nil
	}
	var kind, version int
	var tags, query, offer, cut, flags string
	_, err := fmt.Sscanf(answer, "type=%d version=%d tags=%s query=%s offer=%s cut=%s flags=%s",
		&kind, &version, &tags, &query, &offer, &cut, &flags)
	if err != nil || kind < 0 || kind >= len(kinds) {
		return "", fmt.Errorf("answer %q: %w", answer, err)
	}
	var start, end int
	if n, _ := fmt.Sscanf(cut, "%d,%d", &start, &end); n == 2 {
		cut = string(in[:start]) + string(in[end:])
	}
	return fmt.Sprintf("%s version=%d tags=%s query=%s flags=%s; offer=%s cut=%q",
		kinds[kind], version, tags, query, flags, offer, cut), nil
}
