package gui

import (
	"fmt"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"culver/conversation"
	"culver/im"
)

// BenchmarkChatLines is BenchmarkTranscript with what people say: times, names, marks,
// formatting and links.
func BenchmarkChatLines(b *testing.B) {
	words := []string{"an ordinary line of a conversation", "see https://example.org/ for *that*", "yes", "> you said\nand I say _no_, at some length, so that it takes more than one row on the screen"}
	said := func(i int) im.Message {
		return im.Message{ID: fmt.Sprint(i), Conv: peer("bob"), Out: i%3 == 0, Text: conversation.Links(words[i%len(words)]), Time: time.Unix(int64(i)*60, 0), State: im.Delivered}
	}
	var all []im.Message
	for i := range 100_000 {
		all = append(all, said(i))
	}
	source := &chatLines{timeline: conversation.NewTimeline(all), icons: newIcons(),
		stamp: func(t time.Time) string { return stamp(t, time.Unix(6_000_000, 0), "") },
		name:  func() string { return "Bob" }, self: func() string { return "Alice" }}
	tr := shownTranscript(b, source, fyne.NewSize(600, 500))
	b.Run("scroll", func(b *testing.B) {
		tr.scrollTo(tr.heights.total() / 2)
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			dy := 60.0
			if i/500%2 == 1 {
				dy = -60
			}
			tr.scrollBy(dy)
		}
	})
	b.Run("append", func(b *testing.B) {
		tr.toEnd()
		b.ReportAllocs()
		for b.Loop() {
			source.timeline.Add(said(source.Len()))
			tr.appended()
		}
	})
}
