#!/bin/sh
# Opens Culver; without a display, plays the practice journey on a virtual one.
set -eu
cd "$(dirname "$0")/.."

if [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] || [ "$(uname -s)" = Darwin ]; then
	exec build/culver "$@"
fi
echo "There is no display here (DISPLAY and WAYLAND_DISPLAY are not set), so Culver cannot open its window for you."
echo "Instead it now plays the practice journey on a virtual display, and takes pictures of it."
exec scripts/journey.sh
