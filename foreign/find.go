package foreign

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"slices"

	"culver/lang"
)

// Places are the folders of this computer and its user in which programs keep
// things. Empty ones are not looked into: of the zero value nothing is found.
type Places struct {
	Home       string
	Config     string   // XDG's, of settings
	Data       string   // XDG's, of data
	AppData    string   // of Windows
	PurpleHome string   // what $PURPLEHOME says
	Desktop    []string // the databases of the desktop's settings
}

// Here are the places of this computer and its user.
func Here() Places {
	home, _ := os.UserHomeDir()
	p := Places{Home: home, PurpleHome: os.Getenv("PURPLEHOME")}
	if runtime.GOOS == "windows" {
		p.AppData = os.Getenv("APPDATA")
		return p
	}
	p.Config, p.Data = os.Getenv("XDG_CONFIG_HOME"), os.Getenv("XDG_DATA_HOME")
	if p.Config == "" && home != "" {
		p.Config = filepath.Join(home, ".config")
	}
	if p.Data == "" && home != "" {
		p.Data = filepath.Join(home, ".local", "share")
	}
	p.Desktop = desktopSettings(p.Config)
	return p
}

// Found is the folder of a program that can be read.
type Found struct {
	Title  string // of the program: "Pidgin"
	Folder string
	second string // of Gajim, where its data is
	read   func(p *Profile, folders []*folder) error
}

// program is one way of reading a folder, and a file or folder by which it is known.
type program struct {
	title string
	marks []string
	read  func(p *Profile, folders []*folder) error
}

func alone(read func(*Profile, *folder) error) func(*Profile, []*folder) error {
	return func(p *Profile, folders []*folder) error { return read(p, folders[0]) }
}

func programs() []program {
	return []program{
		{"Adium", []string{adiumAccounts, "libpurple/accounts.xml"}, alone(readAdium)},
		{"Pidgin", []string{"accounts.xml", "blist.xml"}, alone(readPidgin)},
		{"CoyIM", []string{coyimFile, coyimSealed}, alone(readCoyIM)},
		{"Gajim", []string{"settings.sqlite", gajimDatabase, "config"}, func(p *Profile, folders []*folder) error {
			if len(folders) == 1 {
				return readGajim(p, folders[0], nil)
			}
			return readGajim(p, folders[0], folders[1])
		}},
		{"Profanity", []string{"accounts"}, alone(readProfanity)},
	}
}

// Titles are the names of the programs that can be read, for people.
func Titles() (titles []string) {
	for _, p := range programs() {
		titles = append(titles, p.title)
	}
	slices.Sort(titles)
	return titles
}

// in looks whether a folder is the program's.
func (p program) in(folder string) bool {
	return slices.ContainsFunc(p.marks, func(mark string) bool {
		info, err := os.Stat(filepath.Join(folder, filepath.FromSlash(mark)))
		return err == nil && info.Mode().IsRegular()
	})
}

// Find looks for programs in their usual places.
func (p Places) Find() (found []Found) {
	under := func(base string, names ...string) string {
		if base == "" {
			return ""
		}
		return filepath.Join(append([]string{base}, names...)...)
	}
	flatpak := func(id string, names ...string) string {
		return under(p.Home, append([]string{".var", "app", id}, names...)...)
	}
	snap := func(name string, names ...string) string {
		return under(p.Home, append([]string{"snap", name, "current"}, names...)...)
	}
	add := func(title string, folders ...string) {
		for _, f := range folders {
			found = append(found, look(f, title)...)
		}
	}
	add("Pidgin", under(p.PurpleHome, ".purple"), under(p.AppData, ".purple"))
	if p.AppData == "" {
		add("Pidgin", under(p.Home, ".purple"), flatpak("im.pidgin.Pidgin", ".purple"), snap("pidgin", ".purple"))
	}
	if p.Home != "" {
		users, _ := filepath.Glob(filepath.Join(escapedGlob(p.Home), "Library", "Application Support", "Adium 2.0", "Users", "*"))
		add("Adium", users[:min(len(users), 20)]...)
	}
	add("CoyIM", under(p.Config, "coyim"), under(p.AppData, "coyim"))
	for _, g := range [][2]string{
		{under(p.Config, "gajim"), under(p.Data, "gajim")},
		{flatpak("org.gajim.Gajim", "config", "gajim"), flatpak("org.gajim.Gajim", "data", "gajim")},
	} {
		add("Gajim", g[0])
		if n := len(found); n > 0 && found[n-1].Folder == g[0] && isFolder(g[1]) {
			found[n-1].second = g[1]
		} else {
			add("Gajim", g[1])
		}
	}
	add("Gajim", under(p.AppData, "Gajim"))
	add("Profanity", under(p.Data, "profanity"), snap("profanity", ".local", "share", "profanity"))
	return found
}

