// Package cargo is what a file transfer carries: offers of files, their contents
// sealed in chunks for the way, names that are safe to write, and the writing itself.
// docs/file-transfer.md has the format.
//
// Nothing here knows a network or a conversation. Values belong to the goroutine that
// made them.
package cargo
