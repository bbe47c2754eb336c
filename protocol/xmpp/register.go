package xmpp

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"image"
	"net/url"
	"slices"
	"strings"

	"mellium.im/xmpp/jid"

	"culver/im"
	"culver/internal/picture"
	"culver/lang"
	"culver/protocol"
)

// In-band registration (XEP-0077): an account is made on a server before anybody signs
// in, on a connection that is encrypted and checked like any other.

const (
	nsRegister  = "jabber:iq:register"
	nsOutOfBand = "jabber:x:oob"           // XEP-0066
	nsMedia     = "urn:xmpp:media-element" // XEP-0221
	nsBits      = "urn:xmpp:bob"           // XEP-0231
)

// The fields of a form that stand for the name and the password (XEP-0077, section 14).
const (
	formName     = "username"
	formPassword = "password"
	// theirName is the ID of a field of theirs that is called as that of ours for the name.
	theirName = "their " + protocol.FieldName
)

var _ protocol.Registrar = Network{}

// Servers are some that have let people make accounts from programs for years, and are
// open to everybody. What each promises is on its web site.
func (Network) Servers() []string {
	return []string{"yax.im", "jabber.fr", "xmpp.earth", "hookipa.net", "draugr.de", "trashserver.net", "suchat.org", "macaw.me", "chalec.org", "redlibre.es"}
}

// registration is a server that waits for answers.
type registration struct {
	c     connector
	conn  *connection
	form  *dataForm // nil: it asks in the old way
	plain []string  // the names of what it asks for then
	key   string    // goes back as it came
	shown protocol.Questions
}

// Register asks a server what it wants to know.
func (n Network) Register(ctx context.Context, server string, answers map[string]string) (protocol.Registration, error) {
	host, err := parseJID(strings.TrimSpace(server))
	if err != nil || host.Localpart() != "" || host.Resourcepart() != "" {
		return nil, sentencef("%q is not the name of a server, such as example.net.", shorten(server))
	}
	settings := map[string]string{}
	for id, v := range answers {
		settings[id] = v
	}
	settings[protocol.FieldAddress] = "newcomer@" + host.String()
	a, err := n.Account(settings)
	if err != nil {
		return nil, err
	}
	r := &registration{c: newConnector(n, a, im.Secret{}, defaultPatience)}
	r.c.exit.setPassword(im.NewSecret([]byte(answers[protocol.FieldProxyPassword])))
	r.c.address = host
	if err := r.open(ctx); err != nil {
		return nil, r.c.explain(err)
	}
	if err := r.ask(ctx); err != nil {
		r.Close()
		return nil, err
	}
	return r, nil
}

func (r *registration) Questions() protocol.Questions { return r.shown }

// Close ends the connection.
func (r *registration) Close() { r.conn.end(nil) }

// open connects.
func (r *registration) open(ctx context.Context) error {
	ctx, cancel := context.WithTimeoutCause(ctx, r.c.patience.connect, errConnectTime)
	defer cancel()
	conn, err := r.c.reach(ctx, func(secure secured) (*connection, error) {
		s := newStream(secure, secure)
		if _, err := s.open(r.c.address.Domainpart(), ""); err != nil {
			return nil, err
		}
		return newConnection(s, secure.raw), nil
	})
	r.conn = conn
	return err
}

// errNoRegistration is that a server makes no accounts from here.
func (r *registration) errNoRegistration() error {
	return sentencef("%s does not let programs make accounts. Its web site may say how to get one, or choose another server.", r.c.address)
}

// ask gets the questions.
func (r *registration) ask(ctx context.Context) error {
	answer, err := r.request(ctx, "get", newElement(nsRegister, "query"))
	if err != nil {
		return r.c.explain(err)
	}
	query := answer.child(nsRegister, "query")
	if answer.attr("type") != "result" || query == nil {
		return r.errNoRegistration()
	}
	if !r.read(query) {
		return r.errNoRegistration()
	}
	return nil
}

// request asks the server, and waits for its answer.
func (r *registration) request(ctx context.Context, kind string, payload *element) (*element, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, r.c.patience.connect, errConnectTime)
	defer cancel()
	stop := context.AfterFunc(ctx, r.Close)
	defer stop()
	id := rand.Text()
	err := r.conn.send(newElement(nsClient, "iq", payload).with("type", kind).with("id", id).with("to", r.c.address.String()))
	for err == nil {
		var e *element
		if e, err = r.conn.next(); err == nil && e.is(nsClient, "iq") && e.attr("id") == id {
			return e, nil
		}
	}
	if ctx.Err() != nil {
		err = errors.Join(err, context.Cause(ctx))
	}
	return nil, err
}

