#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: prove tests/tool/exporter.t          O=DIRECTORY: where to build (default build)
#
# Other programs take what `bootexits export --format=prometheus' writes: node_exporter's textfile collector, from
# Debian's package, which is unpacked to build/programs. So does promtool, if it is installed or was unpacked there.
# Exit status: 0 all passed, 1 some failed.
set -uo pipefail
. "$(dirname "$0")/../lib/tap.sh"
tool=$O/bootexits

check "the tool builds" make -s -C tools all

# Two boots with the same name, several runs in a log, a name that has to be escaped, and a log from a pipe
mkdir -p "$work"/{textfile,one,other}
cp tests/data/full.log "$work/one/boot.log"
cp tests/data/three.log "$work/other/boot.log"
cp tests/data/single.log "$work/one/"$'a "b" \\c\nd.log'
export_to() {	# NAME DIRECTORY ARGUMENT...
	local name=$1
	cd "$2" && "$tool" export --format=prometheus "${@:3}" >"$work/textfile/$name.prom"
	cd "$root" || return
}
export_to one "$work/one" boot.log
export_to other "$work/other" boot.log
export_to runs tests/data names.log
export_to odd "$work/one" $'a "b" \\c\nd.log'
export_to pipe . -l $'host=a "b" \\c\nd' - < <(cat tests/data/full.log)
export_to lost tests/data headless.log 2>"$work/err"

# run NAME PROGRAM ARGUMENT...: run the installed program, or the one that is unpacked as NAME
run() {
	local unpacked=$O/programs/$1/root
	if command -v "$2" >/dev/null; then
		exec "${@:2}"
	fi
	exec "$unpacked/lib64/ld-linux-x86-64.so.2" --library-path "$unpacked/usr/lib/x86_64-linux-gnu" \
		"$unpacked/usr/bin/$2" "${@:3}"
}

# metrics: print what node_exporter serves of these files; the system chooses its port
metrics() {
	local port pid
	run node-exporter prometheus-node-exporter --web.listen-address=127.0.0.1:0 --collector.disable-defaults \
		--collector.textfile --collector.textfile.directory="$work/textfile" 2>"$work/exporter" &
	pid=$!
	until port=$(sed -n 's/.*msg="Listening on" address=127.0.0.1:\([0-9]*\)$/\1/p' "$work/exporter") && [[ $port ]]; do
		kill -0 $pid || return
		sleep 0.1
	done
	/usr/bin/python3 -c 'import sys, urllib.request
sys.stdout.write(urllib.request.urlopen(sys.argv[1]).read().decode())' "http://127.0.0.1:$port/metrics"
	kill $pid
	wait $pid
}
served() {	# EXTENDED-REGEX
	grep -Eq "$1" "$work/metrics"
}

why="neither node_exporter nor its package is to be had"
if command -v prometheus-node-exporter >/dev/null ||
	lab/images/programs.sh node-exporter prometheus-node-exporter -- /usr/bin/prometheus-node-exporter 2>"$work/said"; then
	metrics >"$work/metrics" 2>"$work/err"
	check "node_exporter takes the files" served '^node_textfile_scrape_error 0$'
	check "node_exporter logs no error" test "$(grep -c 'level=error' "$work/exporter")" -eq 0
	check "all of their samples are there" test "$(grep -c '^bootexits_' "$work/metrics")" -eq \
		"$(cat "$work"/textfile/* | grep -c '^bootexits_')"
	check "boots with one name are told apart" served '^bootexits_exits_total\{file="[^"]*/other/boot.log",.*reason="CPUID"'
	check "counters have the type counter" served '^# TYPE bootexits_exits_total counter$'
	check "a name is escaped" served '^bootexits_phase_seconds\{file="[^"]*/a \\"b\\" \\\\c\\nd.log",.*phase="kernel"'
else
	skip "node_exporter takes the files" "$why: $(tail -n 1 "$work/said")"
fi

if command -v promtool >/dev/null || [[ -d $O/programs/promtool ]]; then
	for file in "$work"/textfile/*; do
		(run promtool promtool check metrics) <"$file" >"$work/promtool" 2>&1
		[[ $? -eq 0 && ! -s $work/promtool ]]
		ok $? "promtool finds nothing in ${file##*/}"
	done
else
	skip "promtool finds nothing" "it isn't installed: lab/images/programs.sh promtool prometheus -- /usr/bin/promtool"
fi

done_testing
