#!/bin/sh
# Runs each fuzzer of the module for a while: scripts/fuzz.sh 30s
set -eu
cd "$(dirname "$0")/.."
time=${1:-30s}

list=$(grep -rHo --include='*_test.go' --exclude-dir=tools --exclude-dir=build '^func Fuzz[A-Za-z0-9_]*' . |
	sed 's|^\(.*\)/[^/]*_test\.go:func \(Fuzz.*\)$|\1 \2|' | LC_ALL=C sort)
if [ -z "$list" ]; then
	echo "There are no fuzzers." >&2
	exit 1
fi
count=$(printf '%s\n' "$list" | wc -l)
echo "$((count)) fuzzers, $time each."
printf '%s\n' "$list" | while read -r dir name; do
	echo "== $dir $name"
	go test -run '^$' -fuzz "^$name\$" -fuzztime "$time" -fuzzminimizetime 20x "$dir" </dev/null
done
echo "All $((count)) fuzzers are clean."
