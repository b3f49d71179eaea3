#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: prove tests/lab.t             O=DIRECTORY: where the parts were built (default build)
#
# Tests the lab: a guest runs, whatever goes wrong in L1 is a verdict and never a pass,
# KVM's two counters and the histogram agree, and a run repeats to the byte.
# Exit status: 0 all passed, 1 some failed.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
O=$(realpath -m "${O:-build}")
export O
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
n=0
failed=0

# ok STATUS NAME: one line of TAP; the logs of the last run, if it is not ok
ok() {
	n=$((n + 1))
	if [[ $1 -eq 0 ]]; then
		echo "ok $n - $2"
	else
		echo "not ok $n - $2"
		tail -n 30 "$work/said" "$work/$run"/{console,host,serial}.log 2>&1 | tr -cd '[:print:]\n' | sed 's/^/# /'
		failed=1
	fi
}

# lab RUN ARGUMENT...: lab.sh with logs in $work/RUN; sets run and status
lab() {
	run=$1 status=0
	shift
	scripts/lab.sh -o "$work/$run" "$@" > "$work/said" 2>&1 || status=$?
}

# ends STATUS NAME SCRIPT [SAYS]: that scenario ends the lab with STATUS, and it SAYS why
ends() {
	printf '%s\n' '. /l1.sh' "$3" > "$work/scenario"
	lab "$2" ${limit:+-t "$limit"} -e "word=two 'words'" "$work/scenario"
	[[ $status -eq $1 ]] && { [[ -z ${4-} ]] || grep -q "$4" "$work/said" "$work/$run/host.log"; }
	ok $? "a scenario's $2: status $1 (is $status)"
}

same() {	# LOG: of both runs, the same bytes and some
	[[ -s $work/first/$1.log ]] && cmp "$work/first/$1.log" "$work/second/$1.log" > "$work/said" 2>&1
	ok $? "two boots write the same $1.log"
}

lab hello hello
ok "$status" "hello: stock KVM runs a guest"
grep -q '^hist reason=[0-9]* count=[0-9]*$' "$work/hello/host.log"
ok $? "hello: the histogram is in host.log"
grep -q SeaBIOS "$work/hello/serial.log"
ok $? "hello: the guest's output is in serial.log"

# shellcheck disable=SC2016 # the scenario expands it
ends 0 pass 'emit "$word"' "^two 'words'\$"
ends 1 failure 'false; emit went on'
! grep -q 'went on' "$work/failure/host.log"
ok $? "a scenario ends at the first command that fails"
ends 4 skip 'exit 4'
ends 1 panic 'echo c > /proc/sysrq-trigger' 'no verdict'
ends 1 kernel-warning 'echo "WARNING: CPU: 0 PID: 1 at a test" > /dev/kmsg' '^dmesg .*WARNING'
ends 1 lack-of-modules 'rm /modules/patched/kvm.ko; load_kvm patched' '^missing /modules/patched/kvm.ko'
limit=15 ends 124 endless-loop 'while :; do :; done' 'timeout'

lab first -e hist=1 boot "$O/bootexits.iso"
ok "$status" "boot: the ISO passes under traced KVM"
awk '
	/^host sync=0 / { split($3, a, "="); split($4, b, "="); exits = a[2]; fd = b[2] }
	/^hist sync=0 / { split($4, c, "="); hist += c[2] }
	END { exit !(exits > 0 && exits == fd && exits == hist) }
' "$work/first/host.log"
ok $? "boot: debugfs, stats descriptor and histogram count the same"
lab second -e hist=1 boot "$O/bootexits.iso"
ok "$status" "boot: again"
same console
same serial
same host

echo "1..$n"
exit $failed
