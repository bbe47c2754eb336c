package messenger

import (
	"fmt"
	"path/filepath"
	"strings"

	"culver/cargo"
	"culver/conversation"
	"culver/im"
	"culver/lang"
	"culver/plugin"
)

// The fields and buttons of the forms.
const (
	transferFile    = "file"
	transferSave    = "save"
	transferDecline = "decline"
)

// ask shows the form of an offer.
func (s *shipment) ask() {
	if s.State != TransferOffered {
		return
	}
	if s.form != nil {
		s.form.raise()
		return
	}
	path := filepath.Join(s.m.downloads(), cargo.Name(s.offer.Title()))
	if s.Files > 1 && s.offer.Folder() == "" {
		path = s.m.downloads()
	}
	s.form = s.m.ask(s.Conv, s.offerForm(path), func(a plugin.Answers) {
		switch {
		case a.Action == transferSave:
			s.accept(a.Values[transferFile])
		case a.Action == transferDecline:
			s.decline()
		case ending(a.Action):
			s.closeForm()
		}
	})
}

func (s *shipment) closeForm() {
	if s.form != nil {
		s.form.Close()
		s.form = nil
	}
}

func (s *shipment) offerForm(path string) plugin.Form {
	name := s.m.nameOf(s.Conv)
	label := lang.T("Save as")
	fields := []im.Field{}
	if s.Files > 1 {
		label = lang.T("Folder")
		table := im.Field{ID: "files", Kind: im.FieldTable, Label: lang.T("Files"), Columns: []string{lang.T("Name"), lang.T("Size")}}
		for _, f := range s.offer.Files {
			shown := conversation.Name(strings.Join(cargo.Place(f.Path), " / "))
			table.Rows = append(table.Rows, im.Row{ID: im.Number(len(table.Rows)), Cells: []string{shown, Bytes(f.Size)},
				Keys: []string{"", fmt.Sprintf("%020d", f.Size)}})
		}
		fields = append(fields, table)
	}
	protected := lang.F("Only you and %s can read it on its way.", name)
	if s.Seal.Level != im.Verified {
		protected = lang.F("Only you and %[1]s can read it on its way. But you have not verified that it is %[1]s at the other end.", name)
	}
	fields = append(fields,
		im.Field{ID: transferFile, Kind: im.FieldFile, Label: label, Value: path, Save: true},
		im.Field{Kind: im.FieldNote, Label: protected},
	)
	f := plugin.Page(lang.F("File from %s", name), lang.F("%s wants to send you %s.", name, s.What()), fields,
		plugin.Button{ID: transferDecline, Label: lang.T("Decline")}, plugin.Button{ID: buttonCancel, Label: lang.T("Decide later"), Role: plugin.Cancel},
		plugin.Button{ID: transferSave, Label: lang.T("Save"), Role: plugin.Default})
	f.Quiet = true
	if s.Program {
		f.Warning = lang.F("This may be a program. Opened, it could do anything on your computer. Save it only if you expected it from %s.", name)
		if s.Files > 1 {
			f.Warning = lang.F("There may be a program among these. Opened, it could do anything on your computer. Save it only if you expected it from %s.", name)
		}
	}
	return f
}

// askHost asks whether to fetch from a host, before anything is fetched from there.
func (s *shipment) askHost() {
	host, name := s.Host, s.m.nameOf(s.Conv)
	f := plugin.Page(lang.F("Fetch from %s?", s.Host),
		lang.F("%s has left %s, encrypted, at %s. Whoever runs that server learns your address on the Internet when you fetch it.", name, s.What(), s.Host), nil,
		cancelButton(), plugin.Button{ID: "fetch", Label: lang.T("Fetch"), Role: plugin.Default})
	s.closeForm()
	s.form = s.m.ask(s.Conv, f, func(a plugin.Answers) {
		s.closeForm()
		if a.Action != "fetch" {
			s.cancel()
			return
		}
		s.agreed = host
		s.goOn()
	})
}
