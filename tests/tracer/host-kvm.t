#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: prove tests/tracer/host-kvm.t
#
# The patch to KVM. The hooks are small. A maintainer can apply the patches. The modules build without a warning. For a
# kernel without hooks, the build fails with one clear sentence.
set -uo pipefail
. "$(dirname "$0")/../lib/tap.sh"
cd "$root/host-kvm" || exit 1

for hooks in hooks/*.patch; do
	lines=$(git -C / apply --numstat < "$hooks" | awk '/\.[ch]$/ { n += $1 + $2 } END { print n }')
	check "$hooks: $lines changed lines in existing source files, of 40 at most" test "$lines" -le 40
done

difference() {	# print the hooks' difference as docs/porting.md shows it
	diff <(grep '^[-+]' hooks/6.1.patch) <(grep '^[-+]' hooks/6.12.patch) > "$work/difference"
	diff "$work/difference" <(sed -n '/^\$ diff <(grep/,/^```/p' ../docs/porting.md | sed '1d;$d')
}
check "docs/porting.md has how the hooks of 6.1 and 6.12 differ" difference

check "the modules build" make --no-print-directory O="$O"
check "a second make builds nothing" \
	test -z "$(make --no-print-directory O="$O" | grep -v 'Nothing to be done')"
werror() {
	grep -q -- ' -Werror ' "$O/kvm/$KVER/src/arch/x86/kvm/.exit_trace.o.cmd"
}
check "they build with -Werror" werror

branches() {	# VENDOR COUNT: that vendor's module has so many static branches
	test "$(readelf -rW "$O/kvm/$KVER/kvm-$1.ko" | grep -c exit_trace_key)" -eq "$2"
}
check "SVM: one branch per exit" branches amd 1
check "VMX: one branch per exit, and one each for emulation_required and vmfail" branches intel 3

no_hooks() {
	! make KVER=5.4 > "$work/unknown" 2>&1 && [[ $(wc -l < "$work/unknown") -eq 1 ]] &&
		grep -q 'no hooks for kernel 5.4: KVER may be 6.1 6.12' "$work/unknown"
}
check "for an unknown kernel the build prints one sentence" no_hooks

check "the series is written" make --no-print-directory O="$O" series
series=("$O/series/$KVER"/*.patch)
for patch in "${series[@]}"; do
	check "checkpatch --strict finds nothing in ${patch##*/}" \
		perl "$O/kvm/$KVER/orig/scripts/checkpatch.pl" --no-tree --strict --terse --no-summary "$patch"
	[[ ! -s $work/output ]]
	ok $? "it prints no hint, either"
done

am() {	# run git am in a tree of the files that the patches touch, and their neighbours
	cp -r "$O/kvm/$KVER/orig" "$work/tree" && cd "$work/tree" && git init -q && git add -A &&
		git -c user.name=t -c user.email=t@t commit -qm base &&
		git -c user.name=t -c user.email=t@t am -q "${series[@]}" &&
		cmp arch/x86/kvm/exit_trace.c "$root/host-kvm/kvm/exit_trace.c" &&
		cmp arch/x86/kvm/svm/svm.c "$O/kvm/$KVER/src/arch/x86/kvm/svm/svm.c"
}
check "git am takes it, and gives the files that the modules were built from" am

done_testing
