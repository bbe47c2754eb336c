// Package plugin is the contract between Culver's core and an optional feature,
// such as encryption.
//
// The core knows a few neutral ideas: text may be rewritten before it is shown
// ([Rewriter]) and transformed on its way ([Transformer]), a conversation sealed
// ([im.Seal]) and have actions ([Actor]), and a plugin may ask ([Form]), explain
// itself ([Guide]), listen ([Listener]) and want attention ([Attention]). Every method
// of a plugin runs on the messenger's goroutine and must not block; slow work goes
// through [Host.Go].
package plugin
