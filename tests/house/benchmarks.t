#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: prove tests/house/benchmarks.t     O=DIRECTORY: where the tool was built (default build)
#        UPDATE=1 tests/house/benchmarks.t  write the output as the new golden file
#
# measure/bench-report.sh makes docs/benchmarks.md. Here it gets small logs, and a template with each kind of figure.
# The page in the repository must be made of the template in the repository.
# Exit status: 0 all passed, 1 some failed.
set -uo pipefail
. "$(dirname "$0")/../lib/tap.sh"
data=$root/tests/data/benchmarks

diagnose() {
	cat "$work/said"
}

measured() {	# put the logs where the script looks for them
	rm -rf "$work/build"
	for folder in bench-all bench-all-intel; do
		mkdir -p "$work/build/$folder"
		cp "$data/host.log" "$work/build/$folder/"
		cp "$root/tests/data/bench.log" "$work/build/$folder/serial.log"
	done
	cp "$O/bootexits" "$work/build/"
}

# makes STATUS SAYS NAME: the script ends with STATUS, and its output has SAYS
makes() {
	local status=0

	O=$work/build BENCHMARKS=$work measure/bench-report.sh > "$work/said" 2>&1 || status=$?
	[[ $status -eq $1 ]] && grep -q -e "$2" "$work/said"
	ok $? "$3: status $1 (is $status), '$2'"
}

measured
cp "$data/benchmarks.md.in" "$work/"
makes 0 '' "a page"
[[ -z ${UPDATE-} ]] || cp "$work/build/bench-all/benchmarks.md" "$data/benchmarks.out"
check "the page is the golden one" diff "$data/benchmarks.out" "$work/build/bench-all/benchmarks.md"
check "a picture is made" grep -q '</svg>' "$work/build/bench-all/benchmarks.svg"
cp "$work/build/bench-all/benchmarks.svg" "$work/first.svg"
makes 0 '' "the same logs again"
check "the same picture" cmp "$work/first.svg" "$work/build/bench-all/benchmarks.svg"

for figure in nonsense 'figure amd on nonsense' 'figure nowhere on cpuid-0'; do
	echo "{{$figure}}" > "$work/benchmarks.md.in"
	makes 1 'measure/benchmarks: ' "a figure that there is not: $figure"
done
echo '{{exits amd' > "$work/benchmarks.md.in"
makes 1 'not closed: {{exits amd' "a figure without its end"
sed -i '/ bench /s/min=2685/min=2684/' "$work/build/bench-all/serial.log"
makes 1 'bench-all is damaged' "a damaged log"
measured
rm "$work/build/bench-all-intel/host.log"
makes 3 'bench-all-intel/host.log is missing: make bench-all' "a lane that was measured in part"
rm -r "$work/build/bench-all-intel"
echo '{{exits intel}}' > "$work/benchmarks.md.in"
makes 0 '' "a lane that was not measured"
check "it is said so" grep -qxF '(Not measured.)' "$work/build/bench-all/benchmarks.md"

kept() {	# the page has each line of the template that contains no figure
	[[ -s docs/benchmarks.md && -s docs/benchmarks.svg ]] &&
		! grep -vF '{{' measure/benchmarks/benchmarks.md.in | grep -vxFf docs/benchmarks.md
}
check "docs/benchmarks.md is made of its template" kept

done_testing
