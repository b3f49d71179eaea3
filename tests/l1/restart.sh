#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# L1's TSC is set back while a VMM of our own runs.

. /l1.sh
# shellcheck disable=SC1091
. /files/vmm.sh

insmod /files/msr.ko
load_kvm patched exit_trace=1 exit_trace_histogram=1
vmm restart restart
unload_kvm
