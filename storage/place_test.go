package storage

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

func TestDefaultDir(t *testing.T) {
	if runtime.GOOS != "linux" {
		return // these rules are for free desktops
	}
	t.Setenv("HOME", "/home/alice")
	for xdg, want := range map[string]string{
		"":           "/home/alice/.local/share/culver",
		"/data":      "/data/culver",
		"relative/x": "/home/alice/.local/share/culver",
	} {
		t.Setenv("XDG_DATA_HOME", xdg)
		same(t, "XDG_DATA_HOME="+xdg, got(DefaultDir())(t), want)
	}
}

func TestFindPlace(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	asked := got(FindPlace("here"))(t)
	same(t, "asked for", asked, Place{Dir: filepath.Join(got(os.Getwd())(t), "here")})
	usual := got(FindPlace(""))(t) // nothing stands beside a test
	same(t, "the usual one", usual, Place{Dir: got(DefaultDir())(t)})
}

func TestPortablePlace(t *testing.T) {
	for _, e := range []struct {
		system, program, beside string
		home                    string // the folder that Data is in; "": not portable
	}{
		{"linux", "culver", "", ""},
		{"linux", "culver", "portable.txt", "."},
		{"linux", "culver", "Data/", "."},
		{"linux", "culver", "portable.txt/", ""}, // a folder is no file
		{"linux", "culver", "Data", ""},          // and the other way round
		{"linux", "bin/culver", "Data/", ""},
		{"linux", "bin/culver", "bin/Data/", "bin"},
		{"windows", "Culver.exe", "portable.txt", "."},
		{"darwin", "Culver.app/Contents/MacOS/culver", "portable.txt", "."},
		{"darwin", "Culver.app/Contents/MacOS/culver", "Culver.app/Contents/MacOS/Data/", ""},
		{"darwin", "culver", "Data/", "."},
		{"linux", "Culver.app/Contents/MacOS/culver", "Data/", ""},
	} {
		root := got(filepath.EvalSymlinks(t.TempDir()))(t)
		put := func(name string) {
			path := filepath.Join(root, name)
			check(t, os.MkdirAll(filepath.Dir(path), 0o700))
			if strings.HasSuffix(name, "/") {
				check(t, os.MkdirAll(path, 0o700))
			} else {
				check(t, os.WriteFile(path, nil, 0o700))
			}
		}
		put(e.program)
		if e.beside != "" {
			put(e.beside)
		}
		dir, ok := portablePlace(filepath.Join(root, e.program), e.system)
		if ok != (e.home != "") || ok && dir != filepath.Join(root, e.home, "Data") {
			t.Errorf("%+v: %s, %v", e, dir, ok)
		}
		if runtime.GOOS == "windows" {
			continue // links are for administrators there
		}
		link := filepath.Join(t.TempDir(), "link")
		check(t, os.Symlink(filepath.Join(root, e.program), link))
		if _, linked := portablePlace(link, e.system); linked != ok {
			t.Errorf("%+v: by a link it is %v", e, linked)
		}
	}
}

func TestPortableProfileUsesNoKeyring(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "Data")
	p, err := Place{Dir: dir, Portable: true}.Open()
	check(t, err)
	p.cost, p.ring = cheap, fakeRing{} // one that would work
	_, err = p.OpenKeyring(t.Context())
	if !errors.Is(err, ErrNoKeyring) || !strings.Contains(err.Error(), "portable") {
		t.Errorf("a fresh profile: %v", err)
	}
	same(t, "files", len(got(os.ReadDir(dir))(t)), 1)
	v := got(p.CreateVault(pass))(t)
	check(t, v.Close(), p.Close())

	// A profile of this computer's is told how it can travel.
	other := openProfile(t, t.TempDir())
	v = got(other.OpenKeyring(t.Context()))(t)
	check(t, v.Close(), other.Close())
	p, err = Place{Dir: other.Dir(), Portable: true}.Open()
	check(t, err)
	defer p.Close()
	p.ring = fakeRing{}
	_, err = p.OpenKeyring(t.Context())
	if !errors.Is(err, ErrNoKeyring) || !strings.Contains(err.Error(), "--profile "+other.Dir()) {
		t.Errorf("a profile with its secrets in a keyring: %v", err)
	}
}

func TestUnfitPlaceSaysWhatToDo(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	check(t, os.WriteFile(file, nil, 0o600))
	for portable, want := range map[bool]string{true: "write-protected", false: "folder of yours"} {
		_, err := Place{Dir: filepath.Join(file, "below"), Portable: portable}.Open()
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), file) {
			t.Errorf("portable %v: %v", portable, err)
		}
	}
}
