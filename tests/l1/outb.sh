#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The payload by -kernel, under traced KVM. Variable: outb, the number of additional port writes.

. /l1.sh
load_kvm patched exit_trace=1
status=0
l2 -kernel /files/bootexits.elf -append "sync outb=${outb:?is not set; use lab.sh -e}" || status=$?
unload_kvm
exit $status
