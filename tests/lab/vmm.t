#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: prove tests/lab/vmm.t
#
# `record --lab -- ./vmm' traces a VMM of the user's, on the patched KVM and on stock KVM by BPF: exits by phase and
# reason to the unit, what it prints, and its status.
set -uo pipefail
. "$(dirname "$0")/../lib/tap.sh"
. tests/lib/vmm.sh

check "what runs it in L1 builds" make -s -C lab/vmm
logs=$O/test/vmm
mkdir -p "$logs"
echo "what a file says" > "$work/told"

# recorded NAME STATUS ARGUMENT...: record ends with that status; the trace is NAME.trace
recorded() {
	local status=0

	"$O/bootexits" record --lab -o "$logs/$1.trace" "${@:3}" > "$work/out" 2> "$work/err" || status=$?
	ok $((status != $2)) "$1: status $2 (is $status)"
	sed 's/^/# /' "$work/err" | grep -v ' s  ' || :
}

# phase NAME PHASE EXITS: the trace has that phase, with so many exits up to its end
# shellcheck disable=SC2016 # jq expands it
phase() {
	check "$1: up to the end of $2 there are $3 exits, interrupts of L1 left out" jq -es --arg phase "$2" --argjson exits "$3" '
		first(.[] | select(.guest == "phase" and .name == $phase)) as $mark |
		[.[] | select(.guest == "reason" and .entry == $mark.entry and .name == "interrupt").count] as $interrupts |
		$mark.total - ($interrupts | add // 0) == $exits' "$logs/$1.trace"
}

# shellcheck disable=SC2016
reason() {	# NAME REASON EXITS: the last mark has that reason, with so many exits
	check "$1: $3 exits are $2" jq -es --arg name "$2" --argjson exits "$3" \
		'[.[] | select(.guest == "reason" and .name == $name)] | last.count == $exits' "$logs/$1.trace"
}

# 100 CPUIDs, a page fault, an OUT, 10 CPUIDs and an OUT of the other vCPU, the mark; 1,000 WBINVDs, another OUT, the mark
both() {	# NAME: what is true on each KVM
	phase "$1" firmware 114
	phase "$1" kernel 1117
	reason "$1" wbinvd 1000
	reason "$1" cpuid 111
	check "$1: the other vCPU has its own" jq -es \
		'[.[] | select(.guest == "part" and .entry == 1 and .vcpu == 1).count] | sort == [1, 10]' "$logs/$1.trace"
	check "$1: KVM's own count of the VM is the same" jq -es \
		'[.[] | select(.name == "stat_exits") | .expect == .got] | length > 0 and all' "$logs/$1.trace"
	check "$1: every record is right" "$O/bootexits" check "$logs/$1.trace"
}

recorded patched 0 -- "$vmm" counted 1000 0 "file=$work/told"
both patched
check "patched: what the VMM prints is shown" grep -qx "the file says what a file says" "$work/out"
check "patched: it is in the trace, its standard error, too" jq -es \
	'[.[] | select(.console == "serial").text] | index("vmm: status 0") and index("the file says what a file says")' "$logs/patched.trace"
check "patched: the report has its phases" "$O/bootexits" report "$logs/patched.trace"
cp "$work/output" "$work/report"
check "patched: it does not say that BPF counted" grep -Eq ': svm, 2 vCPUs, ABI [0-9.]+, started by kvm, verdict pass$' "$work/report"

check "another VMM is linked with libraries" gcc -O1 -pthread -I. -o "$work/linked" tests/l1/vmm/*.[cS]
recorded linked 1 -- "$work/linked" counted 1000 7 unmarked
check "linked: one line has the VMM's status" grep -q ': the VMM ended with status 7$' "$work/err"
check "linked: the trace is whole" jq -es 'last | .end == "complete" and .status == 1' "$logs/linked.trace"
phase linked custom 1114
check "linked: that is the only phase" jq -es '[.[] | select(.guest == "phase").name] == ["custom"]' "$logs/linked.trace"

cp /bin/true "$work/"
recorded none 4 -- "$work/true"
check "none: a VMM that runs no VM is a skip" grep -q 'verdict skip' "$work/err"

if [[ -f $O/lab/$KVER/bpf.cpio ]]; then
	recorded stock 0 --bpf -- "$vmm" counted 1000 0
	both stock
	check "stock: BPF programs counted" jq -es 'any(.guest == "hello" and .start == "bpf")' "$logs/stock.trace"
else
	skip "stock: BPF programs count" "no bpf.cpio: make bpf"
fi

# refused NAME LINE ARGUMENT...: one line says so, with status 3, and nothing boots
refused() {
	local status=0

	lab/vmm.sh -o "$work/refused" "${@:3}" > "$work/out" 2>&1 || status=$?
	ok $((status != 3)) "$1: status 3 (is $status)"
	check "$1: one line says so" test "$(wc -l < "$work/out") $(grep -c "$2" "$work/out")" = "1 1"
}
refused "a program that is not there" 'is no program$' ./no-such-vmm
cp "$work/linked" "$work/foreign"
check "a VMM of another loader" perl -pi -e 's{/lib64/ld-linux-x86-64}{/lib64/ld-nowhere-x86-}' "$work/foreign"
refused "libraries that are not here" 'link it with -static$' "$work/foreign"
L1_RAM=64 refused "too little memory in L1" 'L1_RAM=[0-9]*$' "$vmm"

done_testing
