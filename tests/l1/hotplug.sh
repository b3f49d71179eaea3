#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# A guest asks for a second CPU, gives it back, and asks again, by the letters p, u and p on its debug console. At the
# letter s it is stopped, and the host's counts of each vCPU go to the host log.

. /l1.sh
: "${console_port:?is not set; use lab.sh -e}" "${l2_cpu:?is not set; l2.sh sets it}"

tell() {	# COMMAND [ARGUMENTS]: send it to L2's monitor; qmp_serve reads the answers
	echo "{\"execute\":\"$1\"${2:+,\"arguments\":$2}}" > /tmp/qmp.in
}

look() {
	tell stop
	sleep 0.2
	emit "stopped exits=$(debugfs_exits)"
	sed -n 's/^\([0-9]*\) sum \([0-9]*\) .*/stopped vcpu=\1 exits=\2/p' /sys/kernel/debug/kvm/*/exit_trace/counters >&3
	tell cont
}

answer() {	# do what the letters ask, until the guest has ended
	done=0
	while [ ! -e /tmp/ended ]; do
		sleep 0.2
		letters=$(cat /tmp/observer)
		[ ${#letters} -gt "$done" ] || continue
		done=${#letters}
		case $letters in
		*p)	tell device_add '{"driver":"host-x86_64-cpu","id":"second","socket-id":1,"core-id":0,"thread-id":0}' ;;
		*u)	tell device_del '{"id":"second"}' ;;
		*s)	look ;;
		esac
	done
}

load_kvm patched exit_trace=1
: > /tmp/observer
answer &
run hotplug -smp 1,maxcpus=2,sockets=2,cores=1,threads=1 -m 256 -kernel /files/vmlinuz -initrd /files/guest.cpio \
	-append "console=ttyS0 quiet printk.time=0 printk.devkmsg=on panic=-1 nokaslr norandmaps tsc=reliable console_port=$((console_port))" \
	-chardev file,id=observer,path=/tmp/observer -device isa-debugcon,iobase="$console_port",chardev=observer
touch /tmp/ended
wait
unload_kvm
