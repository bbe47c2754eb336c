package main_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// module is the path of Culver's module.
const module = "culver"

// layer is one row of the table of who may import whom. In all lists "x" is the
// package x and "x/..." is x and everything below it.
type layer struct {
	pkg  string   // the package, below the module; "." is main
	may  []string // packages of Culver that it may import
	ext  []string // packages of other modules that it may import
	test bool     // a support package of tests: not in the program
}

// layers is the table, drawn in docs/design.md. The first row that fits a package
// counts; a package that no row fits is refused. The standard library is free to
// all, but for [refusals].
var layers = []layer{
	// 5: builds the pieces and hands them to each other.
	{pkg: ".", may: []string{"..."}, ext: []string{"fyne.io/fyne/v2/...", "github.com/go-text/typesetting/fontscan", "github.com/go-gl/glfw/..."}},

	// 4: front ends. They see the messenger and the values that it sends.
	{pkg: "gui/...", may: frontEnd("gui/..."), ext: []string{"fyne.io/fyne/v2/...", "rsc.io/qr"}},
	{pkg: "tui/...", may: frontEnd("tui/..."), ext: []string{"golang.org/x/term"}},
	{pkg: "tutor/...", may: frontEnd("tutor/...")},

	// Opens the profile with the user's help, before there is a messenger: a part of main.
	{pkg: "unlock", may: []string{"storage", "plugin", "im"}},
	// Words about all of the program: another part of main.
	{pkg: "handbook", may: []string{"plugin", "plugin/pages"}},

	// 3: the core, on one goroutine.
	{pkg: "messenger/scenetest", may: []string{ // whole messengers, as main builds them
		"messenger", "accounts", "buddylist", "conversation", "plugin", "protocol/...", "im", "internal/...", "otrplugin", "storage",
	}, test: true},
	{pkg: "messenger/...", may: []string{
		"messenger/...", "accounts", "backup", "buddylist", "cargo", "conversation", "foreign", "plugin", "protocol", "im", "internal/picture", "internal/queue", "internal/rows",
	}},

	// 2: features, stores, plugins and networks, which do not know each other.
	{pkg: "conversation", may: []string{"plugin", "im"}},
	{pkg: "buddylist", may: []string{"im"}},
	{pkg: "idle"},
	{pkg: "emoji"},
	{pkg: "cargo", ext: []string{"golang.org/x/crypto/chacha20poly1305", "golang.org/x/sys/..."}},
	{pkg: "accounts", may: []string{"protocol", "im"}},
	{pkg: "backup", may: []string{"im", "internal/rows"}, ext: []string{"filippo.io/age"}},
	{pkg: "storage/...", may: []string{"storage/...", "im", "internal/..."}, ext: []string{
		"github.com/ncruces/go-sqlite3/...", "github.com/zalando/go-keyring", "github.com/fsnotify/fsnotify",
		"golang.org/x/crypto/...", "golang.org/x/sys/...", "golang.org/x/text/unicode/norm", "lukechampine.com/adiantum/...",
	}},
	{pkg: "foreign", may: []string{"im"}, ext: []string{"github.com/ncruces/go-sqlite3/..."}}, // other programs' plain databases
	{pkg: "otrplugin", may: []string{"plugin", "plugin/pages", "im", "otrplugin/otr", "otrplugin/otr/libotr", "internal/rows"}},
	{pkg: "replaceplugin", may: []string{"plugin", "im"}},
	{pkg: "notifyplugin", may: []string{"plugin", "im"}},
	{pkg: "stateplugin", may: []string{"plugin", "im"}},
	{pkg: "consoleplugin", may: []string{"plugin", "im"}},
	{pkg: "protocol/protocoltest", may: []string{"protocol", "im", "internal/..."}, test: true},
	{pkg: "protocol/xmpp/xmpptest", may: []string{"protocol", "im", "internal/..."}, ext: []string{"mellium.im/..."}, test: true},
	{pkg: "protocol/xmpp/...", may: []string{"protocol/xmpp/...", "protocol", "im", "internal/..."}, ext: []string{
		"mellium.im/...", "golang.org/x/net/idna", "golang.org/x/text/unicode/...", "golang.org/x/crypto/...",
	}},
	{pkg: "protocol/linklocal/...", may: []string{"protocol/linklocal/...", "protocol", "im", "internal/..."}, ext: []string{
		"mellium.im/...",
	}},
	{pkg: "protocol/practice/...", may: []string{"protocol/practice/...", "protocol", "im", "internal/..."}},
	{pkg: "protocol/irc/...", may: []string{"protocol/irc/...", "protocol", "im", "internal/..."}},

	// 1: the two contracts, and the OTR engine, which stands on its own.
	{pkg: "plugin/plugintest", may: []string{"plugin", "im"}, test: true},
	{pkg: "plugin/pages", may: []string{"plugin", "im"}},
	{pkg: "plugin", may: []string{"im"}},
	{pkg: "protocol", may: []string{"im"}},
	{pkg: "otrplugin/otr", may: []string{"otrplugin/otr/internal/..."}},
	{pkg: "otrplugin/otr/libotr", may: []string{"otrplugin/otr"}}, // libotr's files

	// 0: the vocabulary and the leaves.
	{pkg: "im"},
	{pkg: "lang"},
	{pkg: "assets"},
	{pkg: "otrplugin/otr/internal/...", may: []string{"otrplugin/otr/internal/..."}, ext: []string{
		"golang.org/x/sys/cpu", "filippo.io/bigmod",
	}},
	{pkg: "internal/testkit/...", may: []string{"internal/..."}, ext: []string{"github.com/godbus/dbus/v5"}, test: true},
	{pkg: "internal/pilot/...", may: []string{"internal/..."}, test: true},
	{pkg: "internal/journey/...", may: []string{"internal/..."}, test: true},
	{pkg: "internal/screenshots", may: []string{"messenger", "messenger/scenetest", "protocol/xmpp", "storage", "im", "internal/..."}, test: true}, // talks with whole messengers
	{pkg: "internal/e2e/...", may: []string{"internal/..."}, test: true},
	{pkg: "internal/crash", may: []string{"messenger", "plugin", "protocol/...", "im", "storage"}, test: true},
	{pkg: "internal/libotr", test: true},
	{pkg: "internal/moving", may: []string{ // a whole messenger, as main builds it, without windows
		"messenger", "backup", "storage", "plugin", "im", "protocol/...", "otrplugin/...", "notifyplugin", "internal/...",
	}, test: true},
	{pkg: "internal/otrbench/...", may: []string{"internal/...", "otrplugin/otr"}, ext: []string{"golang.org/x/sys/unix", "golang.org/x/crypto/otr"}, test: true}, // the same, measured
	{pkg: "internal/quantile"},
	{pkg: "internal/outside", test: true},
	{pkg: "internal/xmppbench", may: []string{ // a whole messenger, as main builds it, measured beside Profanity
		"messenger", "buddylist", "storage", "plugin", "im", "protocol/...", "otrplugin", "notifyplugin", "stateplugin", "consoleplugin", "replaceplugin", "internal/...",
	}, test: true},
	{pkg: "internal/guibench", may: []string{"storage", "im", "protocol", "protocol/xmpp", "internal/..."}, ext: []string{"github.com/jezek/xgb/..."}, test: true},
	{pkg: "internal/otrsoak", may: []string{"internal/...", "otrplugin/otr"}, test: true},     // the same, over a hostile wire
	{pkg: "internal/otrpipe/...", may: []string{"internal/...", "otrplugin/otr"}, test: true}, // the engine as a program, to set beside libotr
	{pkg: "internal/transcript", may: []string{"otrplugin/otr"}, test: true},                  // its conversations, on record
	{pkg: "internal/xmppsoak", may: []string{ // whole messengers, as main builds them, without windows
		"messenger", "accounts", "buddylist", "plugin", "protocol/...", "im", "storage", "otrplugin", "notifyplugin", "stateplugin", "consoleplugin", "replaceplugin", "internal/...",
	}, test: true},
	{pkg: "internal/desktop", may: []string{"internal/queue"}, ext: []string{"github.com/godbus/dbus/v5/..."}},
	{pkg: "internal/sound", may: []string{"internal/queue"}, ext: []string{"golang.org/x/sys/windows"}},
	{pkg: "internal/...", may: []string{"internal/..."}},
}

