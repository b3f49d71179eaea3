#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Checks the lab itself: stock KVM loads and unloads, a guest runs in it, and all logs
# get their lines. L2 is SeaBIOS, which finds nothing to boot and reboots at once.

. /l1.sh
load_kvm stock
hist_start
emit "hello kernel=$(uname -r) vendor=$(vendor_module)"
status=0
l2 -chardev file,id=debug,path=/dev/ttyS1 -device isa-debugcon,iobase=0x402,chardev=debug \
	-boot reboot-timeout=1 || status=$?
hist_dump
unload_kvm
[ $status -eq 3 ]
