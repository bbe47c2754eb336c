#!/bin/sh
# Looks for secrets of the OTR engine that show in the time things take, as
# otrplugin/otr/internal/ct tells, and prints what was found:
#
#   scripts/ct.sh          the engine as it is built
#   scripts/ct.sh purego   the same without assembly
#
# It ends with status 1 if anything leaks, or if what is known to leak was not
# found out.
set -eu
cd "$(dirname "$0")/.."
tags=ct
case ${1:-} in
"") ;;
purego) tags=ct,purego ;;
*)
	echo "usage: scripts/ct.sh [purego]" >&2
	exit 1
	;;
esac

echo "Each function is timed with one secret and with random ones, in random order (some minutes)."
echo "|t| below 4.5: the times look the same; from 10 on: the secret shows in them."
printf '%-55s %8s  %10s  %10s  %8s  %s\n' function samples "fixed" "random" "|t|" verdict
go test -p 1 -count=1 -v -timeout 60m -tags "$tags" -run '^TestConstantTime' ./otrplugin/otr/... 2>&1 | awk '
	/^ct: / { rows++; if (/suspicious$|suspicious, /) doubts++; sub(/^ct: /, ""); print; fflush(); next }
	/^(--- FAIL|FAIL|panic:)/ { bad = 1 }
	!/^(=== |--- PASS|PASS|ok |\?|testing: warning)/ { told = told $0 "\n" }
	END {
		if (bad || !rows) {
			printf "%s", told
			print "Not constant time, or not measured: see above."
			exit 1
		}
		if (doubts) print "Suspicious is what stayed in between: measure it again on a machine that does nothing else."
		else print "No leak was seen."
	}'
