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

// collect are all texts that the code below root hands to package lang.
func collect(root string) (map[string]text, error) {
	said := map[string]text{}
	fset := token.NewFileSet()
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
		parsed, err := parser.ParseFile(fset, file, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		if name, ok := importName(parsed); ok {
			err = collectFile(fset, parsed, name, said)
		}
		return err
	})
	return said, err
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

func collectFile(fset *token.FileSet, f *ast.File, name string, said map[string]text) (err error) {
	ast.Inspect(f, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok || err != nil {
			return err == nil
		}
		fun, ok := call.Fun.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		if x, ok := fun.X.(*ast.Ident); !ok || x.Name != name {
			return true
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
		switch fun.Sel.Name {
		case "T", "F":
			said[literals(call.Args[0])[0]] = text{where: where}
		case "As":
			l := literals(call.Args[:2]...)
			said[l[1]+" ("+l[0]+")"] = text{where: where}
		case "N":
			l := literals(call.Args[1:3]...)
			said[l[0]+"|"+l[1]] = text{counted: true, where: where}
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