// frontEnd is what a front end may import of Culver.
func frontEnd(self string) []string {
	return []string{
		self, "messenger", "accounts", "buddylist", "conversation", "plugin", "im", "assets", "idle", "emoji",
		"internal/queue", // the type of a subscription
	}
}

// refusal is an import that is refused wherever it is not allowed by name.
type refusal struct {
	imp    string   // what is refused
	in     []string // where
	except []string // but not there
	tests  bool     // in test files, too
	why    string
}

var refusals = []refusal{
	{imp: "fyne.io/fyne/v2/app/...", in: []string{"..."}, except: []string{"."}, tests: true,
		why: "it is the real window, which needs cgo and a display: only main opens it"},
	{imp: "fyne.io/...", in: []string{"..."}, except: []string{".", "gui/..."}, tests: true,
		why: "the toolkit stays in gui"},
	{imp: "mellium.im/...", in: []string{"..."}, except: []string{"protocol/xmpp/...", "protocol/linklocal/..."}, tests: true,
		why: "XMPP stays in its own folder"},
	{imp: "net/http/...", in: []string{"..."}, except: []string{"protocol/xmpp/depot", "internal/testkit"},
		why: "Culver speaks to chat servers, and fetches the files that its user accepts: nothing behind the user's back"},
	{imp: "log/...", in: []string{"otrplugin/..."},
		why: "what is private is not logged"},
	{imp: "math/rand/...", in: []string{"otrplugin/...", "storage/...", "protocol/xmpp/..."},
		why: "keys, nonces and ids come from crypto/rand"},
	{imp: "plugin", in: []string{"..."}, why: "Go's own plugins are not what Culver means by the word"},
	{imp: "C", in: []string{"..."}, tests: true, why: "Culver has no C of its own, so that it is tested without a C compiler"},
}

