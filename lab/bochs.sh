#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: bochs.sh -kernel VMLINUX -initrd FILE -append TEXT -m MIB -cpu MODEL
#                 [-chardev file,id=ID,path=PATH]... [-serial chardev:ID]...
#                 [-device isa-serial,chardev=ID,index=N[,...]]... [-device isa-debug-exit,...]
#
# Runs L1 in Bochs, which emulates VMX. It takes the arguments that the lab gives to qemu-system-x86_64,
# and ends with the status that QEMU's isa-debug-exit would give. Bochs has no such device. Instead,
# L1's init says on its console, COM1, how the scenario ended.
#
# VMLINUX is an ELF kernel with a PVH entry. Bochs puts VMLINUX and FILE into RAM, and boots bochs.asm
# from a floppy.
#
# Environment: L1_MHZ=1000, instructions in a microsecond.
# Exit codes: isa-debug-exit's (33 pass, 35 fail, 37 skip), 32 no verdict, 2 usage, 3 no Bochs.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/../scripts/common.sh"

cpu='' megs='' kernel='' initrd='' append=''
declare -A chardevs
coms=()

chardev() {	# file,id=ID,path=PATH. QEMU writes a comma of PATH as two
	local id=${1#*id=} path=${1#*,path=}

	[[ $1 == file,id=*,path=* ]] || die 2 "unknown: -chardev $1"
	chardevs[${id%%,*}]=${path//,,/,}
}

device() {
	local id=${1#*chardev=} index=${1#*index=}

	case $1 in
	isa-serial,chardev=*,index=*)	coms[${index%%,*}]=${id%%,*} ;;
	isa-debug-exit,*)		;;
	*)				die 2 "unknown: -device $1" ;;
	esac
}

serial() {	# chardev:ID: gets the first port that is free
	local n=0

	while [[ -n ${coms[n]-} ]]; do n=$((n + 1)); done
	coms[n]=${1#chardev:}
}

while [[ $# -gt 1 ]]; do
	case $1 in
	-kernel)	kernel=$2 ;;
	-initrd)	initrd=$2 ;;
	-append)	append=$2 ;;
	-m)		megs=$2 ;;
	-cpu)		cpu=$2 ;;
	-chardev)	chardev "$2" ;;
	-device)	device "$2" ;;
	-serial)	serial "$2" ;;
	*)		die 2 "unknown option: $1" ;;
	esac
	shift 2
done
[[ $# -eq 0 && -f $kernel && -f $initrd && -n $cpu && -n $megs && -n ${coms[0]-} ]] || { usage >&2; exit 2; }
command -v bochs > /dev/null || die 3 "no bochs: run scripts/packages.sh -i"

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

# XEN_ELFNOTE_PHYS32_ENTRY is note 18: four bytes, the lowest first.
entry=$(readelf -n "$kernel" 2> /dev/null | awk '/0x00000012/ { getline; print "0x" $6 $5 $4 $3 }')
[[ -n $entry ]] || die 2 "$kernel has no PVH entry"
start=$(readelf -lW "$kernel" | awk '$1 == "LOAD" { print $4; exit }')

# One image: the kernel, then the initrd
objcopy -O binary "$kernel" "$tmp/ram"
truncate -s %1M "$tmp/ram"
initrd_at=$((start + $(stat -c %s "$tmp/ram")))
cat "$initrd" >> "$tmp/ram"
end=$((start + $(stat -c %s "$tmp/ram")))
nasm -f bin -o "$tmp/floppy" -DENTRY="$entry" -DINITRD=$initrd_at \
	-DINITRD_BYTES="$(stat -L -c %s "$initrd")" -DCMDLINE="'$append'" "$here/bochs.asm"
truncate -s 1440K "$tmp/floppy"

# Bochs reads the image in one piece. But it hands out its blocks of 128 KiB in the order of first use. So the
# debugger asks for each block in order. Bochs 2 always starts with the debugger, Bochs 3 only if told so.
debugger=
[[ $(bochs --help 2>&1 || :) != *" -debugger "* ]] || debugger=-debugger
{ seq -f 'xp /1bx %.0f' $((start)) $((128 << 10)) $((end - 1)); echo continue; } > "$tmp/debugger"

# With sync=none, an instruction takes a nanosecond, as in the AMD lane. The date is fixed, so two runs are the same.
# Nobody reads the terminal that is Bochs's screen. By default Bochs writes four bytes to it in each fifth of a
# second of real time. After ten minutes the terminal was full, and Bochs stood still.
cat > "$tmp/bochsrc" << END
display_library: term
vga: extension=vbe, update_freq=1, realtime=0
plugin_ctrl: unmapped=1, biosdev=1, serial=1, extfpuirq=1, parallel=0, speaker=0, gameport=0
memory: guest=$megs, host=$megs
romimage: file=/usr/share/bochs/BIOS-bochs-latest
vgaromimage: file=/usr/share/vgabios/vgabios.bin
optramimage1: file="$tmp/ram", address=$start
cpu: model=$cpu, count=1, ips=$((${L1_MHZ:-1000} * 1000000)), reset_on_triple_fault=0
clock: sync=none, time0=1767225600
floppya: 1_44="$tmp/floppy", status=inserted, write_protected=1
boot: floppy
log: "$tmp/log"
panic: action=fatal
$(printf '%s: action=ignore\n' error info debug)
$(for n in "${!coms[@]}"; do echo "com$((n + 1)): enabled=1, mode=file, dev=\"${chardevs[${coms[n]}]}\""; done)
END
# Bochs wants a terminal, and TERM may be one that it does not know
TERM=linux script -qec "bochs -q $debugger -f '$tmp/bochsrc' -rc '$tmp/debugger'" /dev/null > "$tmp/screen" 2>&1 < /dev/null &
wait_for $!
# If Linux panics, it reboots. On the second boot Bochs ends with a triple fault.
grep -aq 'PANIC.*soft power off' "$tmp/log" || say "L1 was not switched off: see its console"
case $(sed -n 's/.*init: the scenario ended with \([0-9]*\).*/\1/p' "${chardevs[${coms[0]}]}") in
0)	exit 33 ;;
4)	exit 37 ;;
?*)	exit 35 ;;
esac
exit 32
