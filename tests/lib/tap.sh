# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Sourced by the tests, for TAP and for runs in the lab. It goes to the top folder, $root, and makes $work. $O is where
# the parts are built, and $KVER is L1's kernel. A test may define diagnose. Its output explains a test that is not ok.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cd "$root" || exit 1
O=$(realpath -m "${O:-$root/build}")
KVER=$(bash -c '. "$0/scripts/common.sh" && echo "$kver"' "$root")
export O KVER LC_ALL=C BOOTEXITS_PAGER=cat
unset V MAKEFLAGS MAKELEVEL
# In this environment lab/images/kernel.sh has 6.12, which is L1's own or that of this machine's suite.
# shellcheck disable=SC2034
kernel_6_12=(KVER=6.12)
# shellcheck disable=SC2034
[[ $KVER == 6.12 ]] || kernel_6_12=(-u L1_SUITE KVER=6.12)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
planned=0 failed=0

# ok STATUS NAME: print one line of TAP
ok() {
	planned=$((planned + 1))
	if [[ $1 -eq 0 ]]; then
		echo "ok $planned - $2"
	else
		echo "not ok $planned - $2"
		[[ $(type -t diagnose) != function ]] || diagnose | sed 's/^/# /'
		failed=1
	fi
}

skip() {	# NAME REASON
	planned=$((planned + 1))
	echo "ok $planned - $1 # SKIP $2"
}

# limited SECONDS COMMAND...: run it, and let none of its processes use more CPU time than that. It is ended after an
# hour in any case. A busy machine ends nothing.
limited() {
	timeout -s KILL 3600 prlimit --cpu="$1" "${@:2}"
}

# cpu_seconds: print the CPU time, user and system, of the commands of this test that have ended so far
cpu_seconds() {
	awk '{ print int(($16 + $17) / 100) }' "/proc/$$/stat"
}

# check NAME COMMAND...: ok if the command succeeds; if not, its output becomes a comment
check() {
	local name=$1 status
	shift
	"$@" > "$work/output" 2>&1
	status=$?
	ok "$status" "$name"
	[[ $status -eq 0 ]] || sed 's/^/# /' "$work/output"
}

# done_testing: print the plan, and exit with the status
done_testing() {
	echo "1..$planned"
	exit $failed
}

# lab NAME ARGS...: run lab/lab.sh with its logs in build/test/NAME, or in $LOGS/NAME; not ok if it fails. With
# several CPUs, L1 can panic because QEMU goes on with code that Linux has patched (docs/limits.md). The lab then runs
# again, up to three times.
lab() {
	local name=$1 again=0 status
	shift
	logs=${LOGS:-$O/test}/$name
	while
		"$root/lab/lab.sh" -o "$logs" "$@" > "$work/lab" 2>&1
		status=$?
		[[ ${L1_CPUS:-1} -gt 1 && $again -lt 2 && $status -ne 0 ]] && grep -qs '] int3: 0000' "$logs/console.log"
	do
		again=$((again + 1))
		echo "# $name: L1 met a breakpoint of Linux's that is no more, $again times"
	done
	ok "$status" "$name: L1 runs the scenario, and its kernel has nothing to complain of"
	[[ $status -eq 0 ]] || sed 's/^/# /' "$work/lab"
}

# agrees FILE PHASE...: that log or trace of the last lab is right; its report, kept as $report, has these phases and
# the host's total
agrees() {
	local log=$logs/$1 host=(--host "$logs/host.log") phase

	[[ $1 != *.trace ]] || host=()
	check "every record is right" "$O/bootexits" check "$log"
	check "the report agrees with the host" "$O/bootexits" report "${host[@]}" "$log"
	report=$work/report
	cp "$work/output" "$report"
	for phase in "${@:2}" total; do
		check "the table has a row for $phase" grep -Eq "^$phase +[0-9,.]+ +[0-9,]+ +[0-9.]+%" "$report"
	done
	check "total equals stat.exits to the unit" grep -q ': equal to the unit$' "$report"
}

# records RUN [TAG]: print the payload's records of that run, with that tag
records() {
	awk -v run="$1" -v tag="${2-}" '
		/^# run / { here = $3 == run }
		here && $1 == "bx" && (tag == "" || $3 == tag)' "$logs/serial.log" | tr -d '\r'
}

# value RUN TAG KEY: print that value of the last such record
value() {
	records "$1" "$2" | sed -n "s/.* $3=\([^ ]*\) .*/\1/p" | tail -n 1
}

# verdict RUN: print the status that L2 ended with
verdict() {
	sed -n "s/^verdict run=$1 status=//p" "$logs/host.log"
}

# host_value RUN WORD KEY: print that value of the last such line of that run in the host log
host_value() {
	awk -v run="$1" '$1 == "run" { here = $2 == "name=" run } here' "$logs/host.log" | tr -d '\r' |
		sed -n "s/^$2 .*\<$3=\([^ ]*\).*/\1/p" | tail -n 1
}
