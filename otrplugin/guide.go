package otrplugin

import (
	"culver/plugin"
	"culver/plugin/pages"
)

// The pages of the guide.
const (
	pageLevels       = "levels"
	pageAuthenticate = "authenticate"
	pageUnverified   = "unverified"
	pageKeyChange    = "keychange"
	pageSessions     = "sessions"
	pageDetails      = "details"
	pageNoReply      = "noreply"
	pageWaiting      = "waiting"
)

// Guide is the pages that explain OTR to people.
func (p *Plugin) Guide() []plugin.GuidePage {
	return []plugin.GuidePage{
		pages.New(pluginID, pageLevels, levelsGuide()),
		pages.New(pluginID, pageAuthenticate, authenticateGuide()),
		pages.New(pluginID, pageUnverified, unverifiedGuide()),
		pages.New(pluginID, pageKeyChange, keyChangeGuide()),
		pages.New(pluginID, pageWaiting, waitingGuide()),
		pages.New(pluginID, pageNoReply, noReplyGuide()),
		pages.New(pluginID, pageSessions, sessionsGuide()),
		pages.New(pluginID, pageDetails, detailsGuide()),
	}
}