// oldQuestions are those of XEP-0077, section 14.1, that people understand.
var oldQuestions = map[string]im.Field{
	"username": {ID: protocol.FieldName, Kind: im.FieldText, Label: lang.Mark("Username")},
	"password": {ID: protocol.FieldPassword, Kind: im.FieldSecret, Label: lang.Mark("Password")},
	"nick":     {ID: "nick", Kind: im.FieldText, Label: lang.Mark("Nickname")},
	"name":     {ID: "fullname", Kind: im.FieldText, Label: lang.Mark("Full name")},
	"first":    {ID: "first", Kind: im.FieldText, Label: lang.Mark("Given name")},
	"last":     {ID: "last", Kind: im.FieldText, Label: lang.Mark("Family name")},
	"email":    {ID: "email", Kind: im.FieldText, Label: lang.Mark("E-mail")},
	"address":  {ID: "address", Kind: im.FieldText, Label: lang.Mark("Street")},
	"city":     {ID: "city", Kind: im.FieldText, Label: lang.Mark("City")},
	"state":    {ID: "state", Kind: im.FieldText, Label: lang.Mark("State")},
	"zip":      {ID: "zip", Kind: im.FieldText, Label: lang.Mark("Postal code")},
	"phone":    {ID: "phone", Kind: im.FieldText, Label: lang.Mark("Telephone")},
	"url":      {ID: "url", Kind: im.FieldText, Label: lang.Mark("Web page")},
	"date":     {ID: "date", Kind: im.FieldText, Label: lang.Mark("Date")},
	"misc":     {ID: "misc", Kind: im.FieldText, Label: lang.Mark("Other")},
	"text":     {ID: "text", Kind: im.FieldText, Label: lang.Mark("Text")},
}

// read takes the questions, and reports whether they can be answered.
func (r *registration) read(query *element) bool {
	r.shown.Words = clip(query.childText(nsRegister, "instructions"), maxFormWords)
	if r.form = findForm(query, ""); r.form != nil {
		return r.readForm(query)
	}
	for _, c := range query.children {
		if f, ok := oldQuestions[c.name]; ok && c.space == nsRegister && len(r.plain) < len(oldQuestions) {
			f.Label = lang.Of(f.Label)
			r.plain = append(r.plain, c.name)
			r.shown.Fields = append(r.shown.Fields, f)
		}
	}
	r.key = clip(query.childText(nsRegister, "key"), maxFormValue)
	if r.answerable() {
		return true
	}
	r.shown.Fields, r.plain = nil, nil
	r.shown.Page = webPage(query)
	return r.shown.Page != ""
}

// readForm takes the questions of a data form.
func (r *registration) readForm(query *element) bool {
	r.form.hideFallback(query)
	form := r.form.show()
	if form.Words != "" {
		r.shown.Words = form.Words
	}
	for _, f := range form.Fields {
		asked, _ := r.form.field(f.ID)
		if asked.raw != nil {
			if img := pictureOf(asked.raw, query); img != nil {
				r.shown.Fields = append(r.shown.Fields, im.Field{Kind: im.FieldImage, Label: lang.T("Picture"), Image: img})
			}
		}
		switch f.ID {
		case formName:
			f.ID, f.Label = protocol.FieldName, lang.T("Username")
		case formPassword:
			f.ID, f.Kind, f.Label = protocol.FieldPassword, im.FieldSecret, lang.T("Password")
		case protocol.FieldName:
			f.ID = theirName
		}
		r.shown.Fields = append(r.shown.Fields, f)
	}
	if r.answerable() {
		return true
	}
	r.shown.Fields = nil
	r.shown.Page = webPage(query)
	return r.shown.Page != ""
}

// answerable reports whether the questions are those for an account.
func (r *registration) answerable() bool {
	var name, password bool
	for _, f := range r.shown.Fields {
		name = name || f.ID == protocol.FieldName
		password = password || f.ID == protocol.FieldPassword
	}
	return name && password
}

// webPage is where accounts are made instead (XEP-0077, section 5).
func webPage(query *element) string {
	x := query.child(nsOutOfBand, "x")
	if x == nil {
		return ""
	}
	u, err := url.Parse(strings.TrimSpace(x.childText(nsOutOfBand, "url")))
	if err != nil || u.Scheme != "https" || u.Host == "" || u.User != nil {
		return ""
	}
	return u.String()
}

