package otrplugin

import (
	"culver/im"
	"culver/lang"
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

func cancelButton() plugin.Button {
	return plugin.Button{ID: buttonCancel, Label: lang.T("Cancel"), Role: plugin.Cancel}
}

func authenticateButton() plugin.Button {
	return plugin.Button{ID: buttonAuthenticate, Label: lang.T("Authenticate"), Role: plugin.Default}
}

func closeButton() plugin.Button {
	return plugin.Button{ID: buttonClose, Label: lang.T("Close"), Role: plugin.Cancel}
}

func tryAgainButton() plugin.Button {
	return plugin.Button{ID: buttonAgain, Label: lang.T("Try again…"), Role: plugin.Default}
}

func helpButton() plugin.Button { return plugin.Button{ID: buttonHelp, Label: lang.T("Help")} }

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
