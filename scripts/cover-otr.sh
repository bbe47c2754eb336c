#!/bin/sh
# Prints how many of the OTR engine's statements its own tests reach, by file
# and in all; what is left out of the count is no part of the engine.
set -eu
cd "$(dirname "$0")/.."
list=$(go list ./otrplugin/otr/... | grep -Ev '/internal/(ct|difference|mont/gen)$')
mkdir -p build
go test -coverprofile=build/otr.cover -coverpkg="$(echo "$list" | paste -sd, -)" $list >build/otr.cover.log || {
	cat build/otr.cover.log
	exit 1
}

# One line a block: file.go:from,to statements times. The same block comes once
# for each package tested.
awk 'NR > 1 {
	split($1, place, ":"); n[$1] = $2; file[$1] = place[1]
	if ($3 > 0) hit[$1] = 1
}
END {
	for (b in n) {
		all[file[b]] += n[b]; total += n[b]
		if (b in hit) { reached[file[b]] += n[b]; sum += n[b] }
	}
	for (f in all) printf "%5.1f %%  %s\n", 100 * reached[f] / all[f], f | "sort -n"
	close("sort -n")
	printf "%5.1f %%  of %d statements in all\n", 100 * sum / total, total
}' build/otr.cover
