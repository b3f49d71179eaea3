#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: prove tests/tool/plot.t          O=DIRECTORY: where to build (default build)
#
# `bootexits plot'. tests/tool/plot.py measures the pictures, and compares them with the output of `report'. The pictures
# stay in build/test/plot, so that you can look at them.
# Exit status: 0 all passed, 1 some failed.
set -uo pipefail
. "$(dirname "$0")/../lib/tap.sh"
. "$root/tests/lib/golden.sh"

check "the tool builds" make -s -C tools all
pictures=$O/test/plot
rm -rf "$pictures"
mkdir -p "$pictures"

force=()
# drawn NAME FILE...: draw a picture of these logs, twice the same, with the numbers of their reports
drawn() {
	local picture=$pictures/$1.svg log
	local -a reports=()
	shift
	for log; do
		reports+=("$work/${log##*/}.json")
		(cd tests/data && "$O/bootexits" report --json "$log") >"${reports[-1]}"
	done
	(cd tests/data && "$O/bootexits" plot "${force[@]}" -o "$picture" "$@" && "$O/bootexits" plot "${force[@]}" "$@" >"$work/again") &&
		cmp "$picture" "$work/again" && tests/tool/plot.py "$picture" "${reports[@]}"
}
for log in full three single good hostile; do
	check "$log: bands and bars are its phases and reasons" drawn "$log" "$log.log"
done
# Names of the greatest length, one of them with wide characters
long=abcdefghijklmnopqrstuvwxyz-WWWWWWWWWWWW-abcdefghijkl
"$O/bootexits" record -o "$work/trace" --lab --from-log tests/data/full.log 2>"$work/err"
sed "s/\"name\":\"\(firmware\|kernel\|io\|npf\|userspace\)\"/\"name\":\"\1-$long\"/" "$work/trace" >"$work/long.trace"
sed "s/\"name\":\"\(bootloader\|initramfs\|cpuid\)\"/\"name\":\"WMWMWM\1$long\"/" "$work/trace" >"$work/wide.trace"
for log in long wide; do
	check "$log names stay in the picture" drawn $log "$work/$log.trace"
done
check "and with another boot" drawn long-two "$work/long.trace" "$work/wide.trace"
cp tests/data/full.log "$work/"$'\xef\xbf\xbf\xef\xbf\xbe\x01\xc2\x9b\xff.log'
check "a picture is XML whatever the file is called" drawn odd "$work/"$'\xef\xbf\xbf\xef\xbf\xbe\x01\xc2\x9b\xff.log'

# The slope is blue only where a sample is, and not at a mark. blue LOG: check LOG's picture, drawn above
blue() {
	"$O/bootexits" export "tests/data/$1.log" >"$work/samples" 2>"$work/err"
	python3 -c '
import csv, re, sys
times = [float(row["seconds"]) for row in csv.DictReader(sys.stdin)]
end, left, right, bins = float(sys.argv[2]), 116, 876, int(sys.argv[3])
picture = open(sys.argv[1], encoding="utf-8").read()
slope = picture[picture.index("<g id=\"exits_plot_1b\""):picture.index("<g id=\"exits_plot_2b\"")]
spans = [[float(point.split(",")[0]) for point in points.split()]
         for points in re.findall(r"<polygon fill = .rgb\( *47, 129, 247\).[^>]*? points = .([^\x27]*).", slope)]
spans = [(min(xs), max(xs)) for xs in spans]
wide = (right - left) / 1.005 / bins
columns = {int(time / end * bins) for time in times}
blue = {column for column in range(bins) for a, b in spans if a < left + (column + 0.5) * wide < b}
columns = {min(column, bins - 1) for column in columns}
print(len(blue), "blue columns, samples in", len(columns), blue ^ columns)
sys.exit(blue != columns)' <"$work/samples" "$pictures/$1.svg" "$2" "$(sed -n 's/^#define PLOT_BINS\t\([0-9]*\).*/\1/p' tools/plot/plot.h)"
}
check "full: it is blue where a sample is" blue full 4
check "single: it has no sample and nothing blue" blue single 4
check "two boots side by side" drawn two full.log slower.log
force=(--force)
check "boots of both vendors side by side" drawn vendors full.log single.log three.log
force=()

# A picture names its boots, above and beside the curves, and in what they differ.
says() {	# PICTURE TEXT
	grep -qF "$2" "$pictures/$1.svg"
}
check "the title says guest exits" says full '44,500 guest exits in'
check "the axis says guest exits" says full 'guest exits so far'
check "two boots that differ in the observer" says two 'guest exits of 2 boots; the observer differs: on vCPU 1, every 1,000 us / none'
check "all vCPUs" "$O/bootexits" plot --vcpu all -o "$pictures/all.svg" tests/data/full.log
check "are said to be so" says all '52,000 exits of all vCPUs in'
status_of 0 'full.log, slower.log: the observer differs: on vCPU 1' plot -o "$work/x.svg" full.log slower.log
status_of 3 'three.log: svm and vmx have no reasons in common: use --force' plot -o "$work/x.svg" full.log three.log
"$O/bootexits" record -o "$work/lab.trace" --lab --from-log tests/data/full.log 2>"$work/err"
status_of 3 'exact is no, but in .*lab.trace it is yes: use --force' plot -o "$work/x.svg" "$work/lab.trace" full.trace
status_of 0 'the lane differs: the unit is instructions / cycles' plot --force -o "$work/x.svg" "$work/lab.trace" full.trace

