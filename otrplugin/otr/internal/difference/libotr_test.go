package difference

import (
	"bufio"
	_ "embed"
	"encoding/binary"
	"io"
	"os/exec"
	"strings"
	"sync"
	"testing"

	"culver/internal/libotr"
)

//go:embed libotrdiff/diff.c
var source []byte

// built is the path of the program that asks libotr.
var built = sync.OnceValues(func() (string, error) {
	return libotr.Build("libotrdiff", source, func(string) []string { return []string{"try"} })
})

// oracle is a running program that asks libotr.
type oracle struct {
	in  *bufio.Writer
	out *bufio.Reader
}

func newOracle(t testing.TB) *oracle {
	t.Helper()
	bin, err := built()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(bin)
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		in.Close()
		if err := cmd.Wait(); err != nil {
			t.Errorf("libotr: %v", err)
		}
	})
	return &oracle{bufio.NewWriter(in), bufio.NewReader(out)}
}

// put asks, without waiting.
func (o *oracle) put(q Question, in []byte) {
	o.in.WriteByte(byte(q))
	var n [4]byte
	binary.BigEndian.PutUint32(n[:], uint32(len(in)))
	o.in.Write(n[:])
	o.in.Write(in)
}

// flush has all questions answered.
func (o *oracle) flush() error {
	io.WriteString(o.in, "F\x00\x00\x00\x00")
	return o.in.Flush()
}

// get is the next answer.
func (o *oracle) get(t testing.TB, q Question, in []byte) string {
	t.Helper()
	line, err := o.out.ReadString('\n')
	if err == nil {
		line, err = readTheirs(q, in, strings.TrimSuffix(line, "\n"))
	}
	if err != nil {
		t.Fatalf("libotr on %c %q: %v", q, in, err)
	}
	return line
}
