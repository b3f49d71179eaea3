#!/bin/sh
# Under traced KVM: the tests of exact counts, then an entry that fails, then switching while guests run.

. /l1.sh
switch=/sys/module/kvm/parameters/exit_trace

load_kvm patched exit_trace=1
run selftest -kernel /files/bootexits.elf -append selftest
run selftest-2-vcpus -kernel /files/bootexits.elf -append selftest -smp 2
emit "$(/files/badentry 0xffffffff)"	# SVM_EXIT_ERR

# Tracing is switched on while a VM runs, in SeaBIOS.
echo 0 > $switch
mark_run switched-on
{
	until [ "$(debugfs_exits 2> /dev/null)" -gt 300 ] 2> /dev/null; do
		sleep 0.001
	done
	echo 1 > $switch
} &
l2 -kernel /files/bootexits.elf -append sync || emit "verdict run=switched-on status=$?"

# Off and on again under a guest that reads all it can. Its verdict does not matter.
mark_run switched-often
{
	for i in 1 2 3 4 5 6 7 8 9 10; do
		sleep 0.05
		echo 0 > $switch
		sleep 0.01
		echo 1 > $switch
	done
	emit "switched to $(cat $switch) after $i times"
} &
l2 -kernel /files/bootexits.elf -append fuzz=60000 -smp 2 || :
wait

run again -kernel /files/bootexits.elf
unload_kvm