// matches reports whether pattern ("x", "x/..." or "...") fits the path.
func matches(pattern, p string) bool {
	if pattern == "..." {
		return true
	}
	if tree, ok := strings.CutSuffix(pattern, "/..."); ok {
		return p == tree || strings.HasPrefix(p, tree+"/")
	}
	return p == pattern
}

func anyMatches(patterns []string, p string) bool {
	return slices.ContainsFunc(patterns, func(pattern string) bool { return matches(pattern, p) })
}

// layerOf returns the row of a package.
func layerOf(pkg string) (layer, bool) {
	i := slices.IndexFunc(layers, func(l layer) bool { return matches(l.pkg, pkg) })
	if i < 0 {
		return layer{}, false
	}
	return layers[i], true
}

// forbidden says why the package (below the module) may not import imp, or
// returns "" if it may. Test files are bound by the refusals alone.
func forbidden(pkg, imp string, test bool) string {
	for _, r := range refusals {
		if (!test || r.tests) && matches(r.imp, imp) && anyMatches(r.in, pkg) && !anyMatches(r.except, pkg) {
			return r.why
		}
	}
	if test {
		return ""
	}
	row, ok := layerOf(pkg)
	if !ok {
		return "the package has no row in the table of who may import whom"
	}
	own, isOwn := strings.CutPrefix(imp, module+"/")
	switch {
	case own == "lang" && !matches("otrplugin/otr/...", pkg): // whoever speaks
	case isOwn && !anyMatches(row.may, own):
		return fmt.Sprintf("%s may import only %v of Culver", row.pkg, row.may)
	case isOwn && !row.test && own != pkg:
		if to, ok := layerOf(own); ok && to.test && !strings.HasPrefix(pkg, "internal/") {
			return own + " is for tests"
		}
	case !isOwn && strings.Contains(imp, ".") && !anyMatches(row.ext, imp):
		return fmt.Sprintf("%s may import only %v of other modules", row.pkg, row.ext)
	}
	return ""
}

// source is one parsed file of Culver.
type source struct {
	file string // its path from the root of the module
	pkg  string // the package's path below the module, "." for main
	test bool
	ast  *ast.File
}

// sources parses all of Culver, whatever the build tags.
func sources(t *testing.T, fset *token.FileSet) []source {
	t.Helper()
	var all []source
	err := filepath.WalkDir(".", func(file string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir():
			if file != "." && (slices.Contains([]string{"build", "out", "tools", "testdata"}, d.Name()) || d.Name()[0] == '.') {
				return filepath.SkipDir
			}
			return nil
		case path.Ext(file) != ".go":
			return nil
		}
		parsed, err := parser.ParseFile(fset, file, nil, parser.ParseComments)
		if err != nil {
			return err
		}
		file = filepath.ToSlash(file)
		all = append(all, source{file, path.Dir(file), strings.HasSuffix(file, "_test.go"), parsed})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// faults lists what in a file breaks the rules, each with its place.
func faults(fset *token.FileSet, s source) []string {
	var out []string
	fault := func(at token.Pos, format string, args ...any) {
		out = append(out, fmt.Sprintf("%v: %s", fset.Position(at), fmt.Sprintf(format, args...)))
	}
	clock := ""
	for _, spec := range s.ast.Imports {
		imp, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			fault(spec.Pos(), "import: %v", err)
			continue
		}
		if why := forbidden(s.pkg, imp, s.test); why != "" {
			fault(spec.Pos(), "import %s: %s", imp, why)
		}
		if imp == "time" {
			clock = "time"
			if spec.Name != nil {
				clock = spec.Name.Name
			}
		}
	}
	ast.Inspect(s.ast, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncDecl:
			if n.Recv == nil && n.Name.Name == "init" {
				fault(n.Pos(), "func init: pieces are built and connected in main, in the open")
			}
		case *ast.SelectorExpr:
			x, ok := n.X.(*ast.Ident)
			if ok && clock != "" && x.Name == clock && n.Sel.Name == "Sleep" {
				fault(n.Pos(), "time.Sleep: wait for the event, not for the clock; under a fake one, <-time.After(d)")
			}
		}
		return true
	})
	return out
}

