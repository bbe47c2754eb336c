package cargo

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
)

const offerID = "0123456789abcdefghij"

func offerOf(files map[string][]byte) (Offer, []byte) {
	o := Offer{ID: offerID}
	var all []byte
	for _, p := range slices.Sorted(func(yield func(string) bool) {
		for p := range files {
			if !yield(p) {
				return
			}
		}
	}) {
		sum := sha256.Sum256(files[p])
		o.Files = append(o.Files, File{Path: p, Size: int64(len(files[p])), Hash: sum[:]})
		all = append(all, files[p]...)
	}
	return o, all
}

func contents(n int) []byte {
	b := make([]byte, n)
	rand.Read(b)
	return b
}

func keyOf(t *testing.T, o Offer) Key {
	t.Helper()
	k, err := o.Key([]byte("a secret of both"), "alice@x", "bob@x")
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func sealed(t *testing.T, o Offer, k Key, all []byte, first int64) []byte {
	t.Helper()
	r, err := o.Seal(k, bytes.NewReader(all[first*ChunkSize:]), first)
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func open(op *Opener, stream []byte) ([]byte, error) {
	r := bytes.NewReader(stream)
	if err := op.Begin(r); err != nil {
		return nil, err
	}
	var out []byte
	for {
		c, err := op.Chunk(r)
		if err == io.EOF {
			return out, nil
		}
		if err != nil {
			return out, err
		}
		out = append(out, c...)
	}
}

func TestSealedContentsComeOutAsTheyWentIn(t *testing.T) {
	for _, n := range []int{0, 1, ChunkSize - 1, ChunkSize, ChunkSize + 1, 3 * ChunkSize, 3*ChunkSize + 7} {
		o, all := offerOf(map[string][]byte{"a": contents(n)})
		k := keyOf(t, o)
		s := sealed(t, o, k, all, 0)
		if int64(len(s)) != o.SealedSize(0) {
			t.Errorf("%d bytes: sealed into %d, not %d", n, len(s), o.SealedSize(0))
		}
		got, err := open(o.Opener(k), s)
		if err != nil || !bytes.Equal(got, all) {
			t.Errorf("%d bytes: %v", n, err)
		}
	}
}

func TestABrokenStreamGoesOnFromAChunk(t *testing.T) {
	o, all := offerOf(map[string][]byte{"a": contents(5*ChunkSize + 9)})
	k := keyOf(t, o)
	s := sealed(t, o, k, all, 0)
	op := o.Opener(k)
	got, err := open(op, s[:headerSize+2*(ChunkSize+overhead)+99])
	if !errors.Is(err, io.ErrUnexpectedEOF) || op.Next() != 2 {
		t.Fatalf("a stream that was cut: %v, %d chunks", err, op.Next())
	}
	// the rest of the same stream
	same := *op
	r := bytes.NewReader(s[same.Offset(0):])
	rest := slices.Clone(got)
	for {
		c, err := same.Chunk(r)
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		rest = append(rest, c...)
	}
	if !bytes.Equal(rest, all) {
		t.Error("the rest of the stream is something else")
	}
	// another one
	more, err := open(op, sealed(t, o, k, all, 2))
	if err != nil || !bytes.Equal(append(got, more...), all) {
		t.Errorf("another stream: %v", err)
	}
}

func TestForgedStreamsDoNotOpen(t *testing.T) {
	o, all := offerOf(map[string][]byte{"a": contents(4 * ChunkSize)})
	k := keyOf(t, o)
	s := sealed(t, o, k, all, 0)
	const step = ChunkSize + overhead
	chunk := func(b []byte, i int) []byte { return b[headerSize+i*step : headerSize+(i+1)*step] }
	edit := func(f func([]byte) []byte) []byte { return f(slices.Clone(s)) }
	other := sealed(t, o, k, all, 0)
	for name, stream := range map[string][]byte{
		"truncated":            s[:len(s)-step],
		"truncated in a chunk": s[:len(s)-1],
		"header only":          s[:headerSize],
		"empty":                nil,
		"longer":               append(slices.Clone(s), 0),
		"last repeated":        append(slices.Clone(s), chunk(s, 3)...),
		"bit":                  edit(func(b []byte) []byte { b[headerSize+step] ^= 1; return b }),
		"magic":                edit(func(b []byte) []byte { b[0] ^= 1; return b }),
		"salt":                 edit(func(b []byte) []byte { b[headerSize-1] ^= 1; return b }),
		"swapped": edit(func(b []byte) []byte {
			c := slices.Clone(chunk(b, 1))
			copy(chunk(b, 1), chunk(b, 2))
			copy(chunk(b, 2), c)
			return b
		}),
		"repeated":     edit(func(b []byte) []byte { copy(chunk(b, 1), chunk(b, 0)); return b }),
		"of another":   edit(func(b []byte) []byte { copy(chunk(b, 1), chunk(other, 1)); return b }),
		"one left out": edit(func(b []byte) []byte { return slices.Delete(b, headerSize+step, headerSize+2*step) }),
	} {
		if got, err := open(o.Opener(k), stream); err == nil || !bytes.HasPrefix(all, got) {
			t.Errorf("%s: opened %d bytes: %v", name, len(got), err)
		}
	}
}

func TestAKeyIsForOneOfferInOneDirection(t *testing.T) {
	o, all := offerOf(map[string][]byte{"a": contents(10)})
	s := sealed(t, o, keyOf(t, o), all, 0)
	secret := []byte("a secret of both")
	for name, f := range map[string]func() (Offer, []byte, string, string){
		"reflected": func() (Offer, []byte, string, string) { return o, secret, "bob@x", "alice@x" },
		"secret":    func() (Offer, []byte, string, string) { return o, []byte("another"), "alice@x", "bob@x" },
		"split":     func() (Offer, []byte, string, string) { return o, secret, "alice@xb", "ob@x" },
		"name": func() (Offer, []byte, string, string) {
			p := o
			p.Files = slices.Clone(o.Files)
			p.Files[0].Path = "b"
			return p, secret, "alice@x", "bob@x"
		},
		"hash": func() (Offer, []byte, string, string) {
			p := o
			p.Files = slices.Clone(o.Files)
			p.Files[0].Hash = make([]byte, 32)
			return p, secret, "alice@x", "bob@x"
		},
		"ID": func() (Offer, []byte, string, string) {
			p := o
			p.ID = strings.Repeat("x", 20)
			return p, secret, "alice@x", "bob@x"
		},
	} {
		other, secret, from, to := f()
		k, err := other.Key(secret, from, to)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := open(other.Opener(k), s); !errors.Is(err, ErrForged) {
			t.Errorf("%s: %v", name, err)
		}
	}
	k := keyOf(t, o)
	k.Wipe()
	if _, err := o.Seal(k, bytes.NewReader(all), 0); err == nil {
		t.Error("a wiped key seals")
	}
}

func TestOffersThatMakeNoSense(t *testing.T) {
	good, _ := offerOf(map[string][]byte{"a": nil})
	if err := good.Check(); err != nil {
		t.Fatal(err)
	}
	file := good.Files[0]
	with := func(f func(*Offer)) Offer {
		o := good
		o.Files = slices.Clone(o.Files)
		f(&o)
		return o
	}
	for name, o := range map[string]Offer{
		"no ID":      with(func(o *Offer) { o.ID = "" }),
		"bad ID":     with(func(o *Offer) { o.ID = strings.Repeat("/", 20) }),
		"no files":   with(func(o *Offer) { o.Files = nil }),
		"many files": with(func(o *Offer) { o.Files = slices.Repeat([]File{file}, MaxFiles+1) }),
		"negative":   with(func(o *Offer) { o.Files[0].Size = -1 }),
		"huge":       with(func(o *Offer) { o.Files[0].Size = MaxSize + 1 }),
		"huge sum": with(func(o *Offer) {
			o.Files[0].Size = MaxSize
			o.Files = append(o.Files, o.Files[0])
		}),
		"no hash":   with(func(o *Offer) { o.Files[0].Hash = nil }),
		"no path":   with(func(o *Offer) { o.Files[0].Path = "" }),
		"long path": with(func(o *Offer) { o.Files[0].Path = strings.Repeat("a", maxPath+1) }),
		"deep path": with(func(o *Offer) { o.Files[0].Path = strings.Repeat("a/", maxDepth) + "a" }),
		"not UTF-8": with(func(o *Offer) { o.Files[0].Path = "\xff" }),
	} {
		if o.Check() == nil {
			t.Errorf("%s: makes sense", name)
		}
	}
}

func TestCVE_2021_33896_NamesLeadNowhereElse(t *testing.T) {
	for _, evil := range []string{
		"../../etc/passwd", `..\..\windows\system32\evil.dll`, "..%2f..%2fetc%2fpasswd", "..%2F..%2Fx", "..%5c..%5cx", "/etc/passwd", `C:\x`, "C:x",
		"..", ".", "...", "/", `\`, "//host/share", `\\host\share`, "a/../b", "x\x00.png", "file:///etc/passwd", "~/.ssh/authorized_keys",
		".bashrc", "CON", "con.txt", "NUL", "aux.", "COM1.txt", "lpt9", "COM¹", "CONIN$", "x.txt:stream", "photo\u202egnp.exe", "a\nb", "trailing. . .",
		"∕etc∕passwd", "／x", "＼x", "", " ", "\u200b", "\xff\xfe", strings.Repeat("a", 5000) + ".txt", strings.Repeat("ä", 300), "." + strings.Repeat("a", 300),
	} {
		for _, n := range Place(evil) {
			checkName(t, evil, n)
		}
		n := Name(evil)
		checkName(t, evil, n)
		if n != Name(n) {
			t.Errorf("%q: %q becomes %q", evil, n, Name(n))
		}
	}
}

func checkName(t *testing.T, evil, n string) {
	t.Helper()
	base, _, _ := strings.Cut(strings.ToUpper(n), ".")
	switch {
	case n == "", n == ".", n == "..", len(n) > maxName, strings.HasPrefix(n, "."), strings.HasSuffix(n, "."), strings.TrimSpace(n) != n,
		strings.ContainsAny(n, "/\\:*?\"<>|\x00\n\u202e∕／＼"), strings.Contains(strings.ToLower(n), "%2f"), !filepath.IsLocal(n),
		base == "CON" || base == "NUL" || base == "AUX" || base == "COM1" || base == "LPT9" || base == "CONIN$" || base == "COM¹":
		t.Errorf("%q: %q", evil, n)
	}
}

func FuzzName(f *testing.F) {
	for _, s := range []string{"a/b", "..%2f", "CON", "\u202e", strings.Repeat("%", 300)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		n := Name(s)
		checkName(t, s, n)
	})
}

func TestGoodNamesStay(t *testing.T) {
	for _, n := range []string{"report.pdf", "Fotos 2026 (1).jpg", "Überblick.tar.gz", "家族.png", "e-mail_v1.2.txt", "कविता.txt"} {
		if Name(n) != n {
			t.Errorf("%q became %q", n, Name(n))
		}
	}
	for name, want := range map[string]string{"a.txt": "a (2).txt", "a.tar.gz": "a (2).tar.gz", "a": "a (2)", "Dr. No": "Dr. No (2)"} {
		if got := Numbered(name, 2); got != want {
			t.Errorf("%q: %q", name, got)
		}
	}
	for name, want := range map[string]bool{"a.EXE": true, "a.exe.": true, "a.exe . ": true, "a.png": false, "a.desktop": true, "exe": false, "a.sh\u202e": true,
		"a.settingcontent-ms": true, "a.library-ms": true, "a.search-ms": true, "a.inetloc": true, "a.fileloc": true, "a.application": true, "a.msix": true,
		"a.appx": true, "a.ps1xml": true, "a.xlsb": true, "a.iqy": true, "a.slk": true, "a.diagcab": true, "a.scpt": true, "a.prefpane": true,
		"a.theme": true, "a.vbscript": true, "a.txt": false, "a.pdf": false, "a.odt": false, "a.ttf": false, "a.mad.jpg": false} {
		if IsProgram(name) != want {
			t.Errorf("%q: program %v", name, !want)
		}
	}
}

func tree(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(dir, func(p string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(p)
		name, _ := filepath.Rel(dir, p)
		all[filepath.ToSlash(name)] = string(b)
		if info, _ := d.Info(); runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %v", p, info.Mode())
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func same(a, b map[string]string) bool {
	for k, v := range a {
		if w, ok := b[k]; !ok || w != v {
			return false
		}
	}
	return len(a) == len(b)
}

func TestFilesAreWritten(t *testing.T) {
	for name, e := range map[string]struct {
		files    map[string][]byte
		there    []string // in the folder
		name     string
		want     map[string]string
		pathName string
	}{
		"one":          {files: map[string][]byte{"a.txt": []byte("hello")}, want: map[string]string{"a.txt": "hello"}, pathName: "a.txt"},
		"its own name": {files: map[string][]byte{"a.txt": []byte("hello")}, name: "b", want: map[string]string{"b": "hello"}, pathName: "b"},
		"there is one": {files: map[string][]byte{"a.txt": []byte("hello")}, there: []string{"a.txt", "a (2).txt"},
			want: map[string]string{"a.txt": "old", "a (2).txt": "old", "a (3).txt": "hello"}, pathName: "a (3).txt"},
		"a part is there": {files: map[string][]byte{"a.txt": []byte("hello")}, there: []string{"a.txt.part"},
			want: map[string]string{"a.txt.part": "old", "a.txt": "hello"}, pathName: "a.txt"},
		"several": {files: map[string][]byte{"a": []byte("1"), "b": nil, "c": []byte("3")}, want: map[string]string{"a": "1", "b": "", "c": "3"}, pathName: "."},
		"folder": {files: map[string][]byte{"d/a": []byte("1"), "d/e/b": nil}, there: []string{"d/x"},
			want: map[string]string{"d/x": "old", "d (2)/a": "1", "d (2)/e/b": ""}, pathName: "d (2)"},
		"its own folder": {files: map[string][]byte{"d/a": []byte("1")}, name: "z", want: map[string]string{"z/a": "1"}, pathName: "z"},
		"hostile": {files: map[string][]byte{"../../x": []byte("1"), "../y": []byte("2"), "/abs": []byte("3"), "..%2f..%2fz": []byte("4")},
			want: map[string]string{"file/file/x": "1", "file/y": "2", "file (2)/abs": "3", "__.._z": "4"}, pathName: "."},
		"alike": {files: map[string][]byte{"a:b": []byte("1"), "a?b": []byte("2")}, want: map[string]string{"a_b": "1", "a_b (2)": "2"}, pathName: "."},
	} {
		dir := filepath.Join(t.TempDir(), "in")
		for _, p := range append(e.there, ".keep") {
			p = filepath.Join(dir, p)
			if err := os.MkdirAll(filepath.Dir(p), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(p, []byte("old"), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		os.Remove(filepath.Join(dir, ".keep"))
		o, all := offerOf(e.files)
		s, err := NewSink(o, dir, e.name)
		if err != nil {
			t.Fatal(err)
		}
		for i := range all { // byte by byte
			if _, err := s.Write(all[i : i+1]); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
		}
		if _, err := s.Write(nil); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if !s.Complete() || s.Path() != filepath.Join(dir, e.pathName) {
			t.Errorf("%s: complete %v, at %q", name, s.Complete(), s.Path())
		}
		s.Close()
		if got := tree(t, dir); !same(got, e.want) {
			t.Errorf("%s: %q", name, got)
		}
		if up, _ := os.ReadDir(filepath.Dir(dir)); len(up) != 1 {
			t.Errorf("%s: something is outside of the folder", name)
		}
	}
}

func TestFilesThatAreSomethingElseAreNotKept(t *testing.T) {
	o, all := offerOf(map[string][]byte{"d/a": contents(100), "d/b": contents(100)})
	for name, f := range map[string]func(s *Sink) error{
		"changed": func(s *Sink) error {
			b := slices.Clone(all)
			b[150] ^= 1
			_, err := s.Write(b)
			return err
		},
		"longer": func(s *Sink) error {
			_, err := s.Write(append(slices.Clone(all), 0))
			return err
		},
		"given up": func(s *Sink) error {
			s.Write(all[:120])
			return ErrForged
		},
	} {
		dir := t.TempDir()
		s, err := NewSink(o, dir, "")
		if err != nil {
			t.Fatal(err)
		}
		if err := f(s); !errors.Is(err, ErrForged) {
			t.Errorf("%s: %v", name, err)
		}
		s.Abort()
		s.Close()
		for p := range tree(t, dir) {
			if strings.HasSuffix(p, partSuffix) || name != "longer" && strings.HasSuffix(p, "b") {
				t.Errorf("%s: %s was left", name, p)
			}
		}
	}
}

// What was given up leaves no folder without files, and what could not be given its name
// no file of that name.
func TestWhatIsGivenUpLeavesNothing(t *testing.T) {
	left := func(dir string) (names []string) {
		filepath.WalkDir(dir, func(p string, _ os.DirEntry, _ error) error {
			name, _ := filepath.Rel(dir, p)
			names = append(names, filepath.ToSlash(name))
			return nil
		})
		return names[1:]
	}
	o, all := offerOf(map[string][]byte{"d/a": contents(10), "d/e/f/b": contents(100)})
	for n, want := range map[int][]string{5: nil, 50: {"d", "d/a"}} {
		dir := t.TempDir()
		s, err := NewSink(o, dir, "")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Write(all[:n]); err != nil {
			t.Fatal(err)
		}
		s.Abort()
		s.Close()
		if got := left(dir); !slices.Equal(got, want) {
			t.Errorf("after %d bytes: %q", n, got)
		}
	}

	if runtime.GOOS == "windows" {
		return // where nobody removes a file that is open
	}
	dir := t.TempDir()
	o, all = offerOf(map[string][]byte{"a": contents(10)})
	s, err := NewSink(o, dir, "")
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if _, err := s.Write(all[:5]); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(dir, "a"+partSuffix)); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Write(all[5:]); err == nil || s.Complete() {
		t.Error("a file that is gone is complete")
	}
	if got := left(dir); len(got) != 0 {
		t.Errorf("%q is there", got)
	}
}

func TestWhatIsGatheredIsReadAsOne(t *testing.T) {
	dir := t.TempDir()
	files := map[string][]byte{"d/a": contents(10), "d/e/b": contents(ChunkSize + 3), "d/zero": nil, "single": contents(7)}
	for p, b := range files {
		p = filepath.Join(dir, p)
		if err := os.MkdirAll(filepath.Dir(p), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(p, b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if runtime.GOOS != "windows" {
		if err := os.Symlink("/etc", filepath.Join(dir, "d", "link")); err != nil {
			t.Fatal(err)
		}
	}
	sources, err := Gather(t.Context(), []string{filepath.Join(dir, "d"), filepath.Join(dir, "single")})
	if err != nil {
		t.Fatal(err)
	}
	read := int64(0)
	o, err := Hash(t.Context(), offerID, sources, func(n int64) { read += n })
	want, all := offerOf(files)
	if err != nil || o.Check() != nil || read != want.Size() || o.digest() != want.digest() {
		t.Fatalf("offer %+v, %d bytes: %v", o, read, err)
	}
	for _, from := range []int64{0, 5, 10, 11, int64(len(all)) - 1, int64(len(all))} {
		c := Read(sources, from)
		got, err := io.ReadAll(c)
		c.Close()
		if err != nil || !bytes.Equal(got, all[from:]) {
			t.Errorf("from %d: %d bytes: %v", from, len(got), err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "single"), []byte("changed"), 0o600); err != nil {
		t.Fatal(err)
	}
	os.Chtimes(filepath.Join(dir, "single"), sources[0].Time.Add(1e10), sources[0].Time.Add(1e10))
	if _, err := io.ReadAll(Read(sources, 0)); !errors.Is(err, ErrChanged) {
		t.Errorf("a changed file: %v", err)
	}
	if _, err := Gather(t.Context(), []string{filepath.Join(dir, "missing")}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a missing file: %v", err)
	}
	if _, err := Gather(t.Context(), []string{t.TempDir()}); !errors.Is(err, ErrNothing) {
		t.Errorf("an empty folder: %v", err)
	}
}

// A link to a folder, given by the user, is that folder; its name is the link's.
func TestALinkToAFolderIsGathered(t *testing.T) {
	if runtime.GOOS == "windows" {
		return // where few users can make links
	}
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "real", "in"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "real", "in", "a"), []byte("hello"), 0o600); err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(dir, "photos")
	if err := os.Symlink(filepath.Join(dir, "real"), link); err != nil {
		t.Fatal(err)
	}
	sources, err := Gather(t.Context(), []string{link})
	if err != nil || len(sources) != 1 || sources[0].Path != "photos/in/a" || sources[0].File != filepath.Join(link, "in", "a") {
		t.Fatalf("%+v, %v", sources, err)
	}
	if b, err := io.ReadAll(Read(sources, 0)); err != nil || string(b) != "hello" {
		t.Errorf("%q, %v", b, err)
	}
}

func TestTheGateHoldsUp(t *testing.T) {
	var g Gate
	g.Set(true)
	ctx, cancel := context.WithCancel(t.Context())
	over := make(chan error)
	go func() { over <- g.Wait(ctx) }()
	g.Set(false)
	if err := <-over; err != nil {
		t.Error(err)
	}
	g.Set(true)
	cancel()
	if g.Wait(ctx) == nil {
		t.Error("it waits for ever")
	}
	if room, ok := Room(t.TempDir()); ok && room <= 0 {
		t.Errorf("room for %d bytes", room)
	}
}
