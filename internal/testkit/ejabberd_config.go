package testkit

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// ejabberdConfig is the server's configuration. It has no shapers, for the reason
// for which Prosody's has no limits.
func ejabberdConfig(s *Server) string {
	o := s.options
	var b strings.Builder
	fmt.Fprintf(&b, `hosts: [%q]
certfiles: [%q]
ca_file: %q
auth_method: internal
auth_password_format: scram
auth_scram_hash: sha256
registration_timeout: infinity
default_db: mnesia
s2s_access: none
`, s.Host, s.path("server.pem"), s.CAFile)
	if o.TLS12 {
		b.WriteString("c2s_protocol_options: [no_sslv3, no_tlsv1, no_tlsv1_1, no_tlsv1_3]\n")
	}
	fmt.Fprintf(&b, `listen:
  - { port: %[2]d, ip: "127.0.0.1", module: ejabberd_c2s, max_stanza_size: %[1]d, starttls_required: true, shaper: none }
  - { port: %[3]d, ip: "127.0.0.1", module: ejabberd_c2s, max_stanza_size: %[1]d, tls: true, shaper: none }
  - { port: %[4]d, ip: "127.0.0.1", module: ejabberd_http, tls: true, request_handlers: { /upload: mod_http_upload } }
  - { port: %[5]d, ip: "127.0.0.1", module: ejabberd_http, request_handlers: { /upload: mod_http_upload, /api: mod_http_api, /sync: mod_testkit } }
acl: { loopback: { ip: ["127.0.0.0/8"] }, local: { user_regexp: "" } }
access_rules: { local: { allow: local }, trusted_network: { allow: loopback } }
api_permissions: { "loop": { from: [mod_http_api], who: { acl: loopback }, what: "*" } }
`, stanzaLimit(o), s.C2S, s.DirectTLS, s.HTTPS, s.HTTP)

	modules := ejabberdModules(s)
	maps.Copy(modules, o.Modules)
	b.WriteString("modules:\n")
	for _, name := range slices.Sorted(maps.Keys(modules)) {
		if modules[name] != "" {
			fmt.Fprintf(&b, "  %s: %s\n", name, modules[name])
		}
	}
	b.WriteString(o.YAML)
	return b.String()
}

// ejabberdModules are the modules with their options.
func ejabberdModules(s *Server) map[string]string {
	o := s.options
	modules := map[string]string{"mod_testkit": "{}"}
	with := func(off bool, name, options string) {
		if !off {
			modules[name] = "{ " + options + " }"
		}
	}
	for _, name := range []string{
		"mod_adhoc", "mod_admin_extra", "mod_caps", "mod_disco", "mod_http_api", "mod_last", "mod_offline", "mod_ping",
		"mod_private", "mod_version",
	} {
		with(false, name, "")
	}
	register := "access: none"
	if o.Registration {
		register = "ip_access: all, password_strength: 0"
	}
	with(false, "mod_register", register)
	with(false, "mod_roster", "versioning: true")
	with(false, "mod_vcard", "search: false")
	with(o.NoPEP, "mod_avatar", "")
	with(o.NoPEP, "mod_vcard_xupdate", "")
	with(o.NoPEP, "mod_pubsub",
		`plugins: [flat, pep], max_items_node: 1000, force_node_config: { "storage:bookmarks": { access_model: whitelist } }`)
	with(o.NoBlocking, "mod_privacy", "")
	with(o.NoBlocking, "mod_blocking", "")
	with(o.NoCarbons, "mod_carboncopy", "")
	with(o.NoCSI, "mod_client_state", "")
	with(o.NoArchive, "mod_mam", "assume_mam_usage: true, default: always, compress_xml: false")
	with(o.NoSM, "mod_stream_mgmt",
		fmt.Sprintf("resend_on_timeout: if_offline, resume_timeout: %d, max_ack_queue: 10000", seconds(resume(o))))
	with(o.NoRooms, "mod_muc", "host: "+strconv.Quote("conference."+s.Host)+
		", default_room_options: { mam: "+strconv.FormatBool(!o.NoArchive)+" }")
	with(o.NoUpload, "mod_http_upload", fmt.Sprintf(`put_url: "https://%s:%d/upload", docroot: %q, host: "upload.%[1]s", max_size: %[4]d`,
		s.Host, s.HTTPS, s.path("upload"), uploadLimit(o)))
	with(o.NoProxy, "mod_proxy65", fmt.Sprintf(`host: "proxy.%s", ip: "127.0.0.1", port: %d`, s.Host, s.Proxy65))
	return modules
}
