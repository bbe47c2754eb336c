// Package windows runs the unit tests of Culver's packages as Windows programs, under
// Wine: those that touch files, clocks and locks first of all. Its tests have the
// build tag wine; `make test-windows` runs them.
package windows
