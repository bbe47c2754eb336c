package testkit

import (
	"bufio"
	"fmt"
	"io"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// Strace is the command that runs another one and notes in a file which files it
// and its children open, make, rename or remove: for [Changes].
func Strace(t testing.TB, trace string) []string {
	t.Helper()
	path, err := exec.LookPath("strace")
	if err != nil {
		t.Fatal("strace is not installed: run `make deps`.")
	}
	return []string{path, "-f", "-qq", "-y", "-s", "5000", "-e", "trace=%file,bind", "-o", trace, "--"}
}

// Change is a file that a program changed, or opened so that it could.
type Change struct {
	Call string // the system's
	Path string // absolute, but where the call does not tell what it begins at
}

// What the calls do that strace notes: those that change nothing, and those that
// do, with what to change. "p" is a path, "d" the folder that the path after it
// begins at, "-" something else, "t" the target of a symbolic link.
var reads = strings.Fields("access faccessat faccessat2 stat lstat newfstatat fstatat64 statx statfs readlink readlinkat " +
	"execve execveat chdir getcwd inotify_add_watch getxattr lgetxattr listxattr llistxattr name_to_handle_at open_tree fanotify_mark")

var writes = map[string]string{
	"creat": "p", "mkdir": "p", "mknod": "p", "rmdir": "p", "unlink": "p", "chmod": "p", "chown": "p", "lchown": "p",
	"truncate": "p", "utime": "p", "utimes": "p", "setxattr": "p", "lsetxattr": "p", "removexattr": "p", "lremovexattr": "p",
	"mkdirat": "dp", "mknodat": "dp", "unlinkat": "dp", "fchmodat": "dp", "fchmodat2": "dp", "fchownat": "dp", "utimensat": "dp",
	"rename": "pp", "link": "pp", "symlink": "tp", "renameat": "dpdp", "renameat2": "dpdp", "linkat": "dpdp", "symlinkat": "tdp",
	"open": "p", "openat": "dp", "openat2": "dp", "bind": "-p",
}

var (
	callLine = regexp.MustCompile(`^(\d+) +(?:<\.\.\. (\w+) resumed>)?(.*)$`)
	call     = regexp.MustCompile(`^(\w+)\((.*)\) += (-?\d+|\?)`)
	opened   = regexp.MustCompile(`O_(WRONLY|RDWR|CREAT|TRUNC|APPEND|TMPFILE)`)
	socket   = regexp.MustCompile(`sun_path="((?:[^"\\]|\\.)*)"`)
)

// Changes are what the programs changed whose calls are noted: all but those that
// the system refused. A call that it does not know is an error.
func Changes(trace io.Reader) ([]Change, error) {
	var all []Change
	begun := map[string]string{} // calls that are under way, by thread
	lines := bufio.NewScanner(trace)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		m := callLine.FindStringSubmatch(lines.Text())
		if m == nil {
			return nil, fmt.Errorf("strange line %q", lines.Text())
		}
		thread, text := m[1], m[3]
		if m[2] != "" {
			text = begun[thread] + text
			delete(begun, thread)
		}
		if start, ok := strings.CutSuffix(text, "<unfinished ...>"); ok {
			begun[thread] = start
			continue
		}
		if strings.HasPrefix(text, "---") || strings.HasPrefix(text, "+++") {
			continue // a signal, an end
		}
		if strings.HasPrefix(text, "???(") {
			continue // its thread was gone before the call was looked at, and so before it was done
		}
		changes, err := changesOf(text)
		if err != nil {
			return nil, err
		}
		all = append(all, changes...)
	}
	return all, lines.Err()
}

func changesOf(text string) ([]Change, error) {
	m := call.FindStringSubmatch(text)
	if m == nil {
		return nil, fmt.Errorf("strange call %q", text)
	}
	name, args, result := m[1], arguments(m[2]), m[3]
	if slices.Contains(reads, name) || strings.HasPrefix(result, "-") {
		return nil, nil
	}
	shape, known := writes[name]
	if !known || len(args) < len(shape) {
		return nil, fmt.Errorf("unknown call %q", text)
	}
	if strings.HasPrefix(name, "open") && !opened.MatchString(strings.Join(args[len(shape):], ",")) {
		return nil, nil
	}
	if name == "bind" {
		path := socket.FindStringSubmatch(m[2])
		if path == nil {
			return nil, nil // a network's, or one without a file
		}
		return []Change{{name, unquoted(`"` + path[1] + `"`)}}, nil
	}
	var changes []Change
	folder := ""
	for i, kind := range shape {
		switch kind {
		case 'd':
			_, folder, _ = strings.Cut(strings.TrimSuffix(args[i], ">"), "<")
		case 'p':
			path := unquoted(args[i])
			if folder != "" && !filepath.IsAbs(path) {
				path = filepath.Join(folder, path)
			}
			changes = append(changes, Change{name, filepath.Clean(path)})
		}
	}
	return changes, nil
}

// arguments splits at the commas that are in no text and no structure.
func arguments(s string) []string {
	var all []string
	depth, quoted, from := 0, false, 0
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{' || c == '[' || c == '(':
			depth++
		case c == '}' || c == ']' || c == ')':
			depth--
		case c == ',' && depth == 0:
			all = append(all, strings.TrimSpace(s[from:i]))
			from = i + 1
		}
	}
	return append(all, strings.TrimSpace(s[from:]))
}

// unquoted is a text as strace writes it. One that is no text (NULL, a number) is
// the folder's own.
func unquoted(s string) string {
	if !strings.HasPrefix(s, `"`) {
		return ""
	}
	if text, err := strconv.Unquote(s); err == nil {
		return text
	}
	return strings.Trim(s, `"`)
}
