package messenger

import (
	"encoding/json"
	"time"

	"culver/buddylist"
	"culver/im"
	"culver/lang"
	"culver/protocol"
)

// settingKnocks is where strangers wait over the end of the program. Requests come
// again from the server; their lines would not.
const settingKnocks = "people.knocks"

// keepKnocksAfter is how long changes wait for others, so that a flood of strangers
// does not become one of writing.
const keepKnocksAfter = 5 * time.Second

// keptKnock is a knock on the disk.
type keptKnock struct {
	Conv    im.ConvID
	Request bool                `json:",omitempty"`
	Reason  string              `json:",omitempty"`
	Lines   []protocol.Received `json:",omitempty"`
	Missed  int                 `json:",omitempty"`
	Last    time.Time
}

func (m *Messenger) keepKnocksSoon() {
	if m.knocksLater == nil {
		m.knocksLater = m.after(keepKnocksAfter, m.keepKnocks)
	}
}

// keepKnocks writes down who waits: their lines only where lines are kept.
func (m *Messenger) keepKnocks() {
	if m.knocksLater == nil {
		return // nothing happened
	}
	m.knocksLater()
	m.knocksLater = nil
	kept := []keptKnock{}
	for _, k := range m.knocks {
		row := keptKnock{Conv: k.conv, Request: k.request, Reason: k.reason, Missed: k.missed, Last: k.last}
		if m.logging(k.conv) {
			row.Lines = k.lines
		}
		if row.Request || len(row.Lines) > 0 {
			kept = append(kept, row)
		}
	}
	if len(kept) == 0 {
		m.drop(settingKnocks)
		return
	}
	b, err := json.Marshal(kept)
	if err != nil {
		m.trouble(lang.T("The people who want to reach you could not be saved."), err)
		return
	}
	m.keep(settingKnocks, string(b))
}

// loadKnocks takes up who waited when the program ended.
func (m *Messenger) loadKnocks() {
	m.settings[settingDeclined], _, _ = m.cfg.Store.Setting(settingDeclined)
	text, _, _ := m.cfg.Store.Setting(settingKnocks)
	var kept []keptKnock
	if json.Unmarshal([]byte(text), &kept) != nil {
		return // never kept, or damaged: no more than strangers' words
	}
	for _, row := range kept {
		if m.accounts[row.Conv.Account] == nil || row.Conv.Peer == "" || len(m.knocks) >= maxStrangers*len(m.accounts) {
			continue
		}
		k := &knock{conv: row.Conv, request: row.Request, reason: row.Reason, lines: row.Lines, missed: row.Missed, last: row.Last}
		for _, e := range k.lines {
			k.bytes += len(e.Body)
		}
		m.knocks = append(m.knocks, k)
		m.list.Apply(buddylist.Knocked{Conv: k.conv, Request: k.request, Words: k.words()})
	}
}
