package xmpp

import (
	"bytes"
	"encoding/base64"
	"image"
	"image/png"
	"slices"
	"strconv"
	"strings"
	"testing"

	"mellium.im/xmpp/jid"

	"culver/im"
	"culver/internal/testkit"
	"culver/protocol"
)

// questioned reads the questions in a query, which may be none.
func questioned(t *testing.T, query string) (*registration, bool) {
	t.Helper()
	r := &registration{}
	r.c.address = jid.MustParse("test.example")
	return r, r.read(parseXML(t, "<query xmlns='jabber:iq:register'>"+query+"</query>"))
}

func fieldIDs(fields []im.Field) (ids []string) {
	for _, f := range fields {
		ids = append(ids, f.ID)
	}
	return ids
}

func letters(t *testing.T) string {
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 20, 10))); err != nil {
		t.Fatal(err)
	}
	return base64.StdEncoding.EncodeToString(b.Bytes())
}

func TestRegistrationInTheOldWay(t *testing.T) {
	r, ok := questioned(t, "<instructions>Choose.</instructions><username/><password/><email/><evil/><username xmlns='x'/><key>k&lt;</key>")
	if !ok || r.shown.Words != "Choose." || !slices.Equal(fieldIDs(r.shown.Fields), []string{protocol.FieldName, protocol.FieldPassword, "email"}) {
		t.Fatalf("%v, %+v", ok, r.shown)
	}
	q, err := r.answers("alice", map[string]string{protocol.FieldName: "Alice", protocol.FieldPassword: "p<>&'\"", "email": "", "evil": "x"})
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"username": "alice", "password": "p<>&'\"", "email": "", "key": "k<"} {
		if e := q.child(nsRegister, name); e == nil || e.text != want {
			t.Errorf("%s is %v, want %q", name, e, want)
		}
	}
	if len(q.children) != 4 {
		t.Errorf("%s", q.marshal())
	}
}

const captchaForm = `<instructions>Old.</instructions><x xmlns='jabber:x:data' type='form'><instructions>New.</instructions>
	<field var='FORM_TYPE' type='hidden'><value>urn:xmpp:captcha</value></field><field var='challenge' type='hidden'><value>c1</value></field>
	<field var='username' type='text-single' label='Call yourself'><required/></field><field var='password' type='text-private'><required/></field>
	<field var='name' type='text-single' label='Full name'/>
	<field var='captcha-fallback-text' type='fixed'><value>See the web page.</value></field>
	<field var='captcha-fallback-url' type='text-single' label='Web page'><value>http://test.example/1</value></field>
	<field var='ocr' label='Enter the text you see'><media xmlns='urn:xmpp:media-element'><uri type='image/png'>http://evil.example/track.png</uri><uri type='image/png'>cid:sha1+a@bob.xmpp.org</uri></media><required/></field></x>`

func TestRegistrationByAForm(t *testing.T) {
	data := "<data xmlns='urn:xmpp:bob' cid='sha1+a@bob.xmpp.org' type='image/png'>" + letters(t) + "</data>"
	r, ok := questioned(t, captchaForm+data)
	want := []string{protocol.FieldName, protocol.FieldPassword, theirName, "", "ocr"}
	if !ok || r.shown.Words != "New." || !slices.Equal(fieldIDs(r.shown.Fields), want) {
		t.Fatalf("%v, %+v", ok, r.shown)
	}
	if f := r.shown.Fields[3]; f.Kind != im.FieldImage || f.Label == "" || f.Image.Bounds().Dx() != 20 {
		t.Errorf("the picture is %+v", f)
	}
	q, err := r.answers("alice", map[string]string{protocol.FieldPassword: "secret", theirName: "Alice A.", "ocr": "xyz"})
	if err != nil {
		t.Fatal(err)
	}
	text := string(q.marshal())
	for _, part := range []string{"<value>c1</value>", "<value>urn:xmpp:captcha</value>", "<value>alice</value>", "<value>secret</value>", "<value>Alice A.</value>", "<value>xyz</value>",
		"<field var='captcha-fallback-url'><value>http://test.example/1</value></field>"} {
		if !strings.Contains(text, part) {
			t.Errorf("%s lacks %s", text, part)
		}
	}
	if _, err := r.answers("alice", map[string]string{protocol.FieldPassword: "secret"}); err == nil {
		t.Error("nobody missed the letters")
	}
}

// What is no picture, or too much of one, is left out; nothing is fetched. Then it is asked
// what is for those who see none.
func TestRegistrationWithABadPicture(t *testing.T) {
	for name, data := range map[string]string{
		"none":       "",
		"no base64":  "<data xmlns='urn:xmpp:bob' cid='sha1+a@bob.xmpp.org'>***</data>",
		"text":       "<data xmlns='urn:xmpp:bob' cid='sha1+a@bob.xmpp.org'>aGVsbG8=</data>",
		"other":      "<data xmlns='urn:xmpp:bob' cid='sha1+b@bob.xmpp.org'>" + letters(t) + "</data>",
		"very large": "<data xmlns='urn:xmpp:bob' cid='sha1+a@bob.xmpp.org'>" + letters(t) + strings.Repeat("A", 100<<10) + "</data>",
	} {
		r, ok := questioned(t, captchaForm+data)
		if !ok || slices.ContainsFunc(r.shown.Fields, func(f im.Field) bool { return f.Kind == im.FieldImage }) ||
			!slices.ContainsFunc(r.shown.Fields, func(f im.Field) bool { return f.ID == "captcha-fallback-url" }) {
			t.Errorf("%s: %v, %+v", name, ok, r.shown.Fields)
		}
	}
}