// escapedGlob is a path in which nothing is a pattern.
func escapedGlob(path string) string {
	if runtime.GOOS == "windows" {
		return path
	}
	out := make([]byte, 0, len(path))
	for i := range len(path) {
		switch path[i] {
		case '*', '?', '[', '\\':
			out = append(out, '\\')
		}
		out = append(out, path[i])
	}
	return string(out)
}

func isFolder(path string) bool {
	info, err := os.Stat(path)
	return path != "" && err == nil && info.IsDir()
}

// look tells which programs' folder this is. An empty title fits them all.
func look(folder, title string) []Found {
	if !isFolder(folder) {
		return nil
	}
	for _, p := range programs() {
		if (title == "" || p.title == title) && p.in(folder) {
			return []Found{{Title: p.title, Folder: folder, read: p.read}}
		}
	}
	return nil
}

// ErrNothing says that a folder is not one of a program that can be read.
const ErrNothing = lang.Error("There is nothing in this folder that Culver can import.")

// Look tells what there is to read in a folder that the user chose: a program's
// own, or one above it, such as the folder of a portable Pidgin or somebody's home
// on another disk. Its errors are sentences.
func Look(folder string) ([]Found, error) {
	info, err := os.Stat(folder)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return nil, errors.New(lang.T("There is no such folder."))
	case err != nil:
		return nil, unreadable(err)
	case !info.IsDir(): // one of its files was chosen
		folder = filepath.Dir(folder)
	}
	if above := filepath.Dir(folder); filepath.Base(folder) == "libpurple" && look(above, "Adium") != nil {
		folder = above
	}
	for _, below := range [][]string{
		nil,
		{".purple"}, {"Data", "settings", ".purple"}, {"settings", ".purple"}, {"PidginPortable", "Data", "settings", ".purple"},
	} {
		if found := look(filepath.Join(append([]string{folder}, below...)...), ""); found != nil {
			return found, nil
		}
	}
	if beside := look(filepath.Join(filepath.Dir(folder), "Data", "settings", ".purple"), ""); beside != nil {
		return beside, nil
	}
	home := Places{Home: folder, Config: filepath.Join(folder, ".config"), Data: filepath.Join(folder, ".local", "share")}
	found := home.Find()
	home = Places{AppData: filepath.Join(folder, "AppData", "Roaming")}
	if found = append(found, home.Find()...); len(found) > 0 {
		return found, nil
	}
	return nil, ErrNothing
}

// Read reads what the program keeps, on a computer with these places. Its errors are for
// people, but for that of ctx.
func (f Found) Read(ctx context.Context, here Places) (*Profile, error) {
	p := &Profile{Title: f.Title, Folder: f.Folder, own: map[string]string{}, desktopProxy: here.desktopHasProxy()}
	var folders []*folder
	defer func() {
		for _, open := range folders {
			open.close()
		}
	}()
	for _, path := range []string{f.Folder, f.second} {
		if path == "" {
			continue
		}
		open, err := openFolder(ctx, path)
		if err != nil {
			return nil, err
		}
		folders = append(folders, open)
	}
	err := f.read(p, folders)
	if ctx.Err() != nil { // whatever came of that: not all of it was read
		err = ctx.Err()
	}
	if err != nil {
		p.Wipe()
		return nil, err
	}
	slices.SortStableFunc(p.Logs, func(a, b Log) int { return a.First.Compare(b.First) })
	return p, nil
}
