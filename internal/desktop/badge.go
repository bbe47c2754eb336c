package desktop

import "github.com/godbus/dbus/v5"

// Badge puts a number on the program's icon in docks and task bars that show one
// (com.canonical.Unity.LauncherEntry: those of KDE and Ubuntu, and others); 0: none.
func (s *Session) Badge(n int) { s.work.Put(func(b *bus) { b.badge(n) }) }

func (b *bus) badge(n int) {
	if n == b.counted {
		return
	}
	conn := b.connection()
	if conn == nil {
		return
	}
	b.counted = n
	_ = conn.Emit("/im/culver/Culver", "com.canonical.Unity.LauncherEntry.Update", "application://"+b.app.ID+".desktop", map[string]dbus.Variant{
		"count": dbus.MakeVariant(int64(n)), "count-visible": dbus.MakeVariant(n > 0), "urgent": dbus.MakeVariant(n > 0),
	})
}
