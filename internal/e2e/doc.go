// Package e2e tests the program as people use it: two of them, each with the real
// Culver on a virtual display of their own, by mouse and keyboard, over a real
// Prosody, one with a real keyring and one with a passphrase.
//
// Its tests need the built program, named by the environment variable CULVER, and
// the tag e2e: `make integration` runs them. If CULVER_E2E_OUT names a folder, they
// leave pictures of what they see there.
package e2e
