#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The tracer and perf measure one boot of a Linux, up to the guest's pause. The VM ends there. The host log gets these
# lines, with underscores for the blanks of a reason:
#   tracer REASON EXITS KVM USER IDLE PREEMPTED  the tracer's own, from debugfs
#   report REASON EXITS                          from perf kvm stat report
#   events REASON EXITS TICKS USER TRIPS         from perf's events: the ticks from exit to entry, those of them between
#                                                kvm_userspace_exit and the next ioctl KVM_RUN, and how often that was
#   lost EVENTS                                  the events that perf lost
# What `bootexits import' makes of perf.data goes to L0 by the fourth port.

. /l1.sh
. /configurations.sh
KVM_RUN=0xae80

# shellcheck disable=SC2034 # l2.sh reads them
at_pause=read_tracer after_pause=quit
read_tracer() {
	awk '$NF ~ /^[0-9]+$/ && NF > 5 && $1 != "total" {
		name = $1
		for (i = 2; i < NF - 4; i++) name = name "_" $i
		print "tracer", name, $(NF - 4), $(NF - 3), $(NF - 2), $(NF - 1), $NF
	}' /sys/kernel/debug/kvm/*/exit_trace/reasons >&3
}

configure on
watcher_start . perf kvm --host stat record -v -a -m 8192 -o /tmp/perf.data \
	-e kvm:kvm_userspace_exit -e syscalls:sys_enter_ioctl --filter "cmd == $KVM_RUN"
run perf -m 256 -boot d -cdrom /files/linux.iso
watcher_stop
emit "lost $(perf_lost)"
LD_LIBRARY_PATH=/files /files/bootexits import -o /tmp/trace /tmp/perf.data 2>&3
cat /tmp/trace > /dev/ttyS3
perf kvm --host -i /tmp/perf.data stat report 2>&1 | awk '/%.*us / {	# perf prints its table on standard error
		name = $1
		for (i = 2; $(i + 1) !~ /%$/; i++) name = name "_" $i
		print "report", name, $i
	}' >&3
perf script -i /tmp/perf.data --ns -F time,event,trace 2> /dev/null | awk '
	{ split($1, at, "[.:]"); now = at[1] * 1000000000 + ("1" at[2]) - 1000000000 }	# 0123 would be octal
	$2 == "kvm:kvm_exit:" {
		for (i = 3; $i != "reason"; i++);
		reason = $++i
		while ($++i != "rip") reason = reason "_" $i
		began = now; user = trips = 0
	}
	$2 == "kvm:kvm_userspace_exit:" { left = now }
	/sys_enter_ioctl/ && left { user += now - left; trips++; left = 0 }
	$2 == "kvm:kvm_entry:" && began {
		n[reason]++; ticks[reason] += now - began; users[reason] += user; all[reason] += trips; began = 0
	}
	END { for (reason in n) print "events", reason, n[reason], ticks[reason], users[reason], all[reason] }' | sort >&3
unload_kvm
