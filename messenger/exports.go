package messenger

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"culver/lang"
)

// What an export has written so far is readable by anybody, so it must not stay if
// the program dies: where it is is noted before there is anything of it, and the next
// run removes it.

// settingExporting is where exports that are not finished are, as JSON.
const settingExporting = "history.exporting"

// unfinishedName is the name that the file has until it is complete.
var unfinishedName = regexp.MustCompile(`^.+\.unfinished-[0-9a-f]{24}$`)

// unfinished is a new name beside a file that is to be made. File systems bound names.
func unfinished(path string) string {
	dir, name := filepath.Split(path)
	return dir + strings.ToValidUTF8(name[:min(len(name), 180)], "") + ".unfinished-" + newID()
}

// noteExport notes an export before it begins. An error means that there may be none.
func (m *Messenger) noteExport(path string) error {
	return m.keepExports(append(slices.Clone(m.partial), path))
}

// exportGone forgets a file that is there no more.
func (m *Messenger) exportGone(path string) {
	if i := slices.Index(m.partial, path); i >= 0 {
		if err := m.keepExports(slices.Delete(slices.Clone(m.partial), i, i+1)); err != nil {
			m.trouble(lang.T("A setting could not be saved."), err)
		}
	}
}

func (m *Messenger) keepExports(all []string) error {
	value := ""
	if len(all) > 0 {
		b, err := json.Marshal(all)
		if err != nil {
			return err
		}
		value = string(b)
	}
	err := m.cfg.Store.SetSetting(settingExporting, value)
	if err == nil {
		m.partial = all
	}
	return err
}

// removeExports removes what an earlier run did not finish. What cannot be looked at,
// as it is on a stick for instance, is tried again in the next run.
func (m *Messenger) removeExports() {
	value, _, err := m.cfg.Store.Setting(settingExporting)
	if err != nil || value == "" || json.Unmarshal([]byte(value), &m.partial) != nil {
		return
	}
	for _, path := range m.partial {
		removed := false
		m.background(func(context.Context) (err error) {
			removed, err = removeExport(path)
			return err
		}, func(err error) {
			if err != nil {
				if !errors.Is(err, errNoFolder) {
					m.trouble(lang.F("Culver ended while it exported conversations. What it had written is still there, for anybody to read. Delete it: %s", path), err)
				}
				return
			}
			m.exportGone(path)
			if removed {
				name, _, _ := strings.Cut(filepath.Base(path), ".unfinished-")
				m.trouble(lang.F("Culver ended before the export to %s was complete. What was written of it is deleted. Please export it again.", cleanName(name)), nil)
			}
		})
	}
}

var errNoFolder = errors.New("the folder is not there")

// removeExport removes a file that an export left, and nothing else.
func removeExport(path string) (removed bool, err error) {
	if !filepath.IsAbs(path) || !unfinishedName.MatchString(filepath.Base(path)) {
		return false, nil
	}
	if _, err := os.Stat(filepath.Dir(path)); errors.Is(err, fs.ErrNotExist) {
		return false, errNoFolder
	}
	switch info, err := os.Lstat(path); {
	case errors.Is(err, fs.ErrNotExist):
		return false, nil
	case err != nil:
		return false, err
	case !info.Mode().IsRegular():
		return false, nil
	}
	return true, os.Remove(path)
}
