#!/bin/sh
# Plays the practice journey: build/culver on a virtual display, used by mouse and
# keyboard as a person would. Leaves numbered screenshots and a transcript in out/.
set -eu
cd "$(dirname "$0")/.."
out=${OUT:-out}

mkdir -p "$out"
rm -f "$out"/*.png "$out"/transcript.txt

export LANG=en_US.UTF-8
unset LC_ALL DISPLAY WAYLAND_DISPLAY
go build -buildvcs=false -o build/journey ./internal/journey
# A session bus of its own: without one the toolkit leaves stray daemons behind.
dbus-run-session -- build/journey -culver build/culver -out "$out"

echo "The journey is over. Its pictures and its transcript:"
for f in "$out"/*; do
	echo "  $f"
done
