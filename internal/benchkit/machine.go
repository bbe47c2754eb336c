package benchkit

import (
	"fmt"
	"os"
	"strings"
)

// Processor is what the system calls its processor.
func Processor() string {
	info, err := os.ReadFile("/proc/cpuinfo")
	if err != nil {
		return "unknown processor"
	}
	for line := range strings.Lines(string(info)) {
		if name, model, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(name) == "model name" {
			return strings.TrimSpace(model)
		}
	}
	return "unknown processor"
}

// Progress says where things stand.
func Progress(format string, args ...any) { fmt.Fprintf(os.Stderr, format+"\n", args...) }
