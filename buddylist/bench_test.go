package buddylist

import (
	"fmt"
	"testing"

	"culver/im"
)

// many is how many buddies a large list has, of whom every tenth is online.
const many = 10000

func large() *List {
	l := New()
	for i := range many {
		l.Apply(Buddy{im.Buddy{Account: "x:a", Bare: fmt.Sprintf("buddy%d@example.net", i*7919%many), Name: fmt.Sprintf("Buddy %d", i),
			Subscription: im.SubscriptionBoth, Groups: []string{fmt.Sprintf("Group %d", i%20)}}})
		if i%10 == 0 {
			l.Apply(comes(i*7919%many, im.Available))
		}
	}
	return l
}

func comes(i int, show im.Show) Event {
	return Presence{Account: "x:a", From: im.Addr{Bare: fmt.Sprintf("buddy%d@example.net", i), Resource: "r"}, Presence: im.Presence{Show: show}}
}

// draw asks for the rows that fit on a screen.
func draw(b *testing.B, d *Display, v View) {
	d.Update(v)
	for i := range min(30, d.Len()) {
		if d.Row(i).Title == "nobody" {
			b.Fatal("nobody")
		}
	}
}

// BenchmarkPresence: somebody on a large list that is on the screen comes or goes.
func BenchmarkPresence(b *testing.B) {
	for _, v := range []View{{ShowOffline: true}, {}, {ShowOffline: true, Sort: ByName}} {
		b.Run(fmt.Sprintf("offline=%v,sort=%d", v.ShowOffline, v.Sort), func(b *testing.B) {
			l := large()
			d := l.Display()
			draw(b, d, v)
			i := 0
			for b.Loop() {
				i++
				l.Apply(comes(i%many, im.Show(i/many%2)*im.Available))
				draw(b, d, v)
			}
		})
	}
}

// BenchmarkBurst: all sign on, a hundred between two looks at the list.
func BenchmarkBurst(b *testing.B) {
	l := large()
	d := l.Display()
	show := im.Available
	for b.Loop() {
		show = im.Away + im.Available - show
		for i := range many {
			l.Apply(comes(i, show))
			if i%100 == 99 {
				draw(b, d, View{})
			}
		}
	}
}

// BenchmarkWhole: the view of a large list becomes another.
func BenchmarkWhole(b *testing.B) {
	l := large()
	d := l.Display()
	v := View{}
	for b.Loop() {
		v.ShowOffline = !v.ShowOffline
		draw(b, d, v)
	}
}
