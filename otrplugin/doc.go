// Package otrplugin is Off-the-Record messaging as a plugin: what the user sees
// and chooses of it. The protocol itself is package otr below.
//
// It owns one [otr.Session] for each conversation, one private key for each
// account (in the host's vault), the known fingerprints with the trust that the
// user put in them, and the settings (in the host's store). Everything here
// runs on the messenger's goroutine, except the work given to [plugin.Host.Go],
// which touches nothing but what was handed to it.
//
// What happens to a line that the user types:
//
//	             no key yet            key there
//	typed --> [held: key is made] --> session? --Encrypted--> sealed (or held: new key, ask)
//	                                     |------Finished----> refused, with a word
//	                                     |------Plaintext---> required, asked for, or the buddy is known
//	                                                          to speak OTR: held, query sent
//	                                                          else: in clear, with the offer
package otrplugin