func TestRegistrationElsewhere(t *testing.T) {
	for query, want := range map[string]string{
		"<x xmlns='jabber:x:oob'><url>https://test.example/new?a=1</url></x>":               "https://test.example/new?a=1",
		"<instructions>x</instructions><x xmlns='jabber:x:oob'><url> https://b/ </url></x>": "https://b/",
		"<x xmlns='jabber:x:oob'><url>http://test.example/new</url></x>":                    "",
		"<x xmlns='jabber:x:oob'><url>javascript:alert(1)</url></x>":                        "",
		"<x xmlns='jabber:x:oob'><url>file:///etc/passwd</url></x>":                         "",
		"<x xmlns='jabber:x:oob'><url>https://test.example@evil.example/</url></x>":         "",
		"<x xmlns='jabber:x:oob'/>":                               "",
		"<x xmlns='jabber:x:oob'><url>https:///nowhere</url></x>": "",
		"<email/>": "",
		"<x xmlns='jabber:x:data' type='form'><field var='username'/></x>": "",
		"": "",
	} {
		r, ok := questioned(t, query)
		if ok != (want != "") || r.shown.Page != want || len(r.shown.Fields) > 0 {
			t.Errorf("%s: %v, %+v", query, ok, r.shown)
		}
	}
}

func TestRegistrationTakesNoOddNames(t *testing.T) {
	r, _ := questioned(t, "<username/><password/>")
	for _, name := range []string{"", " ", "a@b", "a b", "a/b", "<x/>", "a\x00", "\u202e", strings.Repeat("a", 2000), "'\""} {
		if _, err := r.Submit(t.Context(), map[string]string{protocol.FieldName: name, protocol.FieldPassword: "x"}); err == nil {
			t.Errorf("%q is taken", name)
		}
	}
}

// An account is made, signed in to, gets another password, and is deleted, on real
// servers.
func TestTheLifeOfAnAccount(t *testing.T) {
	testkit.OnServers(t, testkit.ServerOptions{Registration: true, Users: map[string]string{"taken": "secret"}}, func(t *testing.T, s *testkit.Server) {
		n := Network{Roots: s.Pool}
		ctx := t.Context()
		reach := map[string]string{fieldServer: s.Address, fieldPort: strconv.Itoa(s.C2S), fieldSecurity: securityStartTLS}
		submit := func(name, password string) (im.Account, error) {
			t.Helper()
			r, err := n.Register(ctx, s.Host, reach)
			if err != nil {
				t.Fatal(err)
			}
			defer r.Close()
			return r.Submit(ctx, map[string]string{protocol.FieldName: name, protocol.FieldPassword: password})
		}
		if _, err := submit("taken", "some password"); err == nil || !strings.Contains(err.Error(), "Somebody else has this name") {
			t.Errorf("a name that is taken: %v", err)
		}
		a, err := submit("New.Comer", "first <password> & more")
		if err != nil {
			t.Fatal(err)
		}
		if a.ID != "xmpp:new.comer@localhost" || a.Option(fieldServer) != s.Address {
			t.Errorf("made %+v", a)
		}
		c := run(t, newSession(n, a, secret("first <password> & more"), endless))
		wait[protocol.Roster](c, nil)
		must(t, c.ChangePassword(secret("second pässword")))
		if e := wait[protocol.PasswordChanged](c, nil); e.Problem != "" {
			t.Fatalf("the password stays: %s", e.Problem)
		}
		c.cancel()
		must(t, c.end())
		c = run(t, newSession(n, a, secret("second pässword"), endless))
		wait[protocol.Roster](c, nil)
		must(t, c.RemoveAccount())
		c.failure(protocol.AccountGone)
		c = run(t, newSession(n, a, secret("second pässword"), endless))
		c.failure(protocol.WrongPassword)
	})
	testkit.OnServers(t, testkit.ServerOptions{}, func(t *testing.T, s *testkit.Server) {
		r, err := Network{Roots: s.Pool}.Register(t.Context(), s.Host, map[string]string{fieldServer: s.Address, fieldPort: strconv.Itoa(s.C2S)})
		if err == nil { // some ask first and refuse then
			defer r.Close()
			_, err = r.Submit(t.Context(), map[string]string{protocol.FieldName: "newcomer", protocol.FieldPassword: "some password"})
		}
		if err == nil || !strings.Contains(err.Error(), "does not let programs make accounts") {
			t.Errorf("where it is not wanted: %v", err)
		}
	})
}
