// Package backup writes and reads Culver's backups: one file that holds all that a
// user has, so that it can move house.
//
// The file is encrypted with a passphrase in the format of age (age-encryption.org,
// version 1, with a scrypt recipient), so that its owner can open it without Culver:
// "age -d". Inside is a tar archive:
//
//	manifest.json          what it is: the version of this format, of Culver, and when
//	accounts.json          accounts, one a line
//	buddies.json           their buddies as they were last seen, one a line
//	passwords.json         their passwords, one a line, if they were chosen
//	settings.json          the settings of the program, one a line
//	choices.json           drafts, and what was chosen for conversations, one a line
//	plugins/ID/NAME        what belongs to plugins, as they like it
//	history/NUMBER.jsonl   lines of conversations, one a line, in pieces
//
// What is in it is only data: names in the archive are no paths. A file that was cut
// or changed is refused as a whole, because all of it is read and verified before
// any of it is handed out.
//
// The package keeps no state but in a [Writer] and an [Opened], each of which belongs
// to one goroutine at a time; they read and write what they are given, and compute
// for about a second to turn a passphrase into a key.
package backup
