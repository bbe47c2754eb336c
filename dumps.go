package main

import "os"

// A memory image of Culver holds what is otherwise nowhere in clear: keys,
// passwords, private lines. The system is not to make one, neither when the program
// crashes nor for another program of the same user.

// wantsDumps reports that a developer wants memory images nevertheless.
func wantsDumps() bool { return os.Getenv("CULVER_DUMPS") != "" }
