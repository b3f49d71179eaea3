#!/bin/sh
# A million CPUIDs with random leaves and subleaves, under traced KVM.

. /l1.sh
load_kvm patched exit_trace=1
run fuzz -kernel /files/bootexits.elf -append fuzz=1000000
unload_kvm
