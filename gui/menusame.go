package gui

import (
	"fmt"
	"strings"

	"fyne.io/fyne/v2"
)

// menuWords is all that can be seen of menus. Those that look as before are left as they
// are: to replace them would close one that is open, under the pointer.
func menuWords(menus ...*fyne.Menu) string {
	var out strings.Builder
	for _, m := range menus {
		fmt.Fprintf(&out, "%q{", m.Label)
		for _, i := range m.Items {
			fmt.Fprintf(&out, "%q %t %t %t ", i.Label, i.IsSeparator, i.Checked, i.Disabled)
			if i.ChildMenu != nil {
				out.WriteString(menuWords(i.ChildMenu))
			}
		}
		out.WriteString("}")
	}
	return out.String()
}
