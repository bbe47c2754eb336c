package conversation

// Namesakes finds whose names look like another's. What it does for one name takes no
// longer among thousands, and if all of them look alike. The zero value is empty.
type Namesakes struct {
	owners map[string]*lineup // by what a name looks like: whose names do
	ids    map[owned]*lineup  // by that and by whose they are: under which IDs
}

type owned struct{ look, owner string }

// Add takes up a name. The ID tells it from all others; owner is whose name it is, empty:
// not known.
func (n *Namesakes) Add(id, owner, name string) {
	if n.owners == nil {
		n.owners, n.ids = map[string]*lineup{}, map[owned]*lineup{}
	}
	look := Skeleton(name)
	add(n.owners, look, owner)
	add(n.ids, owned{look, owner}, id)
}

// Remove forgets a name, given as it was added.
func (n *Namesakes) Remove(id, owner, name string) {
	look := Skeleton(name)
	if remove(n.ids, owned{look, owner}, id) {
		remove(n.owners, look, owner)
	}
}

// Of returns the ID of a name that looks like this one and has another ID, and is not
// known to have the same owner. It is the same one as long as that is there.
func (n *Namesakes) Of(id, owner, name string) (string, bool) {
	look := Skeleton(name)
	owners := n.owners[look]
	// One owner may be the same, and another have nothing but what this ID was before.
	for i := range min(owners.len(), 3) {
		other := owners.all[i]
		if owner != "" && other == owner {
			continue
		}
		for _, found := range n.ids[owned{look, other}].first(2) {
			if found != id {
				return found, true
			}
		}
	}
	return "", false
}

// lineup is a set of strings in some order, in which the first stays the first until it
// is removed.
type lineup struct {
	all []string
	at  map[string]int
}

func (l *lineup) len() int {
	if l == nil {
		return 0
	}
	return len(l.all)
}

func (l *lineup) first(n int) []string {
	if l == nil {
		return nil
	}
	return l.all[:min(n, len(l.all))]
}

func add[K comparable](in map[K]*lineup, key K, s string) {
	l := in[key]
	if l == nil {
		l = &lineup{at: map[string]int{}}
		in[key] = l
	}
	if _, there := l.at[s]; !there {
		l.at[s] = len(l.all)
		l.all = append(l.all, s)
	}
}

// remove reports whether nothing is left under the key.
func remove[K comparable](in map[K]*lineup, key K, s string) (empty bool) {
	l := in[key]
	if l == nil {
		return true
	}
	if i, there := l.at[s]; there {
		last := len(l.all) - 1
		l.all[i] = l.all[last]
		l.at[l.all[i]] = i
		l.all = l.all[:last]
		delete(l.at, s)
	}
	if len(l.all) > 0 {
		return false
	}
	delete(in, key)
	return true
}
