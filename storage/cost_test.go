package storage

import (
	"errors"
	"os"
	"testing"
	"time"
)

func TestCalibrate(t *testing.T) {
	const gib = 1 << 30
	// speed is how much Argon2 does in a second, in KiB times passes.
	for name, c := range map[string]struct {
		total uint64
		speed float64
		want  cost
	}{
		"usual":                   {8 * gib, 500 << 10, cost{64 << 10, 5, 4}},
		"slow":                    {8 * gib, 50 << 10, cost{64 << 10, 3, 4}},
		"fast":                    {64 * gib, 1200 << 10, cost{256 << 10, 3, 4}},
		"very fast":               {64 * gib, 50_000 << 10, cost{256 << 10, 16, 4}},
		"fast, memory unknown":    {0, 1200 << 10, cost{256 << 10, 3, 4}},
		"fast, with 2 GiB":        {2 * gib, 1200 << 10, cost{128 << 10, 7, 4}},
		"fast, with 1 GiB":        {gib, 1200 << 10, cost{64 << 10, 14, 4}},
		"half a GiB":              {gib / 2, 200 << 10, cost{32 << 10, 4, 4}},
		"next to nothing":         {64 << 20, 200 << 10, cost{32 << 10, 4, 4}},
		"a clock that stands":     {8 * gib, 1e18, cost{256 << 10, 16, 4}},
		"slow, next to no memory": {64 << 20, 1 << 10, cost{32 << 10, 3, 4}},
	} {
		got := calibrateBy(c.total, func(x cost) time.Duration {
			return time.Duration(float64(x.memory) * float64(x.passes) / c.speed * float64(time.Second))
		})
		same(t, name, got, c.want)
		if !got.valid() || got.below(leastCost) {
			t.Errorf("%s: a file with %v would be refused", name, got)
		}
	}
	if c := calibrate(); !c.valid() || c.below(leastCost) {
		t.Errorf("here: %v", c)
	}
	if totalMemory() < 64<<20 {
		t.Errorf("this computer has %d bytes", totalMemory())
	}
}

// A file that is easier to guess than any of Culver's was not made by it.
func TestVaultThatIsTooCheap(t *testing.T) {
	p, v := lockedProfile(t)
	check(t, v.Close())
	p.cheapest = leastCost
	if _, err := p.UnlockVault(pass); !errors.Is(err, ErrDamaged) {
		t.Errorf("%v, want ErrDamaged", err)
	}
}

// Each change of the passphrase draws a salt and measures anew.
func TestChangeMeasuresAgain(t *testing.T) {
	p, v := lockedProfile(t)
	before := got(parseSealed(got(os.ReadFile(p.path(vaultFile)))(t)))(t)
	p.cost = func() cost { return cost{memory: 128, passes: 2, lanes: 2} }
	check(t, v.ChangePassphrase(t.Context(), pass, newPass))
	after := got(parseSealed(got(os.ReadFile(p.path(vaultFile)))(t)))(t)
	same(t, "cost", after.params.cost(), p.cost())
	if [saltSize]byte(after.params[20:]) == [saltSize]byte(before.params[20:]) {
		t.Error("the salt is the same")
	}
	wantSecret(t, v)
	// The same passphrase again is a change, too.
	check(t, v.ChangePassphrase(t.Context(), newPass, newPass))
	wantSecret(t, v)
}
