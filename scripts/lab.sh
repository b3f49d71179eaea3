#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: lab.sh [-o DIR] [-t SECONDS] [-e NAME=VALUE]... [-a ARCHIVE]... SCENARIO [FILE...]
#        lab.sh -i [FILE...]
#
# Boots L1 (Linux with KVM, in an emulated CPU that has SVM or VMX) and runs a scenario in
# it: scripts/l1/SCENARIO.sh, or a file of your own. It finds the FILEs in /files and, if they
# have been built, the patched KVM modules in /modules/patched. Two runs write the same bytes.
#
#   -o DIR         where the logs go, default build/lab/SCENARIO: console.log (L1's console),
#                  serial.log (L2's serial port), host.log (what L1's KVM counted)
#   -t SECONDS     give up after so much time of the emulator (qemu.sh), default L1_LIMIT=600
#   -e NAME=VALUE  a variable of the scenario
#   -a ARCHIVE     a cpio archive that L1's root has more
#   -d IMAGE       a disk, of whole 2 MiB: L1's load_disk makes it /dev/pmem0; what is written
#                  there is gone with L1, the file stays as it is
#   -p             a fourth port: what L1 writes to ttyS3 goes to DIR/observer.log
#   -i, --shell    an interactive shell in L1 instead of a scenario; time is real time then
#   -h             print this help
#
# Environment: LANE is amd, the default (SVM, by QEMU's TCG), or intel (VMX, by Bochs; no -d, no -i);
# KVER is the version of L1's kernel (6.1, 6.12), L1_SUITE the Debian of which all of L1 is (bookworm, trixie):
# given one, the other follows; else this machine's Debian says, 12: bookworm with 6.1, 13 and others: trixie with
# 6.12. L1_KERNEL=kasan selects what debug-kernel.sh has built so, L1_RAM its
# memory in MiB, default 1024; L1_CPU its CPU model, as QEMU's -cpu or Bochs's model has it; L1_CPUS its
# CPUs, default 1: more run side by side, in real time, and no two runs are the same; L1_ACCEL, default
# tcg, how: tcg,thread=single is in turns; QEMU the emulator, default build/qemu/qemu-system-x86_64 (make
# qemu) or, if that is not built, Debian's; L1_MHZ the Intel lane's instructions in a microsecond, default 1000.
# L1_HANG=60: it hangs if so many seconds of CPU time bring less than 3 of its own; 0: it never does. L1_SEED=N
# moves what is in L1's memory, default 0: each N repeats to the byte, and gives slightly other counts.
# Exit codes: 0 pass, 1 fail or no verdict, 2 usage, 3 a part is not built, DIR is in use or can't be
# written, 4 skip, 124 timeout, 125 L1 hangs, 130 interrupted.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/common.sh"
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
[[ ${L1_SEED:-0} =~ ^[0-9]{1,4}$ ]] || die 2 "L1_SEED=$L1_SEED is no number below 10,000"

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
exec {archive}< "$top/l1.cpio"	# the emulator is told no path that leads through $TMPDIR
initrd=/proc/self/fd/$archive
set_machine

if [[ -n $shell ]]; then
	trap - ERR
	"${machine[@]}" -chardev stdio,id=tty,signal=off -serial chardev:tty -serial null -serial null \
		-device isa-debug-exit,iobase=0xf4,iosize=4 || [[ $? -eq 33 ]]
	exit
fi

mkdir -p "$dir"
exec {lock}> "$dir/.lock"	# which QEMU inherits
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
