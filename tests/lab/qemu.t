#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: prove tests/lab/qemu.t            O=DIRECTORY: where the parts were built (default build)
#
# The lab's own emulator. It says what it is made of. It is built once, and QEMU's source gets each patch once.
set -uo pipefail
. "$(dirname "$0")/../lib/tap.sh"
. scripts/common.sh
. lab/qemu/source.sh

qemu=$O/qemu/qemu-system-x86_64
check "it is built, or was" lab/images/qemu-build.sh
before=$(stat -c '%i %Y' "$qemu")
lab/images/qemu-build.sh > "$work/said" 2>&1
check "a second run does nothing, and says nothing" test "$? $(wc -c < "$work/said") $(stat -c '%i %Y' "$qemu")" = "0 0 $before"

mapfile -t taken < <(awk '$2 == "-" { print $1 }' "$O/qemu/lock")
for name in "${taken[@]}"; do
	find lab/qemu -name "$name"
done | xargs cat | sha256sum | cut -c 1-8 > "$work/id"
check "its version says which patches it has" grep -q "with bootexits' patches $(< "$work/id"))" <("$qemu" --version)
check "its version says which source package it is of" \
	grep -qF "(Debian $(awk '$1 == "qemu" { print $2 }' "$O/qemu/lock") with" <("$qemu" --version)
check "the lock file has lines of NAME VERSION SHA256" test -z "$(grep -Ev '^[^ ]+ [^ ]+ [0-9a-f]{64}$' "$O/qemu/lock")"
check "it runs without any other file" env -i PATH=/none "$qemu" -L "$O/qemu/firmware" -machine none -display none \
	-device help
for device in isa-serial isa-debug-exit isa-debugcon nvdimm; do
	check "it has $device" grep -q "^name \"$device\"" <("$qemu" -device help)
done

# tree VERSION FOLDER SIGNS: make a source with those lines of all patches that have one of SIGNS
tree() {
	local patch

	rm -rf "$work/source"
	mkdir -p "$work/source/target/i386/tcg/$2" "$work/source/accel/tcg"
	echo "$1" > "$work/source/VERSION"
	for patch in lab/qemu/"${1%.*}"/*.patch lab/qemu/*.patch; do
		[[ -e $patch ]] || continue
		awk -v source="$work/source" -v folder="tcg/$2" -v line="^[$3]" '
			/^diff / || /^-- $/	{ file = ""; next }
			/^\+\+\+ b\// && !file	{ file = substr($2, 3); sub("tcg/system", folder, file); next }
			file && $0 ~ line	{ print substr($0, 2) >> (source "/" file) }' "$patch"
	done
}

# source_of NAME VERSION FOLDER SIGNS PATCHES SAID: that many patches are applied, and the output has SAID
source_of() {
	tree "$2" "$3" "$4"
	tmp=$work version=$2 patches=()
	patch_source 2> "$work/said"
	[[ ${#patches[@]} -eq $5 && $(grep -c "$6" "$work/said") -eq $((${#6} > 0 ? 1 : 0)) ]]
	ok $? "$1"
}

source_of "QEMU 10.0 needs three patches" 10.0.13 system ' -' 3 ''
source_of "7.2 has another folder, and needs four" 7.2.22 sysemu ' -' 4 ''
source_of "a source that has it already is left as it is, and that is said" 10.0.13 system ' +' 0 'has 0001-svm-.* already'
tree 10.0.13 system '+'
(tmp=$work version=10.0.13; patch_source) > "$work/said" 2>&1
[[ $? -eq 3 ]] && grep -q 'does not fit QEMU 10.0.13' "$work/said"
ok $? "one that it does not fit: status 3"

done_testing
