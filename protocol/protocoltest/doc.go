// Package protocoltest holds what every chat network must do: the conformance
// suite of package protocol. A network's own tests call [Run] with two accounts
// of it, A and B, that know nothing of each other yet.
//
// The suite tests neutral behaviour only; what is particular to a network, and
// how it stands up to a hostile one, is tested beside it.
package protocoltest
