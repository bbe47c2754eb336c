// Package plugin is the contract between Culver's core and an optional feature,
// such as encryption.
//
// The core knows four neutral ideas: text may be transformed ([Transformer]), a
// conversation sealed ([im.Seal]), a target may have actions ([Actor]) and a
// plugin may ask ([Form]). Beside them, what the user types may be rewritten
// ([Rewriter]), and the user made aware of what came ([Listener]). Every method of
// a plugin runs on the messenger's goroutine and must not block; slow work goes
// through [Host.Go].
package plugin