# A reason has the same colour in each picture.
colour() {	# PICTURE: print the colour of io
	awk '/<text>io</ { here = 1 } here && sub(/.*polygon fill = ./, "") { print substr($0, 1, 18); exit }' "$1"
}
io=$(colour "$pictures/full.svg")
check "io has one colour in all pictures" test "${io:-none}" = "$(colour "$pictures/vendors.svg")"

# Names are text, and never code.
mkdir "$work/empty"
title="\`touch pwned\`"
text_only() {
	(cd "$work/empty" && "$O/bootexits" plot -t "$title" "$root/tests/data/hostile.log" >"$work/out") &&
		[[ -z $(ls "$work/empty") && $(<"$work/out") == *"$title"* ]]
}
check "a command in a name is not executed" text_only

png() {
	local header
	"$O/bootexits" plot -o "$pictures/full.png" tests/data/full.log &&
		header=$(head -c 24 "$pictures/full.png" | od -An -tx1 -w24 | tr -d ' ') &&
		[[ $header == 89504e470d0a1a0a0000000d4948445200000708* ]]
}
check "a PNG, 1,800 pixels wide" png
"$O/bootexits" plot -o - -f png tests/data/full.log >"$work/out"
check "a PNG on the standard output" test "$? $(head -c 4 "$work/out" | tail -c 3)" = '0 PNG'

# The picture stays small with any number of samples, and a burst between two samples is visible.
many() {
	tests/tool/many.py 200000 <tests/data/full.log >"$work/many.log" &&
		"$O/bootexits" report --json "$work/many.log" >"$work/many.json" &&
		"$O/bootexits" plot -o "$pictures/many.svg" "$work/many.log" &&
		tests/tool/plot.py "$pictures/many.svg" "$work/many.json" 5000 && [[ $(wc -c <"$pictures/many.svg") -lt 90000 ]]
}
check "200,000 samples are a small picture" many

head -n 3 tests/data/full.log >"$work/phaseless"
status_of 0 'gnuplot' plot --help
status_of 2 'no FILE' plot
status_of 2 'more than 8 FILEs' plot 1 2 3 4 5 6 7 8 9
status_of 2 'format takes svg or png, not gif' plot --format gif full.log
status_of 2 'the name ends in neither .svg nor .png: x.gif' plot -o x.gif full.log
status_of 2 'the name ends in neither .svg nor .png: a.svg/x' plot -o a.svg/x full.log
status_of 3 'No such file' plot missing.log
status_of 3 '2 runs, not one' plot names.log
status_of 1 'skip.log: no host record, so there are no seconds' plot skip.log
status_of 1 'back.log: the TSC goes back between marks, so there is no axis of time' plot back.log
status_of 1 'no phases, so there is nothing to draw' plot "$work/phaseless"
status_of 1 'no host record' plot full.log skip.log
status_of 3 'missing/x.svg: No such file' plot -o missing/x.svg full.log
status_of 3 'No space left' plot -o /dev/full -f svg full.log
status_of 1 'full-truncated.log: [0-9]* defects' plot -o "$pictures/truncated.svg" full-truncated.log
check "a truncated boot is drawn as far as it goes" test -s "$pictures/truncated.svg"

script -qec "'$O/bootexits' plot tests/data/full.log" /dev/null </dev/null >"$work/out"
[[ $? -eq 2 ]] && grep -q 'refusing to write a picture to a terminal' "$work/out"
ok $? "no picture on a terminal"

# gnuplot is not there, or fails, or dies.
ln -s "$(command -v grep)" "$work/empty"
PATH=$work/empty status_of 3 "gnuplot isn't installed" plot -o "$work/no.svg" full.log
printf '#!/bin/sh\ncat >/dev/null\necho "        ^" >&2; echo "line 7: no luck" >&2; exit 1\n' >"$work/empty/gnuplot"
chmod +x "$work/empty/gnuplot"
PATH=$work/empty:$PATH status_of 3 'gnuplot: line 7: no luck' plot -o "$work/no.svg" full.log
printf '#!/bin/sh\ncat >/dev/null\necho "line 8: no sense" >&2; echo "line 9: warning: iconv failed" >&2; exit 1\n' >"$work/empty/gnuplot"
PATH=$work/empty:$PATH status_of 3 'gnuplot: line 8: no sense' plot -o "$work/no.svg" full.log
printf '#!/bin/sh\ncat >/dev/null\necho "line 9: warning: out of ink" >&2; exit 1\n' >"$work/empty/gnuplot"
PATH=$work/empty:$PATH status_of 3 'gnuplot: line 9: warning: out of ink' plot -o "$work/no.svg" full.log
printf '#!/bin/sh\nkill -9 $$\n' >"$work/empty/gnuplot"
PATH=$work/empty:$PATH status_of 3 'gnuplot: Killed' plot -o "$work/no.svg" full.log
[[ ! -e $work/no.svg ]]
ok $? "then no file is left"

done_testing
