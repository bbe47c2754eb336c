package xmpp

// place is where in a stream of XML the last byte stands. It follows the bytes
// one by one and keeps nothing of them, so that the end of an element is found
// however deep or large it is. The zero value is between two stanzas, or before
// the first one.
//
// It trusts the server to send XML that is well formed: the names in tags are
// not compared. That is no stranger's choice, because a server reads what it
// passes on.
type place struct {
	open int // elements in whose content it is, the stream not counted
	part part
	seen int // in atData the letters of "[CDATA[", in inData the brackets of "]]>"
}

// part is what a byte belongs to.
type part uint8

const (
	inText     part = iota
	atTag           // after "<"
	inTag           // in the tag that begins an element
	inSingle        // in an attribute's value between '
	inDouble        // in one between "
	inEmptyTag      // after its "/"
	inEndTag
	atData // after "<!"
	inData // in a CDATA section
	inOther
)

const dataStart = "[CDATA["

// between reports whether it stands between two stanzas.
func (p *place) between() bool { return *p == place{} }

// lost reports whether what came is neither text nor an element: it is not
// followed any further (RFC 6120, section 11.1). So is the end of the stream.
func (p *place) lost() bool { return p.part == inOther || p.open < 0 }

// step takes the next byte.
func (p *place) step(b byte) {
	switch p.part {
	case inText:
		if b == '<' {
			p.part = atTag
		}
	case atTag:
		switch b {
		case '/':
			p.part = inEndTag
		case '!':
			p.part = atData
		case '?', '<', '>':
			p.part = inOther
		default:
			p.part = inTag
		}
	case inTag:
		switch b {
		case '\'':
			p.part = inSingle
		case '"':
			p.part = inDouble
		case '/':
			p.part = inEmptyTag
		case '<':
			p.part = inOther
		case '>':
			p.part = inText
			p.open++
		}
	case inSingle:
		p.value(b, '\'')
	case inDouble:
		p.value(b, '"')
	case inEmptyTag:
		p.part = inOther
		if b == '>' {
			p.part = inText
		}
	case inEndTag:
		switch b {
		case '>':
			p.part = inText
			p.open--
		case '<':
			p.part = inOther
		}
	case atData:
		p.dataStart(b)
	case inData:
		p.data(b)
	}
}

func (p *place) value(b, quote byte) {
	switch b {
	case quote:
		p.part = inTag
	case '<':
		p.part = inOther
	}
}

func (p *place) dataStart(b byte) {
	if b != dataStart[p.seen] {
		p.part = inOther
		return
	}
	if p.seen++; p.seen == len(dataStart) {
		p.part, p.seen = inData, 0
	}
}

func (p *place) data(b byte) {
	switch {
	case b == ']':
		p.seen = min(p.seen+1, 2)
	case b == '>' && p.seen == 2:
		p.part, p.seen = inText, 0
	default:
		p.seen = 0
	}
}
