#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: lab.sh [-o DIR] [-t SECONDS] [-e NAME=VALUE]... [-a ARCHIVE]... SCENARIO [FILE...]
#        lab.sh -i [FILE...]
#
# Boots L1, a Linux with KVM, in an emulated CPU that has SVM or VMX. Runs a scenario in it:
# lab/l1/SCENARIO.sh, or a file of your own. The scenario finds the FILEs in /files. If the patched KVM
# modules have been built, it finds them in /modules/patched. Two runs write the same bytes.
#
#   -o DIR         where the logs go, default build/lab/SCENARIO: console.log (L1's console),
#                  serial.log (L2's serial port), host.log (what L1's KVM counted)
#   -t SECONDS     give up after so much time of the emulator (see qemu.sh), default L1_LIMIT=600
#   -e NAME=VALUE  a variable of the scenario
#   -a ARCHIVE     a cpio archive to add to L1's root
#   -d IMAGE       a disk: L1's load_disk makes it /dev/pmem0. Its size is a multiple of 2 MiB. What is
#                  written to it is lost when L1 ends, and the file is not changed
#   -p             a fourth port: what L1 writes to ttyS3 goes to DIR/observer.log
#   -i, --shell    an interactive shell in L1 instead of a scenario. Time is real time then
#   -h             print this help
#
# Environment:
#   LANE       amd (default): SVM, by QEMU's TCG; intel: VMX, by Bochs, with neither -d nor -i
#   KVER       L1's kernel, 6.1 or 6.12. Without it, the one of L1_SUITE
#   L1_SUITE   L1's Debian, bookworm or trixie. Without it, the one of KVER. Without both, bookworm with 6.1 if
#              this machine is Debian 12, otherwise trixie with 6.12
#   L1_KERNEL  boot the kernel that debug-kernel.sh has built by that name, such as kasan
#   L1_RAM     L1's memory in MiB, default 1024
#   L1_CPU     L1's CPU model, as QEMU's -cpu or Bochs's model takes it
#   L1_CPUS    L1's CPUs, default 1. More run in parallel, in real time, so no two runs are the same
#   L1_ACCEL   default tcg. tcg,thread=single runs the CPUs in turns
#   QEMU       the emulator, default build/qemu/qemu-system-x86_64 (make qemu), or Debian's if that is not built
#   L1_MHZ     the Intel lane's instructions in a microsecond, default 1000
#   L1_HANG    seconds, default 60: L1 hangs if in so much CPU time it gets less than 3 s further. 0: never
#   L1_SEED    N, default 0, moves what is in L1's memory. Each N repeats to the byte, with slightly other counts
# Exit codes: 0 pass, 1 fail or no verdict, 2 usage, 3 a part is not built, DIR is in use or can't be
# written, 4 skip, 124 timeout, 125 L1 hangs, 130 interrupted.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/../scripts/common.sh"
. "$here/machine.sh"

dir=
disk=
limit=${L1_LIMIT:-600}
window=${L1_HANG:-60}
observer=
shell=
variables=()
archives=()
flavour=$kver${L1_KERNEL:+-$L1_KERNEL}
lab=$build/lab/$flavour
lane=${LANE:-amd}
[[ ${L1_SEED:-0} =~ ^[0-9]{1,4}$ ]] || die 2 "L1_SEED=$L1_SEED must be a number below 10,000"

while [[ ${1-} == -* ]]; do
	case $1 in
	-o)	dir=${2-}; shift ;;
	-t)	limit=${2-}; shift ;;
	-e)	variables+=("${2-}"); shift ;;
	-a)	archives+=("${2-}"); shift ;;
	-d)	disk=${2-}; shift ;;
	-p)	observer=1 ;;
	-i | --shell) shell=1 ;;
	-h)	usage; exit ;;
	*)	usage >&2; exit 2 ;;
	esac
	shift || { usage >&2; exit 2; }
done
scenario=
if [[ -z $shell ]]; then
	scenario=${1-}
	[[ -n $scenario ]] || { usage >&2; exit 2; }
	shift
	[[ -n $dir ]] || dir=$build/lab/$(basename "$scenario" .sh)
	[[ $scenario == */* ]] || scenario=$here/l1/$scenario.sh
fi
for file in ${scenario:+"$scenario"} ${disk:+"$disk" "$lab/modules/nvdimm/nfit.ko"} "${archives[@]}" "$@" "$lab/l1.cpio" "$lab/vmlinux"; do
	[[ -f $file ]] || die 3 "$file is missing"
done

set -E
trap 'die 3 "what L1 boots, or where its logs go, can'"'"'t be written"' ERR
top=$(mktemp -d)
trap 'rm -rf "$top"' EXIT
tmp=$top/root
fill_second "$@"
{ cat "$lab/l1.cpio" "${archives[@]}"; pack_cpio "$tmp"; } > "$top/l1.cpio"
exec {archive}< "$top/l1.cpio"	# so that the emulator's command line has no path in $TMPDIR
initrd=/proc/self/fd/$archive
set_machine

if [[ -n $shell ]]; then
	trap - ERR
	"${machine[@]}" -chardev stdio,id=tty,signal=off -serial chardev:tty -serial null -serial null \
		-device isa-debug-exit,iobase=0xf4,iosize=4 || [[ $? -eq 33 ]]
	exit
fi

mkdir -p "$dir"
exec {lock}> "$dir/.lock"	# QEMU inherits the lock
flock -n "$lock" || die 3 "another run writes to $dir"
path=${dir//,/,,}
port=(-chardev "file,id=observer,path=$path/observer.log" -device isa-serial,chardev=observer,index=3,irq=5)
watch=$dir/host.log
[[ -n $observer ]] || port=() watch=$dir/console.log
rm -f "$dir/observer.log"
trap - ERR
"$here/qemu.sh" -o "$dir/serial.log" -t "$limit" -g "$window" -w "$watch" -- "${machine[@]}" \
	-chardev "file,id=console,path=$path/console.log" -serial chardev:console \
	-chardev "file,id=host,path=$path/host.log" -device isa-serial,chardev=host,index=2 \
	"${port[@]}" &
wait_for $!
exit "$status"
