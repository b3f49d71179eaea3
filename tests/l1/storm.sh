#!/bin/sh
# The self-test with four vCPUs. In its last part three of them exit without a pause. A busy machine may make the
# verdict worse, because clocks are real time here.

. /l1.sh
load_kvm patched exit_trace=1
run storm -kernel /files/bootexits.elf -append selftest -smp 4
unload_kvm