// hideFallback leaves out what servers ask for programs that show no pictures, if there is
// a picture: ejabberd names a web page that has it.
func (f *dataForm) hideFallback(query *element) {
	if !slices.ContainsFunc(f.fields, func(a askedField) bool { return pictureOf(a.raw, query) != nil }) {
		return
	}
	for i := range f.fields {
		if strings.HasPrefix(f.fields[i].name, "captcha-fallback-") {
			f.fields[i].unseen = true
		}
	}
}

// captchaLimits are those of a picture with letters in it.
var captchaLimits = picture.Limits{Bytes: 64 << 10, Side: 1000}

// pictureOf is the picture of a question (XEP-0221), if it came along with it (XEP-0231).
// One that is elsewhere is not fetched.
func pictureOf(field, query *element) image.Image {
	media := field.child(nsMedia, "media")
	if media == nil {
		return nil
	}
	for _, uri := range media.children {
		cid, ok := strings.CutPrefix(strings.TrimSpace(uri.text), "cid:")
		if !uri.is(nsMedia, "uri") || !ok {
			continue
		}
		for _, data := range query.children {
			if !data.is(nsBits, "data") || data.attr("cid") != cid {
				continue
			}
			b, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(data.text), ""))
			if err != nil {
				continue
			}
			if img, err := picture.Decode(b, captchaLimits); err == nil {
				return img
			}
		}
	}
	return nil
}

// Submit answers the questions.
func (r *registration) Submit(ctx context.Context, answers map[string]string) (im.Account, error) {
	name, err := jid.New(strings.TrimSpace(answers[protocol.FieldName]), r.c.address.Domainpart(), "")
	if err == nil {
		name, err = parseJID(name.String())
	}
	if err != nil || name.Localpart() == "" {
		return im.Account{}, &protocol.Refusal{Field: protocol.FieldName,
			Text: lang.F("%q cannot be the first part of an address. Use letters, digits and dots.", shorten(answers[protocol.FieldName]))}
	}
	query, err := r.answers(name.Localpart(), answers)
	if err != nil {
		return im.Account{}, &protocol.Refusal{Text: err.Error()}
	}
	answer, err := r.request(ctx, "set", query)
	if err != nil {
		return im.Account{}, r.c.explain(err)
	}
	if answer.attr("type") != "result" {
		return im.Account{}, r.refusal(stanzaCondition(answer))
	}
	a := r.c.account.Clone()
	a.ID = im.NewAccountID(Scheme, name.Bare().String())
	a.Options[protocol.FieldAddress] = name.Bare().String()
	return a, nil
}

// answers are the filled questions.
func (r *registration) answers(name string, answers map[string]string) (*element, error) {
	query := newElement(nsRegister, "query")
	if r.form != nil {
		given := map[string]string{}
		for id, v := range answers {
			switch id {
			case protocol.FieldName:
			case theirName:
				given[protocol.FieldName] = v
			default:
				given[id] = v
			}
		}
		given[formName], given[formPassword] = name, answers[protocol.FieldPassword]
		x, err := r.form.answer(given)
		if err != nil {
			return nil, err
		}
		return query.add(x), nil
	}
	for _, q := range r.plain {
		v := answers[oldQuestions[q].ID]
		if q == "username" {
			v = name
		}
		query.add(newText(nsRegister, q, sanitize(v)))
	}
	if r.key != "" {
		query.add(newText(nsRegister, "key", sanitize(r.key)))
	}
	return query, nil
}

// refusal says why the server made no account (XEP-0077, section 3.1.1).
func (r *registration) refusal(condition string) *protocol.Refusal {
	host := r.c.address
	switch condition {
	case "conflict":
		return &protocol.Refusal{Field: protocol.FieldName, Text: lang.T("Somebody else has this name already. Choose another one.")}
	case "not-acceptable", "bad-request", "jid-malformed":
		return &protocol.Refusal{Text: lang.F("%s does not accept these answers. Is something missing, or the name or the password too simple?", host)}
	case "not-allowed", "not-authorized":
		return &protocol.Refusal{Text: lang.F("%s does not accept these answers. If there is a picture, look at the letters again.", host)}
	case "resource-constraint", "policy-violation":
		return &protocol.Refusal{Text: lang.F("%s makes no more accounts for you just now. Wait for some minutes, or choose another server.", host)}
	case "forbidden", "service-unavailable", "feature-not-implemented":
		return &protocol.Refusal{Text: r.errNoRegistration().Error()}
	default:
		return &protocol.Refusal{Text: lang.F("%s did not make the account (%s). Try again later.", host, known(condition))}
	}
}
