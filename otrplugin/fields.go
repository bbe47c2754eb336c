package otrplugin

import (
	"culver/im"
	"culver/otrplugin/otr"
	"culver/plugin"
)

// The fields and buttons that more than one form has.
const (
	fieldOurs       = "ours"   // our fingerprint
	fieldTheirs     = "theirs" // the peer's
	fieldHistory    = "history"
	fieldPath       = "path"
	fieldGenerating = "generating"

	buttonOK           = "ok"
	buttonGo           = "go"
	buttonImport       = "import"
	buttonCancel       = "cancel"
	buttonClose        = "close"
	buttonHelp         = "help"
	buttonAuthenticate = "authenticate"
	buttonKeep         = "keep" // lines go on waiting; what is said is kept
	buttonDontKeep     = "dontkeep"
	buttonSend         = "send"
)

var (
	cancelButton       = plugin.Button{ID: buttonCancel, Label: "Cancel", Role: plugin.Cancel}
	authenticateButton = plugin.Button{ID: buttonAuthenticate, Label: "Authenticate", Role: plugin.Default}
	closeButton        = plugin.Button{ID: buttonClose, Label: "Close", Role: plugin.Cancel}
	tryAgainButton     = plugin.Button{ID: buttonAgain, Label: "Try again…", Role: plugin.Default}
	helpButton         = plugin.Button{ID: buttonHelp, Label: "Help"}
)

func note(text string) im.Field { return im.Field{Kind: im.FieldNote, Label: text} }

// onOff is a switch that tells at once.
func onOff(id, label string, on, off bool) im.Field {
	f := im.Field{ID: id, Kind: im.FieldSwitch, Label: label, Live: true, Off: off}
	if on {
		f.Value = im.On
	}
	return f
}

// press is a button inside a form.
func press(id, label string, off bool) im.Field {
	return im.Field{ID: id, Kind: im.FieldButton, Label: label, Off: off}
}

// codeField makes f show a fingerprint, in all the ways in which it can be given to
// somebody else.
func codeField(f im.Field, scheme, bare string, key otr.Fingerprint) im.Field {
	f.Kind, f.Value, f.Spoken, f.QR = im.FieldCode, key.String(), spoken(key), keyURI(scheme, bare, key)
	return f
}
