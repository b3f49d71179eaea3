#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: prove tests/lab/ksrc.t
#
# KSRC: L1's KVM comes from a source tree of the user's. A change of KVM that avoids an exit is then seen to the unit,
# and compare says that KVM differs. The tree is not written to. WHOLE=1 also builds a whole kernel, which takes
# minutes: that is what happens if something else than KVM is changed.
set -uo pipefail
. "$(dirname "$0")/../lib/tap.sh"
. tests/lib/vmm.sh

logs=$O/test/ksrc
tree=$logs/linux-source-$KVER
svm=$tree/arch/x86/kvm/svm/svm.c
mkdir -p "$logs"
[[ -d $tree ]] || check "Debian's source is unpacked" tar -xf "$O/kernel/$KVER/usr/src/linux-source-$KVER.tar.xz" -C "$logs"
check "bootexits-bpf builds" make -s -C host-bpf
check "what runs a VMM in L1 builds" make -s -C lab/vmm
sed -i 's/^\/\/ \(\tsvm_set_intercept(svm, INTERCEPT_WBINVD)\)/\1/' "$svm"	# if an earlier run was ended
touch "$work/begin"

# traced NAME: L1 is built of the tree, and the VMM's trace is NAME.trace
traced() {
	check "$1: L1 is built of the tree" lab/images/ksrc.sh "$tree"
	check "$1: the VMM is recorded" env L1_KERNEL=ksrc "$O/bootexits" record --lab --bpf -o "$logs/$1.trace" -- "$vmm" counted 1000 0
	check "$1: every record is right" "$O/bootexits" check "$logs/$1.trace"
	check "$1: the trace names the tree" jq -es '.[0].ksrc | test("^[0-9.]+.* kvm-[0-9a-f]{12}$")' "$logs/$1.trace"
}

# exits NAME: its exits at the last mark, by reason, without L1's own timer interrupts
exits() {
	jq -rs '(map(select(.guest == "phase")) | last.entry) as $entry | .[] |
		select(.guest == "reason" and .entry == $entry and .name != "interrupt") | "\(.name) \(.count)"' "$logs/$1.trace"
}

traced before
check "before: 1,000 exits are WBINVDs" grep -qx 'wbinvd 1000' <(exits before)

check "the change: KVM does not intercept WBINVD" sed -i 's/^\tsvm_set_intercept(svm, INTERCEPT_WBINVD);/\/\/ &/' "$svm"
traced after
check "after: all else is equal, to the unit" diff <(exits before | grep -v wbinvd) <(exits after)
check "compare finds differences" test "$("$O/bootexits" compare "$logs"/{before,after}.trace > "$work/compared"; echo $?)" -eq 1
check "compare says that KVM's source differs" grep -q '^KVM differs: its source [^/]* / [^/]*$' "$work/compared"
check "compare shows the change, to the unit" grep -Eq '^kernel +wbinvd +1,000 +0 +-1,000 ' "$work/compared"
check "compare blames nothing else" test -z "$(grep -E '^(L1|the lab|the emulator|the guest) differs|may come from' "$work/compared")"
sed 's/^/# /' "$work/compared"

if [[ -n ${WHOLE-} ]]; then
	echo '/* changed */' >> "$tree/kernel/panic.c"
	traced whole
	check "whole: the kernel is not Debian's" test "$(jq -r 'select(.host == "run").kernel' "$logs/whole.trace")" = "$(make -s -C "$tree" kernelversion)"
	check "whole: all is equal to the boot before it, to the unit" diff <(exits after) <(exits whole)
	sed -i '/^\/\* changed \*\/$/d' "$tree/kernel/panic.c"
else
	skip "a whole kernel" "WHOLE=1 builds one"
fi
check "the tree was not written to" test -z "$(find "$tree" -newer "$work/begin" -type f ! -path "$svm" ! -path "$tree/kernel/panic.c")"

# refused NAME LINE COMMAND...: one line says so, with status 3
refused() {
	local status=0

	"${@:3}" > "$work/out" 2>&1 || status=$?
	ok $((status != 3)) "$1: status 3 (is $status)"
	check "$1: one line says so" test "$(wc -l < "$work/out") $(grep -c "$2" "$work/out")" = "1 1"
}
refused "no tree" 'is no source tree of Linux with KVM$' lab/images/ksrc.sh "$work"
check "make run builds it, and boots it with BPF" test "$(make -n boot KSRC="$tree" 2>&1 |
	grep -cE "^lab/images/ksrc.sh |lab/$KVER-ksrc/bpf.cpio -e host=stock ")" -eq 2
for arguments in KVM=both KVM=patched ACCEL=kvm; do
	check "make: KSRC with $arguments is refused in a line" grep -q 'KSRC=.* works in the lab only' \
		<(make -n run KSRC="$tree" "$arguments" 2>&1)
done

done_testing
