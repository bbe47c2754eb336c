#!/bin/sh
# Installs the system packages that Culver needs, and nothing when all are there.
#
#   scripts/deps.sh build   to compile it
#   scripts/deps.sh run     build, and what a window needs; without a display, a virtual one
#   scripts/deps.sh test    run, and the real programs that the tests talk to
#   scripts/deps.sh windows what Windows programs are compiled and run with, for make test-windows
#
# As root it installs. As another user it installs through sudo if that asks for
# no password; else it prints the command to run and ends with status 1.
# CULVER_DEPS=skip makes it do nothing, for systems that it does not know.
set -eu

say() { printf '%s\n' "$*"; }
die() {
	printf '%s\n' "$@" >&2
	exit 1
}

purpose=${1:-}
case $purpose in
build | run | test | windows) ;;
*) die "usage: scripts/deps.sh build|run|test|windows" ;;
esac
if [ "${CULVER_DEPS:-}" = skip ]; then
	say "System packages: not looked at, as CULVER_DEPS=skip asks."
	exit 0
fi

# has_display reports whether there is a screen to open a window on.
has_display() { [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] || [ "$(uname -s)" = Darwin ]; }

# want_virtual reports whether a virtual display is wanted: for tests always, so
# that they do not use the person's own.
want_virtual() { [ "$purpose" = test ] || { [ "$purpose" = run ] && ! has_display; }; }

# choose BUILD RUN VIRTUAL TEST WINDOWS prints the names that are wanted of the five lists.
choose() {
	if [ "$purpose" = windows ]; then
		printf '%s ' "$5"
		return 0
	fi
	printf '%s ' "$1"
	if [ "$purpose" != build ]; then printf '%s ' "$2"; fi
	if want_virtual; then printf '%s ' "$3"; fi
	if [ "$purpose" = test ]; then printf '%s ' "$4"; fi
}

# as_root sets $sudo to what goes before a command that root has to run, or
# explains the command to run by hand, given as arguments, and ends.
sudo=
as_root() {
	if [ "$(id -u)" -eq 0 ]; then
		return 0
	fi
	if command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
		sudo="sudo -n"
		return 0
	fi
	die "Culver needs some system packages, and this user may not install them." \
		"Run this once, then the same make command again:" "" "  sudo sh -c '$*'" ""
}

all_there() {
	if [ "$purpose" = windows ]; then
		say "System packages to test Culver's Windows programs: all there."
	else
		say "System packages to $purpose Culver: all there."
	fi
}

# Debian and Ubuntu.

policy=${POLICY_RC_D:-/usr/sbin/policy-rc.d}
policy_mark="written by Culver's scripts/deps.sh, and removed by it"

# hold_services keeps packages that bring a service from starting it while they
# are being installed; a rule that the machine already has stays in force.
hold_services() {
	release_services # one that an interrupted run left behind
	if [ -e "$policy" ]; then
		return 0
	fi
	trap release_services EXIT
	trap 'exit 1' HUP INT TERM
	# shellcheck disable=SC2016 # expanded by the shell that writes the file
	$sudo sh -c 'printf "#!/bin/sh\n# %s\nexit 101\n" "$2" >"$1" && chmod 755 "$1"' sh "$policy" "$policy_mark"
}

release_services() {
	if [ -e "$policy" ] && grep -q "$policy_mark" "$policy" 2>/dev/null; then
		$sudo rm -f "$policy"
	fi
}

debian() {
	wanted=$(choose \
		"gcc libc6-dev pkg-config libgl1-mesa-dev xorg-dev libwayland-dev libxkbcommon-dev ca-certificates" \
		"libgl1-mesa-dri" \
		"xvfb xauth openbox xdotool imagemagick x11-utils dbus dbus-x11 fonts-dejavu-core" \
		"prosody lua-dbi-sqlite3 ejabberd profanity pidgin pidgin-otr tmux libotr5-dev libgcrypt20-dev gnome-keyring xclip strace" \
		"wine wine64 gcc-mingw-w64-x86-64")
	# shellcheck disable=SC2086 # a list of names
	there=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' $wanted 2>/dev/null | sed -n 's/^installed //p' || true)
	missing=
	for p in $wanted; do
		printf '%s\n' "$there" | grep -qx "$p" || missing="$missing $p"
	done
	missing=${missing# }
	if [ -z "$missing" ]; then
		all_there
		return 0
	fi
	install="apt-get install -y --no-install-recommends $missing"
	as_root "apt-get update && $install"
	say "Installing with apt-get: $missing"
	$sudo env DEBIAN_FRONTEND=noninteractive apt-get -q -o Acquire::Retries=3 -o DPkg::Lock::Timeout=120 update
	services=
	for p in prosody ejabberd; do
		case " $missing " in *" $p "*) services="$services $p" ;; esac
	done
	if [ -n "$services" ]; then hold_services; fi
	erlang=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' erlang-base 2>/dev/null || true)
	# shellcheck disable=SC2086 # a command and a list of names
	$sudo env DEBIAN_FRONTEND=noninteractive apt-get -q -o Acquire::Retries=3 -o DPkg::Lock::Timeout=120 \
		${install#apt-get }
	release_services
	for p in $services; do
		if $sudo update-rc.d "$p" disable >/dev/null 2>&1; then
			say "$p is here for the tests only: its system service stays off."
		fi
	done
	case "$services,$erlang" in
	*ejabberd*,installed*) ;; # Erlang was here before: its port mapper is not ours to stop
	*ejabberd*) $sudo systemctl disable epmd.socket epmd.service >/dev/null 2>&1 || true ;;
	esac
}

