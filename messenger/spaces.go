package messenger

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"

	"culver/plugin"
)

// A plugin that is no [plugin.Mover] moves house all the same: what it keeps in its
// store goes along as it is, also while it is off. With the settings of the program it
// takes the place of what is there; a plugin puts up with anything that it finds in
// its store.

const packedSpace = "store.json"

// Bounds on what goes along for one plugin.
const (
	maxSpaceRows  = 1000
	maxSpaceKey   = 200     // bytes
	maxSpaceValue = 1 << 20 // bytes
)

type spaceRow struct {
	Key   string `json:"key"`
	Value []byte `json:"value"`
}

// packSpace is what a plugin keeps, as a file, and how many entries are left out
// because readSpace would not take them; nil: there is nothing.
func (m *Messenger) packSpace(o *offer) (data []byte, left int, err error) {
	rows, err := m.cfg.Spaces(o.info.ID).List("")
	if err != nil {
		return nil, 0, err
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	packed := 0
	for _, key := range slices.Sorted(maps.Keys(rows)) {
		row := spaceRow{key, rows[key]}
		if packed == maxSpaceRows || !row.fits() {
			left++
			continue
		}
		if err := e.Encode(row); err != nil {
			return nil, 0, err
		}
		packed++
	}
	return b.Bytes(), left, nil
}

func (r spaceRow) fits() bool {
	return r.Key != "" && len(r.Key) <= maxSpaceKey && len(r.Value) <= maxSpaceValue
}

// spaces are the steps that take what plugins keep.
func (in *incoming) spaces() (steps []func()) {
	for _, o := range in.m.offers {
		for _, f := range in.what.files[o.info.ID] {
			if _, mover := o.plugin.(plugin.Mover); !mover && f.Name == packedSpace {
				rows := readSpace(f.Data)
				steps = append(steps, func() { in.takeSpace(o, rows) })
			}
		}
	}
	return steps
}

// readSpace is what packSpace wrote, but what makes no sense.
func readSpace(b []byte) (rows []spaceRow) {
	for len(b) > 0 && len(rows) < maxSpaceRows {
		line, rest, _ := bytes.Cut(b, []byte("\n"))
		b = rest
		var row spaceRow
		if len(line) < 2*maxSpaceValue && json.Unmarshal(line, &row) == nil && row.fits() {
			rows = append(rows, row)
		}
	}
	return rows
}

// takeSpace puts what arrives into a plugin's store, and lets it start anew with it.
func (in *incoming) takeSpace(o *offer, rows []spaceRow) {
	defer in.next()
	store := in.m.cfg.Spaces(o.info.ID)
	changed := false
	for _, row := range rows {
		there, ok, err := store.Get(row.Key)
		if err == nil && ok && bytes.Equal(there, row.Value) {
			continue
		}
		if err == nil {
			err = store.Put(row.Key, row.Value)
		}
		if err != nil {
			in.problem("The settings of " + o.info.Title + " could not be saved: " + asSentence(err))
			return
		}
		changed = true
	}
	if changed && o.host != nil {
		in.m.closePlugin(o)
		in.m.startPlugin(o)
	}
}
