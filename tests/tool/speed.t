#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: prove tests/tool/speed.t          O=DIRECTORY: where to build (default build)
#
# The CPU time and memory that bootexits takes for large traces. CPU time is user and system time, the best of three,
# so that other programs on the machine matter little. Memory is the most that was resident.
# Exit status: 0 all passed, 1 some failed.
set -uo pipefail
. "$(dirname "$0")/../lib/tap.sh"
export SAN=0

check "the tool builds" make -s -C tools all
# many SAMPLES NAME: make a log of a boot with that many samples, and its trace
many() {
	tests/tool/many.py "$1" <tests/data/full.log >"$work/$2.log" &&
		"$O/bootexits" record -o "$work/$2.trace" --from-log "$work/$2.log" &&
		"$O/bootexits" check "$work/$2".{log,trace}
}
check "a log and a trace of 1,000,000 samples are made" many 1000000 large

# within SECONDS MIB ARGUMENT...: `bootexits ARGUMENT...' takes less than these, and returns 0
within() {
	python3 - "$O/bootexits" "$@" <<-'END'
		import resource, subprocess, sys

		program, seconds, mib, *arguments = sys.argv[1:]
		best = None
		for _ in range(3):
		    before = resource.getrusage(resource.RUSAGE_CHILDREN)
		    status = subprocess.run([program, *arguments], stdout=subprocess.DEVNULL).returncode
		    used = resource.getrusage(resource.RUSAGE_CHILDREN)
		    took = used.ru_utime + used.ru_stime - before.ru_utime - before.ru_stime
		    best = took if best is None else min(best, took)
		print(f"{best:.2f} s, {used.ru_maxrss / 1024:.0f} MiB, status {status}")
		sys.exit(status or best >= float(seconds) or used.ru_maxrss >= int(mib) * 1024)
	END
}

# bar SECONDS MIB NAME ARGUMENT...
bar() {
	check "$3: less than $1 s and $2 MiB" within "$1" "$2" "${@:4}"
	sed 's/^/# /' "$work/output"
}

large=$work/large.trace
of_many() {	# FORM: report it under hard limits of CPU seconds and of KiB, resident or not
	(ulimit -t 1 -v 204800 && exec "$O/bootexits" report "$work/large.$1") >"$work/many.out" &&
		grep '1,000,000 samples kept' "$work/many.out"
}
for form in log trace; do
	check "a $form of 1,000,000 samples: under 1 s and under 200 MiB" of_many $form
done
bar 1 200 "report of 1,000,000 samples" report "$large"
bar 1 200 "report --json" report --json "$large"
bar 1 200 "check" check "$large"
bar 3 200 "export, a line a sample" export "$large"
bar 3 200 "export --format=chrome" export --format=chrome "$large"

# A boot of Linux to its login prompt has some 7,000 samples.
mkdir "$work/boots"
check "a trace of 8,000 samples is made" many 8000 boot
for ((i = 0; i < 100; i++)); do
	cp "$work/boot.trace" "$work/boots/$i.trace"
done
bar 5 200 "compare of 100 traces of 8,000 samples" compare "$work/boots" "$work/boots/0.trace"

done_testing
