#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: prove tests/lab/bundle.t
#
# The bundle of L1, with small files in place of those that are built. Unpacking gives the packed bytes back. A file
# that is damaged or not there is refused, and nothing half done is left. tests/other-debian.sh tests that it boots.
# Exit status: 0 all passed, 1 some failed.
set -uo pipefail
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/guest.sh"

export O=$work/build KVER=6.1 L1_SUITE=bookworm
diagnose() { cat "$work/said"; }
parts=(lab/6.1/{vmlinux,vmlinuz,l1.cpio,lock,modules/kvm.ko} kvm/6.1/{kvm,kvm-amd}.ko
	qemu/{qemu-system-x86_64,firmware/bios,lock} bootexits.{elf,iso} guest/initrd.gz linux.iso)
for part in "${parts[@]}"; do
	mkdir -p "$(dirname "$O/$part")"
	echo "$part" > "$O/$part"
done
echo '# suite=bookworm kver=6.1' > "$O/lab/6.1/lock"
chmod +x "$O/qemu/qemu-system-x86_64"

check "what is built is packed" lab/bundle.sh
check "the same is packed to another file" lab/bundle.sh -o "$work/other"
cmp "$O/l1-bundle.tar.zst" "$work/other" > "$work/said"
ok $? "twice the same bytes"
check "bundle.sh says folder, kernel and suite" grep -Eqx "$O/bundle/[0-9a-f]{16} 6.1 bookworm" <(lab/bundle.sh -x "$work/other")
read -r dir _ < <(lab/bundle.sh -x "$work/other")
for part in "${parts[@]}"; do
	cmp "$O/$part" "$dir/$part"
done > "$work/said" 2>&1
check "each part is there, to the byte" test ! -s "$work/said"
[[ -x $dir/qemu/qemu-system-x86_64 && -x $dir/lab/lab.sh ]] && diff -r lab/l1 "$dir/lab/l1" > "$work/said"
ok $? "and the lab's scripts"
touch -d @1 "$dir"
lab/bundle.sh -x "$work/other" > "$work/said" && [[ $(stat -c %Y "$dir") -eq 1 ]]
ok $? "files that are unpacked stay"

printf x | dd of="$work/other" bs=1 seek=300 conv=notrunc status=none
fails 3 "is no bundle of make l1-bundle, or is damaged" "a damaged file" lab/bundle.sh -x "$work/other"
fails 3 "is no bundle of make l1-bundle, or is damaged" "another file" lab/bundle.sh -x README.md
fails 3 "there is no " "no file" lab/bundle.sh -x "$work/none"
fails 2 "can't be used" "make run with a bundle that is not there" make run L1="$work/none"
# A whole bundle, with a part that does not match its list of hashes
mkdir "$work/forged"
zstd -dcq "$O/l1-bundle.tar.zst" | tar -x -C "$work/forged"
echo forged > "$work/forged/lab/6.1/l1.cpio"
tar -c -C "$work/forged" . | zstd -q > "$work/other"
fails 3 "or is damaged" "a part that does not match its hash" lab/bundle.sh -x "$work/other"
[[ $(ls "$O/bundle") == "${dir##*/}" ]] && ! compgen -G "$O/l1-bundle.tar.zst.*" > /dev/null
ok $? "nothing half done is left"
rm "$O/linux.iso"
fails 3 "linux.iso is missing: make run, then make l1-bundle" "a part is not built" lab/bundle.sh

done_testing
