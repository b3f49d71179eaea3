#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Boots the ISO under traced KVM. The host log gets KVM's own counters and a histogram of its tracepoint, to compare
# with the payload's records. Variables:
#   options  of the payload (default sync)
#   vcpus    (1)
#   kvm      parameters of KVM's modules, as load_kvm takes them
#   hist     (0) 1: the tracepoint counts as well. Its cost is then part of the cycles
#   host     patched, stock or both, as load_host takes it. bootexits-bpf's records go to the host log

. /l1.sh
exec 8> /tmp/bpf
# shellcheck disable=SC2086 # one word per parameter
load_host ${kvm-}
[ "${hist:=0}" = 0 ] || hist_start
emit "run name=boot kernel=$(uname -r) vendor=$(vendor_module) hist=$hist"
status=0
l2 -smp "${vcpus:=1}" -cdrom /files/bootexits.iso \
	-fw_cfg name=opt/org.bootexits/options,string="${options-sync}" || status=$?
tr -d '\r' < /tmp/bpf >&3
hist_dump
unload_kvm
exit $status
