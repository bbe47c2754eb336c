package pilot

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"strings"
)

// Remembers counts how often each of the texts is in the memory of the person's
// program: what it may write to. A program that does not let others look, as Culver
// does not, is started with CULVER_DUMPS=1 for it.
func (p *Person) Remembers(texts ...string) []int {
	counts, err := remembered(p.cmd.Process.Pid, texts)
	if err != nil {
		p.Fail("read the program's memory: " + err.Error())
	}
	return counts
}

func remembered(pid int, texts []string) ([]int, error) {
	maps, err := os.Open(fmt.Sprintf("/proc/%d/maps", pid))
	if err != nil {
		return nil, err
	}
	defer maps.Close()
	mem, err := os.Open(fmt.Sprintf("/proc/%d/mem", pid))
	if err != nil {
		return nil, err
	}
	defer mem.Close()
	counts := make([]int, len(texts))
	lines := bufio.NewScanner(maps)
	for lines.Scan() {
		var from, to uint64
		var rights string
		if _, err := fmt.Sscanf(lines.Text(), "%x-%x %s", &from, &to, &rights); err != nil {
			return nil, err
		}
		if !strings.HasPrefix(rights, "rw") {
			continue
		}
		look(mem, int64(from), int64(to), texts, counts)
	}
	return counts, lines.Err()
}

// look counts in one stretch, part by part. What cannot be read, of a device for
// instance, holds nothing.
func look(mem *os.File, from, to int64, texts []string, counts []int) {
	const part, overlap = 1 << 20, 4096
	longest := 0
	for _, text := range texts {
		longest = max(longest, len(text))
	}
	buffer := make([]byte, part+overlap)
	for at := from; at < to; at += part {
		b := buffer[:min(part+int64(min(longest-1, overlap)), to-at)]
		n, _ := mem.ReadAt(b, at)
		for i, text := range texts {
			// One that begins in the next part is counted there.
			counts[i] += bytes.Count(b[:min(n, part+len(text)-1)], []byte(text))
		}
	}
}
