// Package libotr compiles the C programs that stand beside Culver's OTR engine
// in tests and measurements against the libotr of this system, and keeps them
// in the user's cache. It has no state; builds may run at the same time.
package libotr

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

const remedy = "run `make deps`, which installs libotr5-dev, gcc and pkg-config"

// Build compiles a program of one source file and returns its path, in a
// folder of its own. What was built before of the same source is used again.
// The program is tried with the arguments that try makes of its folder, and
// has to end well, before it is kept.
func Build(name string, source []byte, try func(dir string) []string) (string, error) {
	var flags []string
	for _, lib := range []string{"libotr", "libgcrypt"} {
		out, err := exec.Command("pkg-config", "--cflags", "--libs", lib).Output()
		if err != nil {
			return "", fmt.Errorf("%s is not installed: %s (%w)", lib, remedy, err)
		}
		flags = append(flags, strings.Fields(string(out))...)
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		cache = os.TempDir()
	}
	sum := sha256.Sum256(append([]byte(strings.Join(flags, " ")), source...))
	dir := filepath.Join(cache, "culver-test", name+"-"+hex.EncodeToString(sum[:8]))
	bin := filepath.Join(dir, name)
	if _, err := os.Stat(bin); err == nil {
		return bin, nil
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", err
	}
	// Others may build it at the same time, and one of them is the last.
	own, err := os.MkdirTemp(dir, "build")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(own)
	file, part := filepath.Join(own, name+".c"), filepath.Join(own, name)
	if err := os.WriteFile(file, source, 0o600); err != nil {
		return "", err
	}
	args := append([]string{"-std=gnu11", "-O2", "-Wall", "-Wextra", "-o", part, file}, flags...)
	if out, err := exec.Command("gcc", args...).CombinedOutput(); err != nil {
		return "", fmt.Errorf("%s does not build: %s (%w)\n%s", name, remedy, err, out)
	}
	if out, err := exec.Command(part, try(own)...).CombinedOutput(); err != nil {
		return "", fmt.Errorf("%s does not run: %w\n%s", name, err, out)
	}
	return bin, os.Rename(part, bin)
}
