#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# perf kvm stat record and bootexits-bpf record one boot of the payload's ISO on Debian's own KVM, with two vCPUs.
# bootexits-bpf's records go to the host log. What `bootexits import' makes of perf.data goes to L0 by the fourth port.
# Then perf's text goes there, after a line "text".

. /l1.sh
. /configurations.sh
export LD_LIBRARY_PATH=/files

load_kvm stock
exec 8> /tmp/bpf
l2_under="bootexits-bpf -d 8 --"
watcher_start . perf kvm --host stat record -v -a -m 2048 -o /tmp/perf.data -e kvm:kvm_cpuid
verdict=0
l2 -smp 2 -cdrom /files/bootexits.iso -fw_cfg name=opt/org.bootexits/options,string="sync host-only" || verdict=$?
watcher_stop
emit "verdict $verdict lost $(perf_lost)"
tr -d '\r' < /tmp/bpf >&3
status=0
/files/bootexits import -o /tmp/trace /tmp/perf.data 2> /tmp/said || status=$?
emit "imported status=$status $(cat /tmp/said)"
cat /tmp/trace > /dev/ttyS3
echo text > /dev/ttyS3
perf script -i /tmp/perf.data > /dev/ttyS3
unload_kvm
