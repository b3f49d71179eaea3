#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: prove tests/tool/speed.t          O=DIRECTORY: where to build (default build)
#
# The CPU time and memory that bootexits takes for large traces. A busy machine makes every program slower, so a second
# is no measure. The measure is how long Python takes to read the numbers of the same log, each time just before. On a
# quiet machine that is about 0.9 s. One of five tries has to be within the bar. Memory is the most that was resident.
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

# within TIMES MIB ARGUMENT...: `bootexits ARGUMENT...' takes less than these, and returns 0
within() {
	python3 - "$O/bootexits" "$work/large.log" "$@" <<-'END'
		import os, subprocess, sys

		program, log, times, mib, *arguments = sys.argv[1:]
		python = "import re, sys; max(int(n) for n in re.findall(rb'[0-9]+', open(sys.argv[1], 'rb').read()))"

		def run(*command):	# its status, CPU seconds and MiB
		    child = subprocess.Popen(command, stdout=subprocess.DEVNULL)
		    _, status, used = os.wait4(child.pid, 0)
		    child.returncode = os.waitstatus_to_exitcode(status)
		    return child.returncode, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024

		for _ in range(5):
		    _, measure, _ = run(sys.executable, "-c", python, log)
		    status, took, most = run(program, *arguments)
		    print(f"{took / measure:.2f} times ({took:.2f} s), {most:.0f} MiB, status {status}")
		    if status or most >= int(mib) or took / measure < float(times):
		        break
		sys.exit(status or most >= int(mib) or took / measure >= float(times))
	END
}
# bar TIMES MIB NAME ARGUMENT...
bar() {
	check "$3: less than $1 times Python's CPU time, and $2 MiB" within "$1" "$2" "${@:4}"
	sed 's/^/# /' "$work/output"
}

of_many() {	# FORM: report it under a hard limit of KiB, resident or not
	(ulimit -v 204800 && exec "$O/bootexits" report "$work/large.$1") >"$work/many.out" &&
		grep '1,000,000 samples kept' "$work/many.out"
}
for form in log trace; do
	check "a $form of 1,000,000 samples needs less than 200 MiB of addresses" of_many $form
	bar 1.5 200 "report of a $form of 1,000,000 samples" report "$work/large.$form"
done
large=$work/large.trace
bar 1.5 200 "report --json" report --json "$large"
bar 1.5 200 "check" check "$large"
bar 2 200 "export, a line a sample" export "$large"
bar 4 200 "export --format=chrome" export --format=chrome "$large"

# A boot of Linux to its login prompt has some 7,000 samples.
mkdir "$work/boots"
check "a trace of 8,000 samples is made" many 8000 boot
for ((i = 0; i < 100; i++)); do
	cp "$work/boot.trace" "$work/boots/$i.trace"
done
bar 2 200 "compare of 100 traces of 8,000 samples" compare "$work/boots" "$work/boots/0.trace"

done_testing
