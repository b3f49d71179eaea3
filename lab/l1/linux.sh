#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Boots the payload and then a Linux, under traced KVM, and traces it to its login prompt. COM1 is Linux's console. The
# observer prints to a debug console. If there is no observer, bootexits-init prints there. Variables:
#   options   of the payload (default sync)
#   vcpus     (2) the observer's included
#   ram       (256) in MiB
#   args      more arguments for QEMU
#   machine   (pc) QEMU's -machine
#   firmware  qboot or ovmf; default SeaBIOS
#   disk      virtio, ide or mmio: how L2 gets the disk of lab.sh -d
#   cd        ahci or virtio: how L2 gets the ISO; default QEMU's -cdrom
#   direct    Linux's command line. If it is set, there is no ISO: -kernel takes /files/vmlinuz and /files/initrd.gz
#   kvm       parameters of KVM's modules, as load_kvm takes them
#   hist      (0) 1: the tracepoint counts as well
#   host      patched, stock or both, as load_host takes it. bootexits-bpf's records take the place of the observer's
#             (stock), or go to the host log (both)
#   probe     a FILE with the functions probe_start and probe_stop

. /l1.sh
: "${console_port:?is of the environment}"

# Once a second, the observer's records go from RAM to L0 in bulk. QEMU writes them byte by byte. On a serial line of
# L1 that would take L1's time, and so L2's.
: > /tmp/observer
exec 5< /tmp/observer
while [ ! -e /tmp/ended ]; do
	sleep 1
	cat <&5
done > /dev/ttyS3 &
forwarder=$!

[ -z "${disk-}" ] || load_disk
exec 8>> /tmp/"$([ "${host-}" = stock ] && echo observer || echo bpf)"
[ "${host-}" = stock ] || kvm="exit_trace_induced=1 ${kvm-}"
# shellcheck disable=SC2086 # one word per parameter
load_host ${kvm-}
[ "${hist:=0}" = 0 ] || hist_start
# shellcheck disable=SC1090
[ -z "${probe-}" ] || { . "/files/$probe"; probe_start; }
emit "run name=linux kernel=$(uname -r) vendor=$(vendor_module) hist=$hist"
set -- -machine "${machine:=pc}" -smp "${vcpus:=2}" -m "${ram:=256}"
case ${firmware:=seabios} in
qboot)	set -- "$@" -bios /usr/share/qemu/qboot.rom ;;
ovmf)	set -- "$@" -drive if=pflash,format=raw,readonly=on,file=/usr/share/OVMF/OVMF_CODE_4M.fd ;;
esac
if [ -n "${direct-}" ]; then
	set -- "$@" -kernel /files/bootexits.elf -initrd "/files/vmlinuz $direct,/files/initrd.gz"
else
	set -- "$@" -boot d
	case ${cd:=default} in
	default) set -- "$@" -cdrom /files/*.iso ;;
	*)	set -- "$@" -drive if=none,id=cd,media=cdrom,readonly=on,file="$(echo /files/*.iso)" ;;
	esac
	case $cd in
	ahci)	set -- "$@" -device ahci,id=ahci -device ide-cd,bus=ahci.0,drive=cd ;;
	virtio)	set -- "$@" -device virtio-scsi-pci -device scsi-cd,drive=cd ;;
	esac
fi
case ${disk-} in
mmio)	set -- "$@" -device virtio-blk-device,drive=disk; disk=none ;;
esac
[ -z "${disk-}" ] ||
	set -- "$@" -drive file=/dev/pmem0,format=raw,cache.direct=on,cache.no-flush=on,id=disk,if="$disk"
status=0
# shellcheck disable=SC2086 # one word per argument
l2 "$@" ${args-} -chardev file,id=observer,path=/tmp/observer \
	-device isa-debugcon,iobase="$console_port",chardev=observer \
	-fw_cfg name=opt/org.bootexits/options,string="${options-sync}" || status=$?
[ -z "${probe-}" ] || probe_stop
touch /tmp/ended
wait $forwarder
[ "$host" != both ] || tr -d '\r' < /tmp/bpf >&3
hist_dump
unload_kvm
exit $status
