package xmpp

import (
	"crypto/sha1"
	"encoding/base64"
	"encoding/hex"
	"strconv"
	"strings"

	"mellium.im/xmpp/jid"

	"culver/im"
	"culver/protocol"
)

// Pictures of people: user avatars (XEP-0084), told by the server of each, and the older
// ones of XEP-0153, told by presence.

const (
	nsAvatarMeta  = "urn:xmpp:avatar:metadata" // XEP-0084
	nsAvatarData  = "urn:xmpp:avatar:data"     // XEP-0084
	nsVCardUpdate = "vcard-temp:x:update"      // XEP-0153
)

// maxAvatar is how large a picture is taken, in bytes.
const maxAvatar = 96 << 10

// portrait is what is known of somebody's picture.
type portrait struct {
	id    string // the SHA-1 of the file, in hex; empty: none
	newer bool   // told by XEP-0084, which then counts
}

// avatars hears of the pictures of those whose presence we see.
func (l *link) avatars() extension {
	return extension{
		features: []string{nsAvatarMeta + "+notify"},
		message: func(e *element, from jid.JID) bool {
			if event := e.child(nsPubSubEvent, "event"); event != nil && from.Resourcepart() == "" {
				if items := event.child(nsPubSubEvent, "items"); items != nil && items.attr("node") == nsAvatarMeta {
					if id, ok := announcedAvatar(items); ok {
						l.portrayed(from.String(), portrait{id, true})
					}
				}
			}
			return false
		},
		presence: func(e *element, from jid.JID) bool {
			if x := e.child(nsVCardUpdate, "x"); x != nil && e.attr("type") == "" {
				if photo := x.child(nsVCardUpdate, "photo"); photo != nil {
					if id := strings.TrimSpace(photo.text); id == "" || isAvatarID(id) {
						l.portrayed(from.Bare().String(), portrait{strings.ToLower(id), false})
					}
				}
			}
			return false
		},
	}
}

// portrayed takes what was told of somebody's picture.
func (l *link) portrayed(bare string, p portrait) {
	if b, ok := l.roster[bare]; !ok || !b.Subscription.SeenByUs() {
		return
	}
	before, known := l.portraits[bare]
	if known && (before == p || before.newer && !p.newer) {
		return
	}
	l.portraits[bare] = p
	if !known || before.id != p.id {
		l.emit(protocol.PictureChanged{Bare: bare, ID: p.id})
	}
}

// announcedAvatar reads which picture somebody has; "" is none. One that lies elsewhere,
// is of another kind or too large is not taken.
func announcedAvatar(items *element) (id string, ok bool) {
	item := items.child(nsPubSubEvent, "item")
	if item == nil {
		return "", items.child(nsPubSubEvent, "retract") != nil
	}
	return describedAvatar(item)
}

// describedAvatar reads what an item of either namespace says of a picture.
func describedAvatar(item *element) (id string, ok bool) {
	metadata := item.child(nsAvatarMeta, "metadata")
	if metadata == nil {
		return "", false
	}
	some := false
	for _, info := range metadata.children {
		if !info.is(nsAvatarMeta, "info") {
			continue
		}
		some = true
		size, err := strconv.Atoi(info.attr("bytes"))
		kind := info.attr("type")
		if id := info.attr("id"); err == nil && size > 0 && size <= maxAvatar && info.attr("url") == "" &&
			(kind == "image/png" || kind == "image/jpeg") && isAvatarID(id) {
			return strings.ToLower(id), true
		}
	}
	return "", !some
}

func isAvatarID(id string) bool {
	return len(id) == 2*sha1.Size && strings.Trim(strings.ToLower(id), "0123456789abcdef") == ""
}

// readAvatar decodes a picture, and checks that it is the one with that ID.
func readAvatar(text, id string) ([]byte, bool) {
	text = strings.Map(func(r rune) rune {
		if r == ' ' || r == '\n' || r == '\r' || r == '\t' {
			return -1
		}
		return r
	}, text)
	if base64.StdEncoding.DecodedLen(len(text)) > maxAvatar+2 {
		return nil, false
	}
	b, err := base64.StdEncoding.DecodeString(text)
	if err != nil || len(b) == 0 || len(b) > maxAvatar {
		return nil, false
	}
	sum := sha1.Sum(b)
	return b, hex.EncodeToString(sum[:]) == id
}

// avatarOf finds the picture in an answer.
func avatarOf(answer *element, newer bool) string {
	switch {
	case answer == nil || answer.attr("type") != "result":
		return ""
	case !newer:
		if card := answer.child(nsVCard, "vCard"); card != nil {
			if photo := card.child(nsVCard, "PHOTO"); photo != nil {
				return photo.childText(nsVCard, "BINVAL")
			}
		}
		return ""
	}
	if pubsub := answer.child(nsPubSub, "pubsub"); pubsub != nil {
		if items := pubsub.child(nsPubSub, "items"); items != nil && items.attr("node") == nsAvatarData {
			if item := items.child(nsPubSub, "item"); item != nil {
				return item.childText(nsAvatarData, "data")
			}
		}
	}
	return ""
}

