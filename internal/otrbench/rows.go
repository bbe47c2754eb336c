package main

// row is one operation that is compared.
type row struct {
	op   string // what the sides call it
	name string // what the table calls it
	// How many times a round does it, and the others, if that is another number.
	n, others int
	// How many times faster Culver must be, and without assembly; 0: any.
	must, portable float64
	value          value
}

// value is which number of a report counts.
type value uint8

const (
	perOperation value = iota // CPU time of an operation, the median of the rounds
	mean                      // the same, but the mean of all: for what takes a random time
	typical                   // the median operation, by the CPU time of its thread
	memory                    // bytes a side
)

// mostMemory is how much of the heap a side of a conversation may take.
const mostMemory = 8 << 10

// rows are the operations, in the order of the table. The numbers are such
// that most take some tenths of a second.
var rows = []row{
	{op: "keygen", name: "DSA key generation, mean", n: 40, others: 20, must: 3, value: mean},
	{op: "ake", name: "AKE, from the query until both are encrypted", n: 40, must: 3.5, portable: 2.5},
	{op: "oneway", name: "100-byte message one way, repeated", n: 100_000, must: 1.5},
	{op: "pingpong", name: "100-byte message, ping-pong: new D-H keys each turn", n: 100, must: 4, portable: 2.2},
	{op: "foreground", name: "the same, by Prepare, what remains in the foreground", n: 100, must: 150, value: typical},
	{op: "fragments", name: "64 KiB in fragments of 400, and put together", n: 200, must: 2.2},
	{op: "smp", name: "SMP with a secret of 100 bytes, until both know", n: 3, must: 4, portable: 2.3},
	{op: "memory", name: "memory of one side of a conversation", n: 100, value: memory},
}

// times is how often a side does it in a round.
func (r row) times(id int) int {
	if r.others != 0 && id != culverSide {
		return r.others
	}
	return r.n
}

func (r row) mustFor(portable bool) float64 {
	if portable {
		return r.portable
	}
	return r.must
}