func TestImportsStayInTheirLayers(t *testing.T) {
	fset := token.NewFileSet()
	all := sources(t, fset)
	if len(all) < 30 {
		t.Fatalf("only %d files were found: is this the root of the module?", len(all))
	}
	for _, s := range all {
		for _, f := range faults(fset, s) {
			t.Error(f)
		}
	}
}

func TestForbiddenImportsAreFound(t *testing.T) {
	for _, e := range []struct {
		pkg, imp string
		test, ok bool
	}{
		{".", "culver/storage", false, true},
		{".", "fyne.io/fyne/v2/app", false, true},
		{".", "fyne.io/fyne/v2", false, true},
		{".", "mellium.im/xmpp", false, false},
		{".", "net/http", false, false},
		{"protocol/xmpp", "net/http", false, false},
		{"protocol/xmpp/depot", "net/http", false, true},
		{".", "culver/plugin/plugintest", false, false},
		{"gui", "culver/messenger", false, true},
		{"gui", "culver/internal/queue", false, true},
		{"gui", "fyne.io/fyne/v2/widget", false, true},
		{"gui", "fyne.io/fyne/v2/app", false, false},
		{"gui", "fyne.io/fyne/v2/app", true, false},
		{"gui", "culver/lang", false, true},
		{"otrplugin/otr", "culver/lang", false, false},
		{"gui", "culver/storage", false, false},
		{"gui", "culver/otrplugin", false, false},
		{"gui", "culver/protocol", false, false},
		{"gui", "culver/protocol/xmpp", false, false},
		{"gui", "culver/tutor", false, false},
		{"gui/transcript", "culver/gui", false, true},
		{"guide", "fyne.io/fyne/v2", false, false},
		{"tutor", "fyne.io/fyne/v2", false, false},
		{"unlock", "culver/gui", false, false},
		{"unlock", "culver/messenger", false, false},
		{"tutor", "culver/gui", false, false},
		{"messenger", "culver/gui", false, false},
		{"messenger", "culver/storage", false, false},
		{"messenger", "culver/otrplugin", false, false},
		{"messenger", "culver/protocol/xmpp", false, false},
		{"messenger", "culver/protocol/practice", true, true},
		{"messenger", "fyne.io/fyne/v2", true, false},
		{"messenger", "culver/internal/queue", false, true},
		{"conversation", "culver/protocol", false, false},
		{"conversation", "culver/buddylist", false, false},
		{"conversation", "fyne.io/fyne/v2", false, false},
		{"conversation", "golang.org/x/net/html", false, false},
		{"buddylist", "culver/plugin", false, false},
		{"buddylist", "culver/im", false, true},
		{"accounts", "culver/protocol", false, true},
		{"accounts", "culver/storage", false, false},
		{"storage", "culver/messenger", false, false},
		{"foreign", "culver/plugin", false, false},
		{"foreign", "culver/storage", false, false},
		{"messenger", "culver/foreign", false, true},
		{"storage", "github.com/zalando/go-keyring", false, true},
		{"storage", "mellium.im/sasl", false, false},
		{"storage", "math/rand", false, false},
		{"otrplugin", "culver/otrplugin/otr", false, true},
		{"otrplugin", "culver/conversation", false, false},
		{"otrplugin", "culver/protocol/xmpp", false, false},
		{"otrplugin", "log", false, false},
		{"otrplugin/otr", "log/slog", false, false},
		{"otrplugin/otr", "log", true, true}, // examples end by it
		{"otrplugin/otr", "math/rand", false, false},
		{"otrplugin/otr", "math/rand/v2", false, false},
		{"otrplugin/otr", "math/rand/v2", true, true},
		{"otrplugin/otr", "culver/im", false, false},
		{"otrplugin/otr", "culver/plugin", false, false},
		{"otrplugin/otr", "culver/otrplugin/otr/libotr", false, false},
		{"otrplugin", "culver/otrplugin/otr/libotr", false, true},
		{"otrplugin/otr/libotr", "culver/otrplugin/otr", false, true},
		{"otrplugin/otr/libotr", "culver/otrplugin/otr/internal/wire", false, false},
		{"otrplugin/otr", "filippo.io/bigmod", false, false},
		{"otrplugin/otr/internal/smp", "filippo.io/bigmod", false, true},
		{"otrplugin/otr/internal/smp", "culver/otrplugin/otr", false, false},
		{"protocol", "culver/plugin", false, false},
		{"protocol", "mellium.im/xmpp", false, false},
		{"protocol/xmpp", "mellium.im/xmpp/jid", false, true},
		{"protocol/xmpp", "culver/plugin", false, false},
		{"protocol/xmpp", "culver/protocol/protocoltest", false, false},
		{"protocol/xmpp", "culver/protocol/protocoltest", true, true},
		{"protocol/xmpp", "culver/protocol/xmpp/xmpptest", false, false},
		{"protocol/xmpp/xmpptest", "culver/internal/testkit", false, true},
		{"messenger/scenetest", "culver/storage", false, true},
		{"messenger", "culver/messenger/scenetest", false, false},
		{"protocol/practice", "mellium.im/xmpp/jid", false, false},
		{"protocol/practice", "culver/protocol/xmpp", false, false},
		{"protocol/protocoltest", "culver/protocol", false, true},
		{"plugin", "culver/protocol", false, false},
		{"plugin/plugintest", "culver/plugin", false, true},
		{"im", "culver/plugin", false, false},
		{"im", "golang.org/x/text/unicode/norm", false, false},
		{"assets", "fyne.io/fyne/v2", false, false},
		{"internal/testkit", "culver/messenger", false, false},
		{"internal/testkit", "culver/internal/queue", false, true},
		{"internal/otrpipe", "culver/otrplugin/otr", false, true},
		{"internal/otrbench/culverbench", "culver/otrplugin/otr", false, true},
		{"internal/otrbench", "culver/otrplugin", false, false},
		{"internal/otrsoak", "culver/otrplugin/otr", false, true},
		{"internal/otrsoak", "culver/otrplugin", false, false},
		{"internal/journey", "culver/internal/testkit", false, true},
		{"storage", "culver/internal/testkit", false, false},
		{"protocol/xmpp", "culver/internal/testkit", true, true},
		{"internal/journey", "culver/otrplugin/otr", false, false},
		{"internal/journey", "fyne.io/fyne/v2", false, false},
		{"im", "C", false, false},
		{"im", "plugin", false, false},
		{"util", "fmt", false, false}, // a package nobody planned
	} {
		why := forbidden(e.pkg, e.imp, e.test)
		if e.ok && why != "" {
			t.Errorf("%s -> %s (test: %v) was refused: %s", e.pkg, e.imp, e.test, why)
		}
		if !e.ok && why == "" {
			t.Errorf("%s -> %s (test: %v) was let through", e.pkg, e.imp, e.test)
		}
	}
}

