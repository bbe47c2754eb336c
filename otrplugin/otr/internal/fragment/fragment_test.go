package fragment

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"
)

var now = time.Unix(1700000000, 0)

// split cuts a message as a session does.
func split(msg []byte, size, version int, from, to uint32) ([][]byte, error) {
	c, err := Plan(len(msg), size, version, from, to)
	if err != nil {
		return nil, err
	}
	return c.Split(append(make([]byte, c.Lead()), msg...)), nil
}

func TestSplitAndAdd(t *testing.T) {
	msg := []byte("?OTR:" + strings.Repeat("abcdefgh", 12000) + ".")
	for _, version := range []int{2, 3} {
		for _, size := range []int{1, 64, 65, 100, 200, 400, 65535, len(msg) - 1, len(msg)} {
			pieces, err := split(msg, size, version, 0x5a73a599, 0x27e31597)
			if err != nil {
				t.Fatal(err)
			}
			var s Store
			for k, piece := range pieces {
				if len(piece) > max(size, MinSize) {
					t.Fatalf("a piece of %d bytes for a size of %d", len(piece), size)
				}
				if len(pieces) == 1 {
					break
				}
				p, ok := Parse(piece)
				if !ok || !p.Legal() || p.Version != version || int(p.K) != k+1 || int(p.N) != len(pieces) {
					t.Fatalf("piece %d does not parse: %.60q", k, piece)
				}
				if version == 3 && (p.From != 0x5a73a599 || p.To != 0x27e31597) {
					t.Fatal("other tags")
				}
				got, complete := s.Add(p, now)
				if complete != (k+1 == len(pieces)) || complete && !bytes.Equal(got, msg) {
					t.Fatal("something else came back")
				}
			}
			if s.Len() != 0 {
				t.Fatal("something is left")
			}
		}
	}
	if _, err := split(make([]byte, 4<<20), 64, 3, 0x100, 0x100); err != ErrTooLong {
		t.Fatal("more pieces than numbers")
	}
}

// The example of the protocol description.
func TestExample(t *testing.T) {
	p, ok := Parse([]byte("?OTR|5a73a599|27e31597,00001,00003,?OTR:AAMDJ+MVmSfjFZcAAAAAA,"))
	if !ok || p.From != 0x5a73a599 || p.To != 0x27e31597 || p.K != 1 || p.N != 3 || string(p.Text) != "?OTR:AAMDJ+MVmSfjFZcAAAAAA" {
		t.Fatalf("%+v", p)
	}
}

func TestParse(t *testing.T) {
	for _, bad := range []string{
		"", "?OTR", "?OTR,", "?OTR,1,", "?OTR,1,2", "?OTR,1,2,", "?OTR,1,2,x", "?OTR,,2,x,", "?OTR,-1,2,x,", "?OTR,1.0,2,x,",
		"?OTR|", "?OTR|1|2,3,4,", "?OTR|g|2,1,1,x,", "?OTR|1,1,1,x,", "?OTR|1||1,1,x,", "?OTR|0x1|2,1,1,x,",
	} {
		if p, ok := Parse([]byte(bad)); ok {
			t.Errorf("%q parses: %+v", bad, p)
		}
	}
	for _, illegal := range []string{
		"?OTR,0,0,x,", "?OTR,0,1,x,", "?OTR,1,2,,", "?OTR,1,1,,", "?OTR,2,1,x,", "?OTR,1,65536,x,", "?OTR,65536,65536,x,", "?OTR,1,4294967297,x,",
		"?OTR,99999999999999999999999,99999999999999999999999,x,", "?OTR|ffffffffffffffff|1,0,1,x,",
	} {
		p, ok := Parse([]byte(illegal))
		if !ok || p.Legal() {
			t.Errorf("%q is legal: %+v", illegal, p)
		}
		var s Store
		if msg, complete := s.Add(p, now); complete || msg != nil || s.Len() > 0 {
			t.Errorf("%q was kept", illegal)
		}
	}
	for _, odd := range []string{"?OTR,1,2,x,", "?OTR,00000000001,0002,x,", "?OTR|100|abc,1,2,x,", "?OTR|00000000100|ABC,1,2,x,rest"} {
		if p, ok := Parse([]byte(odd)); !ok || !p.Legal() || p.K != 1 || p.N != 2 || string(p.Text) != "x" {
			t.Errorf("%q: %+v", odd, p)
		}
	}
}

