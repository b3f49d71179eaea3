#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: prove tests/lab/lab.t             O=DIRECTORY: where the parts were built (default build)
#
# The lab. A guest runs under stock KVM. If anything goes wrong in L1, that gives a verdict, and never a pass.
# Exit status: 0 all passed, 1 some failed.
set -uo pipefail
. "$(dirname "$0")/../lib/tap.sh"
run=

diagnose() {	# print the logs of the last run
	tail -n 30 "$work/said" "$work/$run"/{console,host,serial}.log 2>&1 | tr -cd '[:print:]\n'
}

# try RUN ARGUMENT...: run lab.sh with logs in $work/RUN; sets run and status
try() {
	run=$1 status=0
	shift
	lab/lab.sh -o "$work/$run" "$@" > "$work/said" 2>&1 || status=$?
}

# ends STATUS NAME SCRIPT [SAYS]: that scenario ends the lab with STATUS, and the lab's message has SAYS
ends() {
	printf '%s\n' '. /l1.sh' "$3" > "$work/scenario"
	try "$2" ${limit:+-t "$limit"} -e "word=two 'words'" "$work/scenario"
	[[ $status -eq $1 ]] && { [[ -z ${4-} ]] || grep -q "$4" "$work/said" "$work/$run/host.log"; }
	ok $? "a scenario's $2: status $1 (is $status)"
}

try hello hello
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

nasm -f bin -o "$work/still.bin" tests/l2/still.asm
printf '%s\n' '. /l1.sh' 'load_kvm stock' 'run still -kernel /files/still.bin' > "$work/scenario"
L1_HANG=10 try still "$work/scenario" "$work/still.bin"
[[ $status -eq 125 ]] && grep -q 'the guest hangs: in 10 s of CPU time L1 got less than 3 s further' "$work/said"
ok $? "if a guest hangs, the status is 125 (is $status)"

mkdir "$work/more"
touch "$work/more/added"
(cd "$work/more" && find . | cpio --quiet -o -H newc) > "$work/more.cpio"
printf '%s\n' '. /l1.sh' '[ -e /added ]' > "$work/scenario"
try archive -a "$work/more.cpio" "$work/scenario"
ok "$status" "an archive is added to L1's root"

mkdir -p "$work/busy"
exec {lock}> "$work/busy/.lock"
flock "$lock"
try busy hello
[[ $status -eq 3 ]] && grep -q 'another run writes to' "$work/said"
ok $? "two runs in one folder: the second is refused"

done_testing
