package testkit

import "fmt"

// prosodyRecorder is a module of Prosody that writes each element to a file, before
// any other filter sees it on its way in, and after all others on its way out.
func prosodyRecorder(file string) string {
	return fmt.Sprintf(`module:set_global();
local filters = require "util.filters";
local out = assert(io.open(%s, "a"));
local function recorder(direction, session)
	return function (stanza)
		local text = tostring(stanza):gsub("\n", "&#10;");
		out:write(direction, " ", session.full_jid or "-", " ", text, "\n");
		out:flush();
		return stanza;
	end
end
filters.add_filter_hook(function (session)
	if session.type ~= "c2s" and session.type ~= "c2s_unauthed" then return; end
	filters.add_filter(session, "stanzas/in", recorder(">", session), 1000);
	filters.add_filter(session, "stanzas/out", recorder("<", session), -1000);
end);
`, luaString(file))
}
