package testkit

import (
	"fmt"
	"path/filepath"
	"strings"
)

// config is the server's configuration. mod_limits is left out, because its
// throttle would be what load tests measure; archives stay in memory, because
// the internal store slows down as it grows.
func (p *Prosody) config(o ProsodyOptions) string {
	path := func(name string) string { return luaString(filepath.Join(p.dir, name)) }
	protocol := ""
	if o.TLS12 {
		protocol = `protocol = "tlsv1_2";`
	}
	var b strings.Builder
	fmt.Fprintf(&b, `run_as_root = true; daemonize = false
pidfile = %s; data_path = %s; plugin_paths = { %s }
log = { { levels = { min = "info" }, to = "file", filename = %s } }
`, path("prosody.pid"), path("data"), path("plugins"), path("prosody.log"))
	fmt.Fprintf(&b, `interfaces = { "127.0.0.1" }
c2s_ports = { %d }; c2s_direct_tls_ports = { %d }; s2s_ports = {}; s2s_direct_tls_ports = {}
`, p.C2S, p.DirectTLS)
	fmt.Fprintf(&b, `certificates = %[1]s; admin_socket = %[2]s
ssl = { certificate = %[3]s; key = %[4]s; %[5]s }
c2s_direct_tls_ssl = { certificate = %[3]s; key = %[4]s; %[5]s }
`, luaString(p.dir), path("prosody.sock"), luaString(p.CAFile), luaString(p.KeyFile), protocol)
	b.WriteString(`c2s_require_encryption = true; authentication = "internal_hashed"; password_hash = "SHA-256"
default_storage = "internal"; storage = { archive = "memory" }
default_archive_policy = true; archive_expires_after = "never"
smacks_hibernation_time = 1
modules_disabled = { "s2s", "s2s_auth_certs" }
modules_enabled = { "recorder"; "posix"; "disco"; "roster"; "saslauth"; "tls"; "presence"; "message"; "iq"; "c2s"; "offline";
 "carbons"; "mam"; "smacks"; "csi"; "csi_simple"; "blocklist"; "pep"; "private"; "bookmarks"; "vcard4"; "vcard_legacy";
 "ping"; "time"; "uptime"; "version"; "lastactivity" }
`)
	fmt.Fprintf(&b, "%s\nVirtualHost %s\n", o.Config, luaString(p.Host))
	return b.String()
}

// luaString quotes s for Lua.
func luaString(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for i := range len(s) {
		if c := s[i]; c < ' ' || c == '"' || c == '\\' || c >= 0x7f {
			fmt.Fprintf(&b, "\\%03d", c)
		} else {
			b.WriteByte(c)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// luaFileName is the name under which Prosody keeps s on disk: all but letters
// and digits as %xx.
func luaFileName(s string) string {
	var b strings.Builder
	for i := range len(s) {
		switch c := s[i]; {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9':
			b.WriteByte(c)
		default:
			fmt.Fprintf(&b, "%%%02x", c)
		}
	}
	return b.String()
}