# Fedora.

fedora() {
	wanted=$(choose \
		"gcc pkgconf-pkg-config mesa-libGL-devel libX11-devel libXcursor-devel libXrandr-devel libXinerama-devel libXi-devel libXxf86vm-devel wayland-devel libxkbcommon-devel" \
		"mesa-dri-drivers" \
		"xorg-x11-server-Xvfb xorg-x11-xauth openbox xdotool ImageMagick xwininfo xprop dbus-daemon dbus-tools dbus-x11 dejavu-sans-fonts" \
		"prosody lua-dbi ejabberd profanity pidgin pidgin-otr tmux libotr-devel libgcrypt-devel gnome-keyring xclip strace" \
		"wine-core mingw64-gcc")
	missing=
	for p in $wanted; do
		rpm -q --whatprovides "$p" >/dev/null 2>&1 || missing="$missing $p"
	done
	missing=${missing# }
	if [ -z "$missing" ]; then
		all_there
		return 0
	fi
	install="dnf install -y --setopt=install_weak_deps=False $missing"
	as_root "$install"
	say "Installing with dnf: $missing"
	# shellcheck disable=SC2086 # a command and a list of names
	$sudo $install
}

# Arch.

arch() {
	wanted=$(choose \
		"gcc pkgconf libglvnd xorg-server-devel libxcursor libxrandr libxinerama libxi libxxf86vm wayland libxkbcommon" \
		"mesa" \
		"xorg-server-xvfb xorg-xauth openbox xdotool imagemagick xorg-xwininfo xorg-xprop dbus ttf-dejavu" \
		"prosody lua54-dbi ejabberd profanity pidgin pidgin-otr tmux libotr libgcrypt gnome-keyring xclip strace" \
		"wine mingw-w64-gcc")
	# shellcheck disable=SC2086 # a list of names
	missing=$(pacman -T $wanted | tr '\n' ' ' || true)
	missing=${missing% }
	if [ -z "$missing" ]; then
		all_there
		return 0
	fi
	install="pacman -S --needed --noconfirm $missing"
	as_root "$install"
	say "Installing with pacman: $missing"
	# shellcheck disable=SC2086 # a command and a list of names
	$sudo $install || die "pacman could not install them. If it found no such file, bring the system up to date first: pacman -Syu"
}

# macOS: the window and its graphics come with the system.

macos() {
	if ! xcode-select -p >/dev/null 2>&1; then
		die "Culver needs Apple's command line tools to compile. Run this once, then the same make command again:" \
			"" "  xcode-select --install" ""
	fi
	if [ "$purpose" = windows ]; then
		die "make test-windows is for Linux: it needs Wine and the MinGW compiler."
	fi
	if [ "$purpose" != test ]; then
		all_there
		return 0
	fi
	command -v brew >/dev/null 2>&1 || die "The tests need packages from Homebrew. Install it as https://brew.sh says, then run the same make command again."
	missing=
	for p in pkgconf libotr libgcrypt; do
		brew list --formula --versions "$p" >/dev/null 2>&1 || missing="$missing $p"
	done
	missing=${missing# }
	if [ -n "$missing" ]; then
		say "Installing with brew: $missing"
		# shellcheck disable=SC2086 # a list of names
		brew install $missing
	fi
	say "The tests against Prosody and ejabberd, the Secret Service and X are for Linux: on macOS they will fail."
}

if [ "$(uname -s)" = Darwin ]; then
	macos
elif command -v apt-get >/dev/null 2>&1 && command -v dpkg-query >/dev/null 2>&1; then
	debian
elif command -v dnf >/dev/null 2>&1; then
	fedora
elif command -v pacman >/dev/null 2>&1; then
	arch
else
	die "Culver does not know this system's package manager. It needs a C compiler, pkg-config, and the" \
		"development files of OpenGL, X11 (with Xcursor, Xrandr, Xinerama, Xi, Xxf86vm), Wayland and xkbcommon." \
		"Once they are there, run make with CULVER_DEPS=skip."
fi
