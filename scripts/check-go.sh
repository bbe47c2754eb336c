#!/bin/sh
# Says in a sentence if Go is missing or too old, and ends with status 1 then.
set -eu

need=1.26
if ! command -v go >/dev/null 2>&1; then
	echo "Culver needs Go $need or newer, and no go command was found. Install it from https://go.dev/dl/ and put it on the PATH." >&2
	exit 1
fi
# Inside the module this is the version that will compile it: go may have been
# told to fetch a newer one by itself.
if have=$(go env GOVERSION 2>/dev/null) && [ -n "$have" ]; then
	minor=${have#go1.}
	minor=${minor%%[!0-9]*}
	if [ "${have#go1.}" = "$have" ] || { [ -n "$minor" ] && [ "$minor" -ge "${need#1.}" ]; }; then
		exit 0 # new enough, or built from source ("devel")
	fi
fi
echo "Culver needs Go $need or newer. This is $(cd / && GOTOOLCHAIN=local go version). Get a newer one from https://go.dev/dl/." >&2
exit 1
