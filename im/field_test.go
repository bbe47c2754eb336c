package im

import "testing"

func TestShown(t *testing.T) {
	value := func(id string) string { return map[string]string{"kind": "a", "none": ""}[id] }
	for name, c := range map[string]struct {
		f    Field
		want bool
	}{
		"always":          {Field{}, true},
		"that value":      {Field{WhenField: "kind", WhenValue: "a"}, true},
		"another":         {Field{WhenField: "kind", WhenValue: "b"}, false},
		"nothing chosen":  {Field{WhenField: "none"}, true},
		"one of them":     {Field{WhenField: "kind", WhenOneOf: []string{"b", "a"}}, true},
		"none of them":    {Field{WhenField: "kind", WhenOneOf: []string{"b", ""}}, false},
		"one of no value": {Field{WhenField: "kind", WhenOneOf: []string{}}, false},
	} {
		if got := c.f.Shown(value); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
