#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# KVM's selftests, one after the other, on the KVM that $kvm names by load_kvm's arguments. Each test's output goes to
# L2's serial log, and its result to the host log.

. /l1.sh
limit=20	# seconds of L1's clock, in which each has so many instructions

# arguments NAME: print arguments that make it do less, if it would take minutes of L0's time
arguments() {
	case $1 in
	demand_paging_test | kvm_page_table_test) echo -b 64M ;;
	dirty_log_perf_test)	echo -b 64M -i 2 ;;
	dirty_log_test)		echo -M dirty-log -i 3 -I 2 ;;
	memslot_modification_stress_test) echo -b 64M -i 3 ;;
	memslot_perf_test)	echo -l 1 -s 64 -f 3 -e 4 ;;
	esac
}

outcome() {	# STATUS: print kselftest's word for it
	case $1 in
	0)	echo pass ;;
	4)	echo skip ;;
	124 | 143) echo timeout ;;
	*)	echo fail ;;
	esac
}

# shellcheck disable=SC2154,SC2086 # kvm is of the environment, and may be several words
load_kvm $kvm
chmod +x /files/*
for test in /files/*; do
	name=${test##*/} status=0 warned=''
	mark_run "$name"
	# shellcheck disable=SC2046 # it prints words
	timeout $limit "$test" $(arguments "$name") > /dev/ttyS1 2>&1 || status=$?
	dmesg_check || warned=+warned
	dmesg -c > /dev/null
	emit "peer $name $(outcome "$status")$warned $(cut -d ' ' -f 1 /proc/uptime)"
done
emit "peer end"
