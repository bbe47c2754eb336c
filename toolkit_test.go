package main

import (
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
)

func TestToolkitEnvStaysInItsFolder(t *testing.T) {
	for system, roots := range map[string][]string{
		"linux":   {"XDG_CONFIG_HOME", "XDG_CACHE_HOME"},
		"freebsd": {"XDG_CONFIG_HOME", "XDG_CACHE_HOME"},
		"windows": {"USERPROFILE", "LocalAppData"},
		"darwin":  {"HOME"},
	} {
		always, passing := toolkitEnv(system, filepath.Join("a", "profile"))
		all := maps.Clone(always)
		if all == nil {
			all = map[string]string{}
		}
		maps.Copy(all, passing)
		for _, name := range roots {
			if !strings.HasPrefix(all[name], filepath.Join("a", "profile")) {
				t.Errorf("%s: %s is %q", system, name, all[name])
			}
		}
		for _, name := range []string{"XDG_CONFIG_HOME", "HOME", "USERPROFILE", "XDG_DATA_HOME"} {
			if always[name] != "" {
				t.Errorf("%s: %s is gone for good, which holds the settings of others", system, name)
			}
		}
	}
}

func TestSetenvPutsBack(t *testing.T) {
	t.Setenv("CULVER_TEST_SET", "before")
	t.Setenv("CULVER_TEST_UNSET", "")
	os.Unsetenv("CULVER_TEST_UNSET")
	back := setenv(map[string]string{"CULVER_TEST_SET": "a", "CULVER_TEST_UNSET": "b"})
	if os.Getenv("CULVER_TEST_SET") != "a" || os.Getenv("CULVER_TEST_UNSET") != "b" {
		t.Error("it sets nothing")
	}
	back()
	if _, there := os.LookupEnv("CULVER_TEST_UNSET"); there || os.Getenv("CULVER_TEST_SET") != "before" {
		t.Error("it puts nothing back")
	}
}

// The browser has the environment that the user has.
func TestOtherProgramsHaveTheUsersEnvironment(t *testing.T) {
	if runtime.GOOS != "linux" {
		return // the stand-in is a script
	}
	dir := t.TempDir()
	out := filepath.Join(dir, "out")
	script := "#!/bin/sh\n{ echo \"$1\"; env; } >" + out + ".new\nmv " + out + ".new " + out + "\n"
	if err := os.WriteFile(filepath.Join(dir, "xdg-open"), []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir+string(os.PathListSeparator)+os.Getenv("PATH"))
	t.Setenv("XDG_CACHE_HOME", "/the/users")
	d := desk{env: os.Environ()}
	t.Setenv("XDG_CACHE_HOME", "/the/toolkits")
	if err := d.OpenURL(&url.URL{Scheme: "https", Host: "example.org"}); err != nil {
		t.Fatal(err)
	}
	for {
		text, err := os.ReadFile(out)
		if os.IsNotExist(err) {
			continue
		}
		if !strings.Contains(string(text), "https://example.org\n") || !strings.Contains(string(text), "XDG_CACHE_HOME=/the/users\n") {
			t.Errorf("%v:\n%s", err, text)
		}
		return
	}
}

// TestProgramsOfTheSystem: what belongs to the system is started from its own folder, and
// not from wherever something of that name is found (CVE-2019-19954).
func TestProgramsOfTheSystem(t *testing.T) {
	for system, want := range map[string]string{
		"windows": `C:\Windows\System32\rundll32.exe`, "darwin": "/usr/bin/open", "linux": "xdg-open",
	} {
		if got := opener(system, `C:\Windows\System32`); got[0] != want {
			t.Errorf("%s: %q", system, got)
		}
	}
	source, err := os.ReadFile("toolkit_windows.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, call := range regexp.MustCompile(`exec\.Command\(([^,]*),`).FindAllSubmatch(source, -1) {
		if !strings.HasPrefix(string(call[1]), "systemDir()+`\\") {
			t.Errorf("on Windows %s is started", call[1])
		}
	}
}
