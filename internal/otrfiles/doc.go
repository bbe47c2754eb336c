// Package otrfiles sets Culver's reader and writer of OTR files
// (otrplugin/otr/libotr) beside libotr itself: what one writes the other has
// to read, and both have to write the same. It is tests, and libotrfiles, the
// program that does libotr's part; nothing of it is in Culver, and it owns
// nothing but the folders that its tests make.
package otrfiles
