//go:build unix && !darwin

package storage

// systemChildren are the children that only this kind of system can do.
var systemChildren = map[string]func(args []string) error{
	"keyring": keyringChild, "mover": moverChild,
	"full": fullChild,
}
