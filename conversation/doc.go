// Package conversation is one chat: the pipeline that text passes on its way out
// and in, which fails closed for every plugin; the clean-up of what peers send;
// and the timeline of lines, as a reducer that front ends keep a replica of.
//
// It owns no goroutine. A [Timeline] belongs to whoever made it; the functions
// keep nothing.
package conversation
