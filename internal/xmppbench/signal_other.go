//go:build !unix

package main

import "errors"

// hold stops a process where it is, and release lets it go on: not on this system.
func hold(int) error    { return errors.ErrUnsupported }
func release(int) error { return errors.ErrUnsupported }