func TestForbiddenCodeIsFound(t *testing.T) {
	for name, e := range map[string]struct {
		code  string
		wants []string // what each fault says, in order
	}{
		"clean":           {"package im\nimport \"time\"\nfunc f() { _ = time.Now() }", nil},
		"init":            {"package im\nfunc init() {}", []string{"func init"}},
		"method init":     {"package im\ntype T int\nfunc (T) init() {}", nil},
		"sleep":           {"package im\nimport \"time\"\nfunc f() { time.Sleep(1) }", []string{"time.Sleep"}},
		"renamed sleep":   {"package im\nimport clock \"time\"\nfunc f() { clock.Sleep(1) }", []string{"time.Sleep"}},
		"sleep as value":  {"package im\nimport \"time\"\nvar nap = time.Sleep", []string{"time.Sleep"}},
		"other's Sleep":   {"package im\nfunc f(bed interface{ Sleep() }) { bed.Sleep() }", nil},
		"fake clock":      {"package im\nimport (\n\"testing/synctest\"\n\"time\"\n)\nfunc f() { <-time.After(1); synctest.Wait() }", nil},
		"import and init": {"package im\nimport _ \"net/http\"\nfunc init() {}", []string{"import net/http", "func init"}},
	} {
		fset := token.NewFileSet()
		parsed, err := parser.ParseFile(fset, "im/fake.go", e.code, 0)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		got := faults(fset, source{"im/fake.go", "im", false, parsed})
		if len(got) != len(e.wants) {
			t.Errorf("%s: faults %q, want %q", name, got, e.wants)
			continue
		}
		for i, want := range e.wants {
			if !strings.Contains(got[i], want) {
				t.Errorf("%s: fault %q, want %q", name, got[i], want)
			}
		}
	}
}
