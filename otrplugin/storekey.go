package otrplugin

import (
	"fmt"
	"strconv"
	"strings"

	"culver/im"
)

// convKey is a conversation in the keys of the store. The length makes it
// unambiguous.
func convKey(id im.ConvID) string {
	return fmt.Sprintf("%d/%s/%s", len(id.Account), id.Account, id.Peer)
}

// parseConvKey is the inverse of convKey.
func parseConvKey(s string) (id im.ConvID, ok bool) {
	length, rest, _ := strings.Cut(s, "/")
	n, err := strconv.Atoi(length)
	if err != nil || n < 0 || n >= len(rest) || rest[n] != '/' {
		return im.ConvID{}, false
	}
	id = im.ConvID{Account: im.AccountID(rest[:n]), Peer: rest[n+1:]}
	return id, convKey(id) == s
}
