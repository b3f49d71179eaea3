#!/bin/sh
# The self-test with four vCPUs; its last part has three of them exit without a pause. The
# verdict may suffer from a busy machine: its clocks are real time here.

. /l1.sh
load_kvm patched exit_trace=1
run storm -kernel /files/bootexits.elf -append selftest -smp 4
unload_kvm
