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
logs=$(mktemp -d)
trap 'rm -rf "$logs"' EXIT

# only_late reports whether the one thing wrong with a run is that its time was up:
# before Go 1.27 the fuzzer took that for a failure now and then (golang/go#75804).
# A failure of ours names a file and a line, and leaves its input in testdata.
only_late() {
	awk '
		/^--- FAIL/ { at = NR; fails++ }
		at && NR == at + 1 && $0 == "    context deadline exceeded" { late++ }
		at && NR == at + 2 && $0 != "FAIL" { late = 0; exit }
		/^panic:|Failing input/ { late = 0; exit }
		END { exit !(fails == 1 && late == 1) }' "$1"
}

echo "$((count)) fuzzers, $time each."
printf '%s\n' "$list" | while read -r dir name; do
	echo "== $dir $name"
	{
		status=0
		go test -run '^$' -fuzz "^$name\$" -fuzztime "$time" -fuzzminimizetime 20x "$dir" </dev/null || status=$?
		echo "$status" >"$logs/status"
	} 2>&1 | tee "$logs/out"
	if [ "$(cat "$logs/status")" -ne 0 ]; then
		only_late "$logs/out" || exit 1
		echo "(Nothing was found: the time was up in the middle of a try.)"
	fi
done
echo "All $((count)) fuzzers are clean."
