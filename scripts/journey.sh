#!/bin/sh
# Plays the practice journey: build/culver on a virtual display, used by mouse and
# keyboard as a person would. Leaves numbered screenshots and a transcript in out/.
set -eu
cd "$(dirname "$0")/.."
out=${OUT:-out}

mkdir -p "$out"
rm -f "$out"/*.png "$out"/transcript.txt

# Nothing of the person's own session: no display, no keyring.
unset LC_ALL DISPLAY WAYLAND_DISPLAY DBUS_SESSION_BUS_ADDRESS
export LANG=en_US.UTF-8
go build -buildvcs=false -o build/journey ./internal/journey
build/journey -culver build/culver -out "$out"

echo "The journey is over. Its pictures and its transcript:"
for f in "$out"/*; do
	echo "  $f"
done
