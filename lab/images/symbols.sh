#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: symbols.sh [-h]
#
# Makes build/symbols/KVER.map, the functions of L1's kernel, which is the small guest's, too. Debian's package has
# only an empty System.map, and its debug package has 800 MB. So that kernel boots once in the emulator, without KASLR, and
# prints its own /proc/kallsyms: 7 seconds of CPU time. It is no traced boot. If the map is there already, nothing is done.
#
# Environment: KVER and L1_SUITE, see lab.sh; O is the build directory.
# Exit codes: 0 made or up to date, 2 usage, 3 the kernel didn't print its symbols, or they can't be written.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/../../scripts/common.sh"
. "$here/../machine.sh"

only_help "$@"

kernel=$build/lab/$kver/vmlinux
busybox=$build/programs/l1-$l1_suite/root/bin/busybox
map=$build/symbols/$kver.map
for file in "$kernel" "$busybox"; do
	[[ -f $file ]] || die 3 "$file is missing: make l1"
done
inputs=$(sha256sum "$kernel" "$busybox" "${BASH_SOURCE[0]}" | cut -d ' ' -f 1)
[[ ! -f $map || $inputs != "$(cat "$map.inputs" 2> /dev/null)" ]] || exit 0
{ mkdir -p "$build/symbols" && tmp=$(mktemp -d "$build/symbols/tmp.XXXXXX"); } 2> /dev/null || die 3 "can't write to $build/symbols"
trap 'leave_image "$tmp" "$map"' EXIT

# Each symbol of code, and after such ones the symbol that ends them. The serial port is slow, so they are packed.
mkdir -p "$tmp/root/bin"
cp "$busybox" "$tmp/root/bin/busybox"
cat > "$tmp/root/init" <<-'END'
	#!/bin/busybox sh
	export PATH=/bin
	busybox mkdir /proc /dev
	busybox mount -t proc proc /proc
	busybox mount -t devtmpfs dev /dev
	busybox stty -F /dev/ttyS0 raw
	{
		echo "# $(busybox cat /proc/version)"
		busybox awk '$2 ~ /[TtWw]/ { print; code = 1; next } code { print; code = 0 }' /proc/kallsyms
		echo "# end"
	} | busybox gzip -1 > /dev/ttyS0
	busybox reboot -f
END
chmod 755 "$tmp/root/init"
pack_cpio "$tmp/root" > "$tmp/cpio"
set_emulator
timeout 300 "${emulator[@]}" -accel tcg -m 512 -nodefaults -display none -no-reboot -kernel "$kernel" -initrd "$tmp/cpio" \
	-append "nokaslr quiet console=tty0 panic=-1" -chardev "file,id=out,path=$tmp/packed" -serial chardev:out >&2 ||
	die 3 "the emulator failed"
gzip -dc "$tmp/packed" > "$tmp/map" 2> /dev/null || :
[[ $(tail -n 1 "$tmp/map") == "# end" ]] || die 3 "Linux $kver didn't print its symbols"
mv "$tmp/map" "$map"
echo "$inputs" > "$map.inputs"
say "Linux $kver: $(wc -l < "$map") symbols of code"
