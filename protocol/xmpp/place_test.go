package xmpp

import (
	"bytes"
	"errors"
	"slices"
	"testing"
)

// FuzzSkip: wherever it stops building, an element ends where the decoder sees
// its end, and what comes after it is read as if nothing had been.
func FuzzSkip(f *testing.F) {
	for _, inner := range poison() {
		if len(inner) < 4096 {
			f.Add([]byte("<message>"+inner+"</message>"), uint16(100))
		}
	}
	for _, s := range strangers {
		f.Add([]byte(s), uint16(20))
	}
	for _, s := range []string{
		"<a b='>' c=\"/>\">]]<b/>&gt;</a>", "<a><![CDATA[</a>]]]]>]]]></a>", "<a ><b / ></a >", "<a/>", "<a b='\"'/>",
		"<a><!-- x --></a>", "<a><?x y?></a>", "<x:a xmlns:x='y'/>", "<stream:stream/>", "<a\n\tb\n=\n'c'\n/>", "</stream:stream>",
	} {
		f.Add([]byte(s), uint16(3))
		f.Add([]byte(s), uint16(7))
	}
	f.Fuzz(func(t *testing.T, data []byte, limit uint16) {
		if len(data) == 0 || blank(data[:1]) {
			return // blanks count as nothing, and may be more than any limit
		}
		whole, left := reading(t, data)
		if _, err := whole.next(); err != nil || int64(limit) >= whole.src.used {
			return
		}
		end := left()
		want, wantErr := whole.next()

		cut, left := reading(t, data)
		cut.src.limit.Store(int64(limit))
		if _, err := cut.next(); !errors.Is(err, errTooLarge) {
			t.Fatalf("with a limit of %d: %v", limit, err)
		}
		if limit == 0 {
			return // it was not begun
		}
		if err := cut.drop(); err != nil {
			t.Fatalf("drop: %v", err)
		}
		if left() != end {
			t.Fatalf("dropped with %d bytes left, the element ends with %d", left(), end)
		}
		cut.src.limit.Store(maxStanza)
		got, gotErr := cut.next()
		if (gotErr == nil) != (wantErr == nil) || gotErr == nil && !bytes.Equal(got.marshal(), want.marshal()) {
			t.Errorf("then came %v, %v, want %v, %v", got, gotErr, want, wantErr)
		}
	})
}

// reading is a stream in which data and one more stanza come; left tells how
// many bytes of it are not read yet.
func reading(t *testing.T, data []byte) (s *stream, left func() int) {
	t.Helper()
	const header = "<?xml version='1.0'?><stream:stream xmlns='" + nsClient + "' xmlns:stream='" + nsStreams + "'>"
	r := bytes.NewReader(slices.Concat([]byte(header), data, []byte("<message/>")))
	s = newStream(nil, r)
	if err := s.begin(); err != nil {
		t.Fatalf("read the header: %v", err)
	}
	return s, func() int { return r.Len() + s.src.r.Buffered() }
}
