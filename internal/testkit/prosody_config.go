package testkit

import (
	"fmt"
	"strings"
	"time"
)

// prosodyConfig is the server's configuration. mod_limits is left out, because its
// throttle would be what load tests measure; archives stay in memory or are in a
// database, because the internal store reads all of an archive for each page of it.
func prosodyConfig(s *Server) string {
	o := s.options
	path := func(name string) string { return luaString(s.path(name)) }
	ssl := fmt.Sprintf("certificate = %s; key = %s;", luaString(s.CAFile), luaString(s.KeyFile))
	if o.TLS12 {
		ssl += ` protocol = "tlsv1_2";`
	}
	archive := "memory"
	if o.KeepArchive {
		archive = "sql"
	}
	var b strings.Builder
	fmt.Fprintf(&b, `run_as_root = true; daemonize = false
pidfile = %s; data_path = %s; plugin_paths = { %s }
log = { { levels = { min = "info" }, to = "file", filename = %s } }
`, path("prosody.pid"), path("data"), path("plugins"), luaString(s.logFile()))
	fmt.Fprintf(&b, `interfaces = { "127.0.0.1" }; http_interfaces = interfaces; https_interfaces = interfaces; proxy65_interfaces = interfaces
c2s_ports = { %d }; c2s_direct_tls_ports = { %d }; s2s_ports = {}; s2s_direct_tls_ports = {}
http_ports = { %d }; https_ports = { %d }; proxy65_ports = { %d }; component_ports = {}
`, s.C2S, s.DirectTLS, s.HTTP, s.HTTPS, s.Proxy65)
	fmt.Fprintf(&b, `certificates = %[1]s; admin_socket = %[2]s; http_host = %[3]s
ssl = { %[4]s }; c2s_direct_tls_ssl = ssl; https_ssl = ssl
`, luaString(s.dir), path("prosody.sock"), luaString(s.Host), ssl)
	fmt.Fprintf(&b, `c2s_require_encryption = true; authentication = "internal_hashed"; password_hash = "SHA-256"
default_storage = "internal"; storage = { archive = %[4]q; muc_log = %[4]q }
sql = { driver = "SQLite3"; database = "archive.sqlite" }
default_archive_policy = true; archive_expires_after = "never"
c2s_stanza_size_limit = %[1]d
smacks_hibernation_time = %[2]d; smacks_max_queue_size = 10000; allow_registration = %[3]v
modules_disabled = { "s2s", "s2s_auth_certs" }
`, stanzaLimit(o), seconds(resume(o)), o.Registration, archive)

	modules := []string{
		"posix", "disco", "roster", "saslauth", "tls", "presence", "message", "iq", "c2s", "offline", "private",
		"user_account_management", "ping", "time", "uptime", "version", "lastactivity",
	}
	for _, m := range []struct {
		off   bool
		names []string
	}{
		{o.NoRecord, []string{"recorder"}},
		{o.NoSM, []string{"smacks"}},
		{o.NoArchive, []string{"mam"}},
		{!o.KeepArchive, []string{"database"}},
		{o.NoCarbons, []string{"carbons"}},
		{o.NoCSI, []string{"csi", "csi_simple"}},
		{o.NoBlocking, []string{"blocklist"}},
		{o.NoPEP, []string{"pep", "bookmarks", "vcard4", "vcard_legacy"}},
		{!o.NoPEP, []string{"vcard"}},
		{!o.Registration, []string{"register_ibr"}},
	} {
		if !m.off {
			modules = append(modules, m.names...)
		}
	}
	fmt.Fprintf(&b, "modules_enabled = { \"%s\" }\n", strings.Join(modules, `"; "`))
	fmt.Fprintf(&b, "%s\nVirtualHost %s\n", o.Config, luaString(s.Host))

	component := func(name, module, settings string) {
		fmt.Fprintf(&b, "Component %s %s\n%s\n", luaString(name+"."+s.Host), luaString(module), settings)
	}
	if !o.NoRooms {
		log := `modules_enabled = { "muc_mam" }; `
		if o.NoArchive {
			log = ""
		}
		component("conference", "muc", log+"restrict_room_creation = false")
	}
	if !o.NoUpload {
		component("upload", "http_file_share", fmt.Sprintf(
			`http_file_share_size_limit = %d; http_external_url = "https://%s:%d/"`, uploadLimit(o), s.Host, s.HTTPS))
	}
	if !o.NoProxy {
		component("proxy", "proxy65", fmt.Sprintf("proxy65_address = %s; proxy65_acl = { %s }", luaString(s.Address), luaString(s.Host)))
	}
	return b.String()
}

// resume is for how long a lost session is kept.
func resume(o ServerOptions) time.Duration {
	if o.Resume == 0 {
		return time.Minute
	}
	return o.Resume
}

// stanzaLimit is how large a stanza of a client may be.
func stanzaLimit(o ServerOptions) int {
	if o.StanzaLimit == 0 {
		return 256 << 10
	}
	return o.StanzaLimit
}

// uploadLimit is how large a file may be that is uploaded.
func uploadLimit(o ServerOptions) int64 {
	if o.UploadLimit == 0 {
		return 10 << 20
	}
	return o.UploadLimit
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
