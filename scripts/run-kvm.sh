#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: run-kvm.sh [-o TRACE] [-d DISK] [-v VCPUS] [-m MIB] ISO
#
# Boots an ISO of the payload under this host's own KVM, and prints the table of its exits. KVM must be the patched
# one, with tracing on. `make run ACCEL=kvm` calls this. There is no lab and no L1.
#
#   -o TRACE   where the trace goes, default bootexits.trace
#   -d DISK    an image that the guest gets as a virtio disk. It is not changed
#   -v VCPUS   vCPUs, the observer's included, default 2
#   -m MIB     the guest's memory, default 256
#   -h         print this help
#
# Exit codes: those of `bootexits record' and `report'; 2 usage, 3 this host is not ready, with the reason.
set -euo pipefail

. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

trace=bootexits.trace
vcpus=2
memory=256
disk=()
while getopts o:d:v:m:h option; do
	case $option in
	o)	trace=$OPTARG ;;
	d)	disk=(-drive "if=virtio,format=raw,snapshot=on,file=${OPTARG//,/,,}") ;;
	v)	vcpus=$OPTARG ;;
	m)	memory=$OPTARG ;;
	h)	usage; exit ;;
	*)	usage >&2; exit 2 ;;
	esac
done
shift $((OPTIND - 1))
[[ $# -eq 1 ]] || { usage >&2; exit 2; }
[[ -x $build/bootexits ]] || die 3 "$build/bootexits is missing: make tools"
"$build/bootexits" doctor --ready=run
"$build/bootexits" record -o "$trace" -- qemu-system-x86_64 -accel kvm -cpu host -smp "$vcpus" -m "$memory" \
	-nodefaults -display none -no-reboot -boot d -cdrom "$1" "${disk[@]}"
exec "$build/bootexits" --no-pager report "$trace"
