package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// Every window of the program is in the table, or it is said why not.
func TestNoWindowIsMissing(t *testing.T) {
	shown := map[string]bool{}
	for _, s := range scenes {
		for _, x := range s.shots {
			shown[x.of.text] = true
		}
	}
	all := titlesOf(t, "../..")
	for _, title := range slices.Sorted(maps.Keys(all)) {
		switch why, left := unseen[title]; {
		case shown[title] && left:
			t.Errorf("there is a picture of %q, so it is not left out", title)
		case !shown[title] && !left:
			t.Errorf("%s: there is no picture of %q: give it a row in a scene", all[title], title)
		case left && why == "":
			t.Errorf("why is there no picture of %q?", title)
		}
	}
	for title := range unseen {
		if _, ok := all[title]; !ok {
			t.Errorf("no window is called %q any more", title)
		}
	}
}

// pack is a package, as far as titles of windows go.
type pack struct {
	t     *testing.T
	fset  *token.FileSet
	files []*ast.File
	funcs map[string][]*ast.FuncDecl
}

// titlesOf are the titles of all windows that the code below root opens, and where.
func titlesOf(t *testing.T, root string) map[string]string {
	packs := map[string]*pack{}
	fset := token.NewFileSet()
	err := filepath.WalkDir(root, func(file string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && slices.Contains([]string{"internal", "tools", "build", "out", "testdata", "plugintest", "scenetest", ".git"}, d.Name()):
			return filepath.SkipDir
		case d.IsDir() || filepath.Ext(file) != ".go" || strings.HasSuffix(file, "_test.go"):
			return nil
		}
		f, err := parser.ParseFile(fset, file, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		dir := filepath.Dir(file)
		if packs[dir] == nil {
			packs[dir] = &pack{t: t, fset: fset, funcs: map[string][]*ast.FuncDecl{}}
		}
		p := packs[dir]
		p.files = append(p.files, f)
		for _, d := range f.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok {
				p.funcs[fn.Name.Name] = append(p.funcs[fn.Name.Name], fn)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for _, dir := range slices.Sorted(maps.Keys(packs)) {
		packs[dir].collect(all)
	}
	return all
}

// collect notes the titles of the windows that a package opens.
func (p *pack) collect(all map[string]string) {
	for _, f := range p.files {
		for _, d := range f.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok {
				continue
			}
			ast.Inspect(fn, func(n ast.Node) bool {
				if e := titleIn(n, f.Name.Name); e != nil {
					for _, text := range p.texts(e, fn, 0) {
						all[text] = p.fset.Position(e.Pos()).String()
					}
				}
				return true
			})
		}
	}
}

// titleIn is the title, if something opens a window or makes a form.
func titleIn(n ast.Node, in string) ast.Expr {
	switch n := n.(type) {
	case *ast.CallExpr:
		switch name := nameOf(n.Fun); {
		case name == "plugin.Page", name == "Page" && in == "plugin", strings.HasSuffix(name, ".say") && in == "messenger":
			return n.Args[0]
		case strings.HasSuffix(name, ".NewWindow") && nameOf(n.Args[0]) != "f.Title": // that of a form
			return n.Args[0]
		}
	case *ast.CompositeLit:
		if name := nameOf(n.Type); name == "plugin.Form" || name == "Form" && in == "plugin" {
			return keyed(n, "Title")
		}
	case *ast.AssignStmt:
		if s, ok := n.Lhs[0].(*ast.SelectorExpr); ok && strings.EqualFold(nameOf(s.X), "form") && s.Sel.Name == "Title" {
			return n.Rhs[0]
		}
	}
	return nil
}

// keyed is the value of a key of a literal.
func keyed(l *ast.CompositeLit, key string) ast.Expr {
	for _, e := range l.Elts {
		if kv, ok := e.(*ast.KeyValueExpr); ok && nameOf(kv.Key) == key {
			return kv.Value
		}
	}
	return nil
}

func nameOf(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return nameOf(e.X) + "." + e.Sel.Name
	}
	return ""
}

// texts are what an expression in a function can be, in English.
func (p *pack) texts(e ast.Expr, in *ast.FuncDecl, deep int) []string {
	if deep > 6 {
		return nil
	}
	switch e := e.(type) {
	case *ast.BasicLit:
		s, err := strconv.Unquote(e.Value)
		if err != nil {
			p.t.Fatal(err)
		}
		return []string{s}
	case *ast.CallExpr:
		switch name := nameOf(e.Fun); name {
		case "lang.T", "lang.F":
			return p.texts(e.Args[0], in, deep)
		case "lang.N":
			return append(p.texts(e.Args[1], in, deep), p.texts(e.Args[2], in, deep)...)
		default:
			return p.returned(name[strings.LastIndex(name, ".")+1:], deep)
		}
	case *ast.Ident:
		return p.variable(e.Name, in, deep)
	case *ast.SelectorExpr:
		return p.field(e.Sel.Name, deep)
	}
	p.t.Errorf("%s: what is that window called?", p.fset.Position(e.Pos()))
	return nil
}

// returned is what functions of that name return.
func (p *pack) returned(name string, deep int) (out []string) {
	for _, fn := range p.funcs[name] {
		ast.Inspect(fn, func(n ast.Node) bool {
			if r, ok := n.(*ast.ReturnStmt); ok && len(r.Results) > 0 {
				out = append(out, p.texts(r.Results[0], fn, deep+1)...)
			}
			return true
		})
	}
	return out
}

// variable is what a variable of a function is set to, or is given where that is called.
func (p *pack) variable(name string, in *ast.FuncDecl, deep int) (out []string) {
	ast.Inspect(in, func(n ast.Node) bool {
		a, ok := n.(*ast.AssignStmt)
		if !ok || len(a.Lhs) != len(a.Rhs) {
			return true
		}
		for i, l := range a.Lhs {
			if nameOf(l) == name {
				out = append(out, p.texts(a.Rhs[i], in, deep+1)...)
			}
		}
		return true
	})
	at := 0
	for _, group := range in.Type.Params.List {
		for _, n := range group.Names {
			if n.Name == name {
				out = append(out, p.given(in.Name.Name, at, deep)...)
			}
			at++
		}
	}
	return out
}

// given is what a function is called with.
func (p *pack) given(name string, at, deep int) (out []string) {
	p.each(func(n ast.Node, in *ast.FuncDecl) {
		if c, ok := n.(*ast.CallExpr); ok && at < len(c.Args) {
			if called := nameOf(c.Fun); called == name || strings.HasSuffix(called, "."+name) {
				out = append(out, p.texts(c.Args[at], in, deep+1)...)
			}
		}
	})
	return out
}

// field is what a field of that name is set to.
func (p *pack) field(name string, deep int) (out []string) {
	p.each(func(n ast.Node, in *ast.FuncDecl) {
		if l, ok := n.(*ast.CompositeLit); ok && nameOf(l.Type) != "plugin.Tab" && nameOf(l.Type) != "plugin.Info" {
			if v := keyed(l, name); v != nil {
				out = append(out, p.texts(v, in, deep+1)...)
			}
		}
	})
	return out
}

func (p *pack) each(f func(n ast.Node, in *ast.FuncDecl)) {
	for _, file := range p.files {
		for _, d := range file.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok {
				ast.Inspect(fn, func(n ast.Node) bool { f(n, fn); return true })
			}
		}
	}
}

func TestTitlesAreFound(t *testing.T) {
	all := titlesOf(t, "../..")
	for _, want := range []string{"Buddy List", "History", "Join a Chat", "Authenticating %s", "Create an Account", "Send %s unprotected?", "Quit Culver?", "Preferences"} {
		if all[want] == "" {
			t.Errorf("%q is not found", want)
		}
	}
	if testing.Verbose() {
		fmt.Println(len(all), "windows")
	}
}
