package messenger

import (
	"bytes"
	"maps"
	"slices"

	"culver/im"
	"culver/internal/rows"
	"culver/lang"
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
	maxSpaceRow   = 2 * maxSpaceValue
)

type spaceRow struct {
	Key   string `json:"key"`
	Value []byte `json:"value"`
}

// packSpace is what a plugin keeps, as a file, and how many entries are left out
// because readSpace would not take them; nil: there is nothing.
func (m *Messenger) packSpace(o *offer) (data []byte, left int, err error) {
	kept, err := m.cfg.Spaces(o.info.ID).List("")
	if err != nil {
		return nil, 0, err
	}
	delete(kept, im.Rescued) // it is about the database here
	var b bytes.Buffer
	packed := 0
	for _, key := range slices.Sorted(maps.Keys(kept)) {
		row := spaceRow{key, kept[key]}
		if packed == maxSpaceRows || !row.fits() {
			left++
			continue
		}
		if err := rows.Append(&b, row, maxSpaceRow); err != nil {
			return nil, 0, err
		}
		packed++
	}
	return b.Bytes(), left, nil
}

func (r spaceRow) fits() bool {
	return r.Key != "" && r.Key != im.Rescued && len(r.Key) <= maxSpaceKey && len(r.Value) <= maxSpaceValue
}

// readSpace is what packSpace wrote, and how many rows of it make no sense or are too
// many.
func readSpace(b []byte) (all []spaceRow, left int) {
	for row, err := range rows.All(b, maxSpaceRow, spaceRow{}) {
		if err != nil || !row.fits() || len(all) == maxSpaceRows {
			left++
			continue
		}
		all = append(all, row)
	}
	return all, left
}

// arriveSpace takes up a file of packSpace that arrives.
func (a *arriving) arriveSpace(title, id string, file []byte) {
	all, left := readSpace(file)
	if a.spaces == nil {
		a.spaces = map[string][]spaceRow{}
	}
	a.spaces[id] = all
	if left > 0 {
		a.leftOut = append(a.leftOut, lang.N(left, "Of what %s keeps, %s entry is left out: there are too many, or they make no sense.",
			"Of what %s keeps, %s entries are left out: there are too many, or they make no sense.", title, im.Number(left)))
	}
}

// hasSpaces reports that something arrives for the stores of plugins.
func (in *incoming) hasSpaces() bool {
	return slices.ContainsFunc(in.m.offers, func(o *offer) bool { return len(in.spaceOf(o)) > 0 })
}

func (in *incoming) spaceOf(o *offer) []spaceRow {
	if _, mover := o.plugin.(plugin.Mover); mover {
		return nil
	}
	return in.what.spaces[o.info.ID]
}

// takeSpaces plans the steps that put what arrives into the plugins' stores.
func (in *incoming) takeSpaces() {
	for _, o := range in.m.offers {
		all, store := in.spaceOf(o), in.m.cfg.Spaces(o.info.ID)
		changed, failed := false, false
		in.each(len(all), 2, func(i int) {
			if failed {
				return
			}
			there, ok, err := store.Get(all[i].Key)
			if err == nil && ok && bytes.Equal(there, all[i].Value) {
				return
			}
			if err == nil {
				err = store.Put(all[i].Key, all[i].Value)
			}
			if err != nil {
				failed = true
				in.problem(lang.F("The settings of %s could not be saved: %s", o.info.Title, asSentence(err)))
				return
			}
			if !changed {
				changed, in.brought.settings = true, true
				in.restart = append(in.restart, o)
			}
		})
	}
}

// restartPlugins lets the plugins start anew that have something else in their stores.
func (in *incoming) restartPlugins() {
	for _, o := range in.restart {
		if o.host != nil {
			in.m.closePlugin(o)
			in.m.startPlugin(o)
		}
	}
}
