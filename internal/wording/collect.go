package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// text is one that the code names.
type text struct {
	counted bool // it is about a number: "one|many"
	where   string
}

// directive is what the comment of a function ends in that hands an argument of its own
// to package lang.
const directive = "//culver:text "

// collect are all texts that the code below root hands to package lang.
func collect(root string) (map[string]text, error) {
	said := map[string]text{}
	fset := token.NewFileSet()
	packages := map[string][]*ast.File{}
	err := filepath.WalkDir(root, func(file string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir():
			if file != root && (slices.Contains([]string{"build", "out", "testdata"}, d.Name()) || strings.HasPrefix(d.Name(), ".")) {
				return filepath.SkipDir
			}
			return nil
		case filepath.Ext(file) != ".go" || strings.HasSuffix(file, "_test.go"):
			return nil
		}
		parsed, err := parser.ParseFile(fset, file, nil, parser.ParseComments|parser.SkipObjectResolution)
		packages[filepath.Dir(file)] = append(packages[filepath.Dir(file)], parsed)
		return err
	})
	if err != nil {
		return nil, err
	}
	for _, files := range packages {
		speakers, err := speakersOf(fset, files)
		if err != nil {
			return nil, err
		}
		for _, f := range files {
			if err := collectFile(fset, f, speakers, said); err != nil {
				return nil, err
			}
		}
	}
	return said, nil
}

// speaker says what it is given: a function, in one of its arguments, or a type that texts
// are turned into, literals or such as have been translated.
type speaker struct {
	argument int
	isType   bool
}

// speakersOf are those of a package.
func speakersOf(fset *token.FileSet, files []*ast.File) (map[string]speaker, error) {
	speakers := map[string]speaker{}
	for _, f := range files {
		for _, d := range f.Decls {
			name, doc := documented(d)
			if doc == nil {
				continue
			}
			for _, c := range doc.List {
				which, ok := strings.CutPrefix(c.Text, directive)
				if !ok {
					continue
				}
				n, err := strconv.Atoi(which)
				if err != nil {
					return nil, fmt.Errorf("%s: %w", fset.Position(c.Pos()), err)
				}
				_, isType := d.(*ast.GenDecl)
				speakers[name] = speaker{n, isType}
			}
		}
	}
	return speakers, nil
}

// importName is what a file calls package lang.
func importName(f *ast.File) (string, bool) {
	for _, i := range f.Imports {
		if i.Path.Value == `"culver/lang"` {
			if i.Name != nil {
				return i.Name.Name, true
			}
			return "lang", true
		}
	}
	return "", false
}

// documented is what a declaration declares, if it is a function or a type with a comment.
func documented(d ast.Decl) (name string, doc *ast.CommentGroup) {
	switch d := d.(type) {
	case *ast.FuncDecl:
		return d.Name.Name, d.Doc
	case *ast.GenDecl:
		if d.Tok == token.TYPE && len(d.Specs) == 1 {
			return d.Specs[0].(*ast.TypeSpec).Name.Name, d.Doc
		}
	}
	return "", nil
}

// collectFile notes the texts of a file.
func collectFile(fset *token.FileSet, f *ast.File, speakers map[string]speaker, said map[string]text) (err error) {
	lang, _ := importName(f)
	ast.Inspect(f, func(n ast.Node) bool {
		if fun, ok := n.(*ast.FuncDecl); ok {
			if _, speaks := speakers[fun.Name.Name]; speaks {
				return false // its text is where it is called
			}
		}
		call, ok := n.(*ast.CallExpr)
		if !ok || err != nil {
			return err == nil
		}
		where := fset.Position(call.Pos()).String()
		literals := func(args ...ast.Expr) (out []string) {
			for _, a := range args {
				s, ok := literal(a)
				if !ok {
					err = fmt.Errorf("%s: a text is no literal, so it cannot be found", where)
				}
				out = append(out, s)
			}
			return out
		}
		name := ""
		switch fun := call.Fun.(type) {
		case *ast.Ident:
			name = fun.Name
		case *ast.SelectorExpr:
			name = fun.Sel.Name
			if x, ok := fun.X.(*ast.Ident); !ok || x.Name != lang || lang == "" {
				break
			}
			switch name {
			case "T", "F", "Mark", "Error":
				said[literals(call.Args[0])[0]] = text{where: where}
			case "As":
				l := literals(call.Args[:2]...)
				said[l[1]+" ("+l[0]+")"] = text{where: where}
			case "N":
				l := literals(call.Args[1:3]...)
				said[l[0]+"|"+l[1]] = text{counted: true, where: where}
			}
			return true
		}
		if s, ok := speakers[name]; ok && s.argument < len(call.Args) {
			a := call.Args[s.argument]
			if _, ok := literal(a); ok || !s.isType {
				said[literals(a)[0]] = text{where: where}
			}
		}
		return true
	})
	return err
}

// literal is the value of a string in the code, which may be joined of several.
func literal(e ast.Expr) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		s, err := strconv.Unquote(e.Value)
		return s, err == nil && e.Kind == token.STRING
	case *ast.ParenExpr:
		return literal(e.X)
	case *ast.BinaryExpr:
		a, ok := literal(e.X)
		b, okToo := literal(e.Y)
		return a + b, ok && okToo && e.Op == token.ADD
	}
	return "", false
}
