package main

import (
	"io"
	"log"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"
	"github.com/go-text/typesetting/fontscan"

	"culver/storage"
)

// appID is how systems tell the program from others.
const appID = "im.culver.Culver"

// openToolkit starts the toolkit so that all it writes lies in the profile: it keeps
// settings and preferences (of which Culver has none), an index of the system's fonts
// and a picture for notifications, and would have folders of its own in the user's
// home for them. Without a profile it writes nothing.
func openToolkit(p *storage.Profile) fyne.App {
	defer madePrivate()()
	dir := filepath.Join(os.DevNull, "culver") // where nothing can be
	if p != nil {
		dir = p.ToolkitDir()
		indexFonts(dir)
	} else {
		log.SetOutput(io.Discard) // of complaints that it can write nowhere
	}
	env := os.Environ()
	always, passing := toolkitEnv(runtime.GOOS, dir)
	for name, value := range always {
		os.Setenv(name, value)
	}
	if cache, err := os.UserCacheDir(); err == nil {
		_ = os.MkdirAll(cache, 0o700) // the toolkit complains if it is missing
		if shaders := always[shaderDir]; shaders != "" {
			_ = os.Mkdir(shaders, 0o700) // what the driver puts there, others might read
		}
	}
	leave := setenv(passing)
	window := app.NewWithID(appID)
	leave()
	if p != nil { // the picture for notifications comes later, into a file that is private already
		picture := filepath.Join(window.Cache().RootURI().Path(), "icon.png")
		if f, err := os.OpenFile(picture, os.O_WRONLY|os.O_CREATE, 0o600); err == nil {
			f.Close()
		}
	}
	endWithLoop(window)
	d := desk{App: window, env: env, passing: passing}
	fyne.SetCurrentApp(d) // for its settings
	return d
}

// shaderDir names the folder where Mesa keeps what it has compiled.
const shaderDir = "MESA_SHADER_CACHE_DIR"

// toolkitEnv is the environment that keeps the toolkit and the graphics driver in
// dir: without a graphics card the driver compiles what draws for half a second at each
// start, unless it finds it there from the last one. What others read as well, the settings of keyboards and fonts for instance,
// is only set in passing: while the toolkit looks for its folders.
func toolkitEnv(system, dir string) (always, passing map[string]string) {
	config, cache := filepath.Join(dir, "config"), filepath.Join(dir, "cache")
	switch system {
	case "windows":
		return map[string]string{"LocalAppData": cache}, map[string]string{"USERPROFILE": config}
	case "darwin":
		return nil, map[string]string{"HOME": config}
	}
	return map[string]string{
		"XDG_CACHE_HOME":             cache,
		shaderDir:                    filepath.Join(cache, "shaders"),
		"MESA_SHADER_CACHE_MAX_SIZE": "16M",
		"__GL_SHADER_DISK_CACHE":     "0", // NVIDIA's
	}, map[string]string{"XDG_CONFIG_HOME": config}
}

// setenv sets variables until they are put back.
func setenv(vars map[string]string) (back func()) {
	before := map[string]string{}
	for name, value := range vars {
		if old, ok := os.LookupEnv(name); ok {
			before[name] = old
		}
		os.Setenv(name, value)
	}
	return func() {
		for name := range vars {
			if old, ok := before[name]; ok {
				os.Setenv(name, old)
			} else {
				os.Unsetenv(name)
			}
		}
	}
}

// indexFonts looks for the system's fonts before the toolkit does, which would keep
// the index in the user's home: the first search is the one that counts.
func indexFonts(dir string) {
	_ = fontscan.NewFontMap(log.New(io.Discard, "", 0)).UseSystemFonts(dir)
}

// desk is the toolkit's app, with an end to what main has done to the environment:
// other programs get it as the user has it.
type desk struct {
	fyne.App
	env     []string
	passing map[string]string
}

func (d desk) Run() {
	d.Lifecycle().SetOnStarted(setenv(d.passing)) // it has found its folders by then
	d.App.Run()
}

// NewWindow makes a window that the desktop takes for one of Culver's, whatever its title is.
func (d desk) NewWindow(title string) fyne.Window {
	w := d.App.NewWindow(title)
	nameWindows()
	return w
}

// Settings are the toolkit's, but for animations: see [still].
func (d desk) Settings() fyne.Settings { return still{d.App.Settings()} }

// still are settings by which nothing moves by itself: for a caret that blinks the toolkit
// draws the whole window a dozen times a second, as long as the program stands there.
type still struct{ fyne.Settings }

func (still) ShowAnimations() bool { return false }

// OpenURL shows a page in the user's browser.
func (d desk) OpenURL(u *url.URL) error {
	args := opener(runtime.GOOS, systemDir())
	cmd := exec.Command(args[0], append(args[1:], u.String())...)
	cmd.Env = d.env
	if err := cmd.Start(); err != nil {
		return err
	}
	go cmd.Wait()
	return nil
}

// opener is the program that opens pages. Those of the system are started from where it
// keeps them: by their names alone, others of that name might be.
func opener(system, dir string) []string {
	switch system {
	case "windows":
		return []string{dir + `\rundll32.exe`, "url.dll,FileProtocolHandler"}
	case "darwin":
		return []string{"/usr/bin/open"}
	}
	return []string{"xdg-open"} // where it is differs, and PATH is the user's
}

// endWithLoop lets the program end when the toolkit's loop does. The toolkit then
// saves its preferences, of which there are none, on the goroutine of the loop,
// and may wait forever for a loop that has just ended (fyne v2.8.1, gLDriver.Run).
func endWithLoop(window fyne.App) {
	if l, ok := window.Lifecycle().(interface{ SetOnStoppedHookExecuted(func()) }); ok {
		l.SetOnStoppedHookExecuted(nil)
	}
}
