package storage

import (
	"time"

	"golang.org/x/crypto/argon2"
)

// What a new passphrase costs. The time is that of one try, for everybody; the
// memory is what makes special hardware dear. The second recommended option of RFC
// 9106, section 4, is 64 MiB, 3 passes and 4 lanes.
const (
	usualMemory = 64 << 10  // KiB
	mostMemory  = 256 << 10 // so that the profile opens on a smaller computer, too
	leastMemory = 32 << 10  // of a computer that has hardly any
	leastPasses = 3
	mostPasses  = 16
	costTarget  = 750 * time.Millisecond
)

// leastCost is what every vault file has at least: one with less was not made by
// Culver.
var leastCost = cost{memory: leastMemory, passes: leastPasses, lanes: 1}

// calibrate chooses a cost that takes about three quarters of a second on this
// computer now.
func calibrate() cost { return calibrateBy(totalMemory(), measure) }

// calibrateBy chooses the memory first, by what the computer has (0: nobody
// knows) and by how fast it is, then the number of passes.
func calibrateBy(total uint64, measure func(cost) time.Duration) cost {
	c := cost{memory: usualMemory, passes: leastPasses, lanes: 4}
	most := uint32(mostMemory)
	if total > 0 {
		most = uint32(min(uint64(mostMemory), max(leastMemory, total/16>>10)))
	}
	for c.memory > most {
		c.memory /= 2
	}
	took := measure(c)
	for c.memory*2 <= most && took*2 <= costTarget {
		c.memory *= 2
		took = measure(c)
	}
	took = max(took, time.Millisecond)
	c.passes = uint32(min(max(int64(costTarget)*leastPasses/int64(took), leastPasses), mostPasses))
	return c
}

// measure tells how long one try takes.
func measure(c cost) time.Duration {
	start := time.Now()
	argon2.IDKey([]byte("calibration"), make([]byte, saltSize), c.passes, c.memory, c.lanes, 32)
	return time.Since(start)
}
