#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: make-dumps.sh [-h] DIR [MODEL...]
#
# Writes DIR/bochs-MODEL.dump, with the contents of the virtualization registers of Bochs's CPU models. Without MODELs,
# it does so for all that have VMX or SVM, and for one without. Needs bochs, bochs-term, nasm and grub-mkrescue. It
# takes some ten seconds a model.
#
# Exit codes: 0 all written, 1 a model wrote none, 2 usage.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/../../../scripts/common.sh"

models=(
	core2_penryn_t9600 corei5_lynnfield_750 corei5_arrandale_m520 corei7_sandy_bridge_2600k
	corei7_ivy_bridge_3770k corei7_haswell_4770 broadwell_ult corei7_skylake_x corei3_cnl
	corei7_icelake_u tigerlake
	athlon64_venice turion64_tyler phenom_8650_toliman zambezi trinity_apu ryzen
	p4_prescott_celeron_336
)

make_iso() {	# $tmp/dump.iso
	mkdir -p "$tmp/iso/boot/grub"
	nasm -f elf32 -o "$tmp/dump.o" "$here/dump.asm"
	ld -m elf_i386 -N --no-warn-rwx-segments -Ttext=0x100000 -o "$tmp/iso/boot/dump" "$tmp/dump.o"
	echo 'multiboot /boot/dump; boot' > "$tmp/iso/boot/grub/grub.cfg"
	grub-mkrescue -d /usr/lib/grub/i386-pc -o "$tmp/dump.iso" "$tmp/iso" 2> /dev/null
}

dump() {	# MODEL
	local file=$dir/bochs-$1.dump

	cat > "$tmp/rc" <<RC
cpu: model=$1, count=1, ips=50000000, ignore_bad_msrs=0
memory: guest=64, host=64
romimage: file=/usr/share/bochs/BIOS-bochs-latest
vgaromimage: file=/usr/share/bochs/VGABIOS-lgpl-latest
ata0-master: type=cdrom, path=$tmp/dump.iso, status=inserted
boot: cdrom
clock: sync=none, time0=1
com1: enabled=1, mode=file, dev=$tmp/com1
display_library: term
log: $tmp/log
RC
	echo c > "$tmp/commands"
	rm -f "$tmp/com1"
	TERM=vt100 timeout 120 script -qc "bochs -q -f $tmp/rc -rc $tmp/commands" /dev/null > /dev/null < /dev/null || :
	grep -q '^# end' "$tmp/com1" || return 1
	{
		echo "# Source: tests/data/features/dump.asm, run by make-dumps.sh in Bochs 2.7, cpu: model=$1"
		sed '/^# end/d' "$tmp/com1"
	} > "$file"
}

case ${1-} in
-h)	usage; exit ;;
-* | "") usage >&2; exit 2 ;;
esac
dir=$1
shift
[[ $# -eq 0 ]] || models=("$@")
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
make_iso
mkdir -p "$dir"
for model in "${models[@]}"; do
	dump "$model" || die 1 "Bochs's $model has written no dump"
done
