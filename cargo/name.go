package cargo

import (
	"path"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxName is how many bytes a name on the disk has: every system takes as many, with
// something added for a file that is not complete.
const maxName = 200

// Name makes a name that a peer chose fit for any disk: one component, whatever it
// says; nothing that leads elsewhere, hides the file, means a device or turns the
// direction of reading. It is never empty.
func Name(s string) string {
	s = strings.ToValidUTF8(s, "_")
	for _, sep := range []string{"%2f", "%2F", "%5c", "%5C", "%00"} { // somebody may decode it
		s = strings.ReplaceAll(s, sep, "_")
	}
	s = strings.Map(func(r rune) rune {
		switch {
		case strings.ContainsRune(`/\:*?"<>|`, r), r == '\u2028', r == '\u2029', unicode.IsControl(r):
			return '_'
		case r == '\u2215', r == '\u2044', r == '\u29f8', r == '\uff0f', r == '\uff3c': // look like / and \
			return '_'
		case r == '\u200c', r == '\u200d': // in words, and in emoji
			return r
		case unicode.Is(unicode.Cf, r), unicode.Is(unicode.Co, r), unicode.Is(unicode.Cs, r):
			return -1
		case unicode.IsSpace(r):
			return ' '
		}
		return r
	}, s)
	s = strings.TrimRight(strings.TrimSpace(s), ". ")
	if strings.HasPrefix(s, ".") {
		s = "_" + strings.TrimLeft(s, ".")
	}
	if device(s) {
		s = "_" + s
	}
	s = shorten(s, maxName)
	if strings.Trim(s, "_ ") == "" {
		return "file"
	}
	return s
}

// device reports a name that Windows takes for a device, with whatever suffix.
func device(s string) bool {
	base, _, _ := strings.Cut(s, ".")
	switch base = strings.ToUpper(strings.TrimSpace(base)); base {
	case "CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$", "CLOCK$":
		return true
	}
	for _, port := range []string{"COM", "LPT"} {
		if rest, ok := strings.CutPrefix(base, port); ok && utf8.RuneCountInString(rest) == 1 && strings.ContainsAny(rest, "0123456789¹²³") {
			return true
		}
	}
	return false
}

// shorten cuts the middle out of a long name: what it ends with says what it is.
func shorten(s string, most int) string {
	if len(s) <= most {
		return s
	}
	ext := path.Ext(s)
	if len(ext) > 20 {
		ext = ""
	}
	cut := most - len(ext)
	for cut > 0 && !utf8.RuneStart(s[cut]) {
		cut--
	}
	return strings.TrimRight(s[:cut], ". ") + ext
}

// Place is where a file of an offer goes below a folder: names that are fit for any
// disk.
func Place(p string) []string {
	var names []string
	for part := range strings.SplitSeq(p, "/") {
		names = append(names, Name(part))
	}
	return names
}

// Numbered is a name with a number before its suffix: "photo (2).jpg".
func Numbered(name string, n int) string {
	ext := path.Ext(name)
	if ext == name || strings.ContainsRune(ext, ' ') {
		ext = ""
	}
	if inner := path.Ext(strings.TrimSuffix(name, ext)); ext != "" && strings.EqualFold(inner, ".tar") {
		ext = inner + ext
	}
	return strings.TrimSuffix(name, ext) + " (" + strconv.Itoa(n) + ")" + ext
}

// programs are the suffixes of what does something when it is opened, on some system.
const programs = " .action .ade .apk .app .appimage .appinstaller .application .appref-ms .appx .appxbundle .bash .bat .bin .cab .chm .cmd .com .command .cpl " +
	".csh .deb .desktop .diagcab .diagcfg .dll .dmg .docm .dotm .egg .elf .exe .fileloc .fish .flatpakref .flatpakrepo .gadget .grp .hta .htm " +
	".html .img .inetloc .inf .ins .iqy .iso .isp .jar .jnlp .js .jse .kext .ksh .library-ms .lnk .lua .mad .maf .mde .mht .mhtml .mpkg .msc " +
	".msi .msix .msixbundle .msp .mst .msu .php .pif .pkg .pl .potm .ppam .ppsm .pptm .prefpane .prg .ps1 .ps1xml .psc1 .psd1 .psm1 .py .pyc " +
	".pyw .pyz .rb .rdp .reg .rpm .run .scf .scpt .scptd .scr .sct .search-ms .searchconnector-ms .service .settingcontent-ms .sh .shb .shs " +
	".shtml .sldm .slk .snap .so .svg .sys .tcsh .terminal .theme .themepack .udl .url .vb .vbe .vbs .vbscript .vhd .vhdx .vsmacros .webloc " +
	".website .whl .workflow .ws .wsc .wsf .wsh .xbap .xhtml .xlam .xll .xlsb .xlsm .xltm .xml .xnk .zsh "

// IsProgram reports a name of something that may do harm when it is opened.
func IsProgram(name string) bool {
	ext := strings.ToLower(path.Ext(Name(name)))
	return ext != "" && strings.Contains(programs, " "+ext+" ")
}

// IsImage reports a name of a picture that can be shown.
func IsImage(name string) bool {
	switch strings.ToLower(path.Ext(Name(name))) {
	case ".png", ".jpg", ".jpeg":
		return true
	}
	return false
}
