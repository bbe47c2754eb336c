// Package otrplugin is Off-the-Record messaging as a plugin: what the user sees
// and chooses of it. The protocol itself is package otr below.
//
// It owns one [otr.Session] for each conversation, one private key for each
// account (in the host's vault), and in the host's store the known fingerprints
// with the trust that the user put in them, the settings for all and those of
// single buddies, how each client writes, and an instance tag for each account.
// Everything here runs on the messenger's goroutine, except the work given to
// [plugin.Host.Go], which touches nothing but what was handed to it.
//
// What happens to a line that the user types:
//
//	typed --> OTR off, nothing private here -----> in clear
//	  |       switched off while it was wished --> held: the user may send it in clear
//	  |       our key is missing ----------------> held: it is read or made
//	  |       our key is out of reach -----------> refused, with a word
//	  v
//	session --Encrypted--> the peer's key was never accepted --> held: the user is asked
//	   |          |        the user refused it ----------------> held
//	   |          |        in doubt what the peer has ---------> held, query sent
//	   |          +------> else -------------------------------> sealed
//	   |------Finished---> refused, with a word
//	   +------Plaintext--> required, asked for, or the buddy is
//	                       known to speak OTR -----------------> held, query sent
//	                       else -------------------------------> in clear, with the offer
package otrplugin
