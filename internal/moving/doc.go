// Command moving is Culver without windows, for the tests of moving house: it opens
// a profile with a passphrase, backs it up and restores into it by the same forms
// that people see, and tells what the profile holds. Compiled for Windows, it shows
// that a backup means the same everywhere.
//
//	moving [-profile DIR] make FILE      write a backup of something of everything
//	moving [-profile DIR] restore FILE   restore a backup into the profile
//	moving [-profile DIR] backup FILE    back the profile up
//	moving [-profile DIR] tell           print what the profile holds, as JSON
//
// Without a folder, the profile is where Culver itself would look for it: beside a
// portable program. Everything runs on one goroutine beside the messenger's own.
package main
