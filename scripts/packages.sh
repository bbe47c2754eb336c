#!/bin/sh
# Lists the packages of the module, sorted by how they are tested:
#
#   scripts/packages.sh unit          tests that start no other program
#   scripts/packages.sh integration   tests that start real programs on this machine
#   scripts/packages.sh window        packages that contain the real window
#   scripts/packages.sh windows       packages with tests that need Wine
#
# The last are never compiled with -race: the graphics driver alone takes minutes.
set -eu
cd "$(dirname "$0")/.."

if [ "$1" = windows ]; then
	grep -rl --include='*_test.go' '^//go:build wine' . | sed 's|/[^/]*$||' | sort -u
	exit 0
fi

# One line a package: its path, what it is built from, "--", what its tests import.
go list -f '{{.ImportPath}} {{join .Deps " "}} -- {{join .TestImports " "}} {{join .XTestImports " "}}' ./... |
	awk -v kind="$1" '
	{
		window = tests = 0
		real = ($1 ~ /^culver\/internal\/(testkit|libotr|otrpipe|otrbench|otrsoak|xmppsoak|pilot|crash|idletime)$/)
		if ($1 ~ /\/internal\/e2e$/) next # has a run of its own
		for (i = 2; i <= NF; i++) {
			if ($i == "--") tests = 1
			if ($i == "fyne.io/fyne/v2/app") window = 1
			if (tests && $i ~ /^culver\/internal\/(testkit|libotr|otrpipe|otrbench|otrsoak|xmppsoak|pilot|crash)$/) real = 1
		}
		if (window || $1 == "culver") is = "window"
		else if (real) is = "integration"
		else is = "unit"
		if (is == kind) print $1
	}'