func TestOrder(t *testing.T) {
	for script, want := range map[string]string{
		"1/3a 2/3b 3/3c":             "abc",
		"1/3a 3/3c 2/3b":             "",
		"2/3b 3/3c":                  "",
		"1/3a 2/3b 2/3b 3/3c":        "",
		"1/3x 1/3a 2/3b 3/3c":        "abc",
		"1/3a 2/4b 3/3c":             "",
		"1/2a 0/0z 2/2b":             "ab",
		"1/1a":                       "a",
		"1/2a 1/1z 2/2b":             "z",
		"1/3a 2/3b 1/2c 2/2d":        "cd",
		"1/2a 2/2b 2/2b":             "ab",
		"1/65535a 65535/65535b 3/3c": "",
		"1/3a 4/3x 2/3b 3/3c":        "abc",
	} {
		var s Store
		got := ""
		for _, word := range strings.Fields(script) {
			var p Piece
			var text string
			if _, err := fmt.Sscanf(word, "%d/%d%s", &p.K, &p.N, &text); err != nil {
				t.Fatal(err)
			}
			p.Text = []byte(text)
			if msg, complete := s.Add(p, now); complete {
				got += string(msg)
			}
		}
		if got != want {
			t.Errorf("%s: %q, want %q", script, got, want)
		}
	}
}

func TestLimits(t *testing.T) {
	var s Store
	for tag := range uint32(1000) { // a crowd of senders
		s.Add(Piece{From: tag, K: 1, N: 2, Text: []byte("x")}, now)
	}
	if s.Len() > MaxOpen {
		t.Fatalf("%d unfinished messages", s.Len())
	}
	s = Store{}
	big := make([]byte, 64<<10)
	for k := range uint32(MaxPieces) { // one endless message
		if _, complete := s.Add(Piece{From: 1, K: k + 1, N: MaxPieces, Text: big}, now); complete {
			t.Fatal("4 GiB came together")
		}
		if s.total > MaxMessage {
			t.Fatalf("%d bytes kept", s.total)
		}
	}
	for k := range uint32(16) { // many large ones
		for tag := range uint32(MaxOpen) {
			s.Add(Piece{From: tag, K: k + 1, N: 17, Text: big}, now)
		}
		if s.total > MaxTotal {
			t.Fatalf("%d bytes kept", s.total)
		}
	}
	s.Expire(now.Add(MaxAge + time.Second))
	if s.Len() != 0 {
		t.Fatal("stale pieces kept")
	}
}

// What is kept grows with what has come, not with what was promised, and a
// message in one piece is a copy.
func TestGrowth(t *testing.T) {
	var s Store
	piece := make([]byte, 100)
	for k := range uint32(3000) {
		s.Add(Piece{From: 1, K: k + 1, N: MaxPieces, Text: piece}, now)
		if room, come := cap(s.open[0].text), int(k+1)*len(piece); room > 2*come+come/4+1024 {
			t.Fatalf("room for %d bytes when %d have come", room, come)
		}
	}
	msg, complete := s.Add(Piece{From: 1, K: 1, N: 1, Text: piece}, now)
	if msg[0] = 1; !complete || piece[0] != 0 || s.total != 0 || s.Len() != 0 {
		t.Fatal("not a copy, or something is left")
	}
}

// FuzzFragments feeds the store lines, and checks what it may never do.
func FuzzFragments(f *testing.F) {
	f.Add([]byte("?OTR,1,2,a,\n?OTR,2,2,b,"))
	f.Add([]byte("?OTR|100|200,00001,00003,a,\n?OTR|100|200,2,3,b,\n?OTR|100|200,3,3,c,"))
	f.Add([]byte("?OTR,0,0,x,\n?OTR,65535,65535,x,\n?OTR,65536,1,x,"))
	f.Add([]byte("?OTR,1,4294967295,x,\n?OTR|ffffffffffff|-1,1,1,x,"))
	f.Add([]byte("?OTR:===.\n?OTR,1,1,?OTR:===.,"))
	f.Fuzz(func(t *testing.T, lines []byte) {
		var s Store
		at, total := now, 0
		for line := range bytes.SplitSeq(lines, []byte("\n")) {
			p, ok := Parse(line)
			if !ok {
				continue
			}
			total += len(p.Text)
			at = at.Add(time.Second)
			if msg, complete := s.Add(p, at); complete && (!p.Legal() || len(msg) > total || p.K != p.N) {
				t.Fatalf("%q came of %+v", msg, p)
			}
			if s.Len() > MaxOpen || s.total > total {
				t.Fatal("too much kept")
			}
		}
		if len(lines) == 0 {
			return
		}
		size, version := 64+int(lines[0]), 2+len(lines)%2
		pieces, err := split(lines, size, version, 0x100, 0x200)
		if err != nil {
			t.Fatal(err)
		}
		if len(pieces) == 1 || bytes.IndexByte(lines, ',') >= 0 {
			return // a piece cannot hold a comma
		}
		for k, piece := range pieces {
			p, ok := Parse(piece)
			if !ok || len(piece) > size {
				t.Fatalf("bad piece %q", piece)
			}
			if msg, complete := s.Add(p, at); complete != (k+1 == len(pieces)) || complete && !bytes.Equal(msg, lines) {
				t.Fatal("something else came back")
			}
		}
	})
}
