#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: prove tests/speed.t          O=DIRECTORY: where to build (default build)
#
# What bootexits takes for large traces: seconds of CPU time (user and system, so that what else
# the machine does matters little; the best of three) and the most memory that was resident.
# Exit status: 0 all passed, 1 some failed.
set -uo pipefail
. "$(dirname "$0")/tap.sh"
export SAN=0

check "the tool builds" make -s -C tools all
check "a trace of 1,000,000 samples is made" \
	eval "tests/many-samples.sh 1000000 >'$work/large.trace' && $O/bootexits check '$work/large.trace'"

# within SECONDS MIB ARGUMENT...: `bootexits ARGUMENT...' takes less, and returns 0
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
bar 1 200 "report of 1,000,000 samples" report "$large"
bar 1 200 "report --json" report --json "$large"
bar 1 200 "check" check "$large"
bar 3 200 "export, a line a sample" export "$large"
bar 3 200 "export --format=chrome" export --format=chrome "$large"

# A boot of Linux to its login has some 7,000 samples
mkdir "$work/boots"
tests/many-samples.sh 8000 >"$work/boots/0.trace"
for ((i = 1; i < 100; i++)); do
	cp "$work/boots/0.trace" "$work/boots/$i.trace"
done
bar 5 200 "compare of 100 traces of 8,000 samples" compare "$work/boots" "$work/boots/0.trace"

done_testing
