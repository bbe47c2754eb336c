// Package foreign reads what other chat programs keep on this computer: where
// their folders are, and in them accounts, buddies, files for plugins, and the
// logs of conversations. All of it comes out as neutral values, which know no
// program any more.
//
// Everything that is read is hostile data: it may be damaged, or made by
// somebody to do harm. Sizes, depths and counts are bounded; no link leads out of
// a program's folder; nothing that a file names is opened or run. Nothing is ever
// written.
//
// The package owns no goroutine and keeps no state. A [Profile] belongs to
// whoever read it, one goroutine at a time; reading waits for the disk, so it is
// done beside the messenger.
package foreign