// FetchPicture asks for a picture that somebody announced. Whoever asks shows that they
// are here: only those are asked who may know.
func (s *Session) FetchPicture(bare, id string) error {
	l, address, err := s.about(bare)
	if err != nil {
		return err
	}
	return l.do(func() {
		who := address.String()
		p, known := l.portraits[who]
		if !known || p.id != id || id == "" || !l.seenBy(address) {
			l.emit(protocol.PictureFetched{Bare: who, ID: id})
			return
		}
		question := newElement(nsVCard, "vCard")
		if p.newer {
			question = avatarQuestion(id)
		}
		l.askInTime(who, "get", question, func(answer *element) {
			b, ok := readAvatar(avatarOf(answer, p.newer), id)
			if !ok {
				b = nil
			}
			l.emit(protocol.PictureFetched{Bare: who, ID: id, Data: b})
		})
	})
}

// avatarQuestion asks for the picture with that ID (XEP-0084, section 4.4).
func avatarQuestion(id string) *element {
	return newElement(nsPubSub, "pubsub", newElement(nsPubSub, "items",
		newElement(nsPubSub, "item").with("id", id)).with("node", nsAvatarData))
}

// AskOwnPicture asks our server which picture of us it shows.
func (s *Session) AskOwnPicture() error {
	l, err := s.online()
	if err != nil {
		return err
	}
	return l.do(func() {
		question := newElement(nsPubSub, "pubsub", newElement(nsPubSub, "items").with("node", nsAvatarMeta).with("max_items", "1"))
		l.askInTime("", "get", question, func(answer *element) {
			id, ok := ownAvatar(answer)
			if id == "" {
				l.emit(protocol.OwnPicture{Failed: !ok})
				return
			}
			l.askInTime("", "get", avatarQuestion(id), func(answer *element) {
				b, ok := readAvatar(avatarOf(answer, true), id)
				if !ok {
					b = nil
				}
				l.emit(protocol.OwnPicture{Data: b, Failed: !ok})
			})
		})
	})
}

// ownAvatar reads which picture we have from what the server answers; "" is none.
func ownAvatar(answer *element) (id string, ok bool) {
	switch {
	case answer == nil:
		return "", false
	case answer.attr("type") != "result":
		return "", stanzaCondition(answer) == "item-not-found" // nobody has ever set one
	}
	pubsub := answer.child(nsPubSub, "pubsub")
	if pubsub == nil {
		return "", false
	}
	items := pubsub.child(nsPubSub, "items")
	if items == nil || items.attr("node") != nsAvatarMeta {
		return "", false
	}
	item := items.child(nsPubSub, "item")
	if item == nil {
		return "", true
	}
	return describedAvatar(item)
}

// about is the link, and the bare address of somebody.
func (s *Session) about(bare string) (*link, jid.JID, error) {
	l, err := s.online()
	if err != nil {
		return nil, jid.JID{}, err
	}
	address, err := peer(im.Addr{Bare: bare})
	if err != nil {
		return nil, jid.JID{}, err
	}
	return l, address.Bare(), nil
}

// SetPicture shows a picture of us to those who see our presence, or none.
func (s *Session) SetPicture(png []byte, side int) error {
	l, err := s.online()
	if err != nil {
		return err
	}
	if len(png) > maxAvatar {
		return sentencef("The picture is too large.")
	}
	return l.do(func() {
		l.whenHomeKnown(func(_, account *info) {
			if !account.is("pubsub", "pep") {
				l.emit(protocol.PictureSet{})
				return
			}
			if len(png) == 0 {
				l.publishAvatar(nsAvatarMeta, "", newElement(nsAvatarMeta, "metadata"), l.pictureSet)
				return
			}
			sum := sha1.Sum(png)
			id := hex.EncodeToString(sum[:])
			data := newText(nsAvatarData, "data", base64.StdEncoding.EncodeToString(png))
			l.publishAvatar(nsAvatarData, id, data, func(ok bool) {
				if !ok {
					l.pictureSet(false)
					return
				}
				info := newElement(nsAvatarMeta, "info").with("id", id).with("bytes", strconv.Itoa(len(png))).with("type", "image/png").
					with("width", strconv.Itoa(side)).with("height", strconv.Itoa(side))
				l.publishAvatar(nsAvatarMeta, id, newElement(nsAvatarMeta, "metadata", info), l.pictureSet)
			})
		})
	})
}

func (l *link) pictureSet(ok bool) { l.emit(protocol.PictureSet{OK: ok}) }

func (l *link) publishAvatar(node, id string, payload *element, done func(ok bool)) {
	publish := newElement(nsPubSub, "publish", newElement(nsPubSub, "item", payload).with("id", id)).with("node", node)
	l.askInTime("", "set", newElement(nsPubSub, "pubsub", publish), func(answer *element) {
		done(answer != nil && answer.attr("type") == "result")
	})
}
