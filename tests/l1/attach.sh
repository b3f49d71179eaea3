#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Under Debian's own KVM, `bootexits record --attach' counts VMs that run: those of tests/l1/vmm/, and one of QEMU's.
# The host log gets what the VMMs read as KVM's counts. The traces go to L0 by the fourth port. Variable: cycles, how
# many VMs are attached to one after the other in the end (default 2).

. /l1.sh
: "${l2_cpu:?is not set; l2.sh sets it}"
export LD_LIBRARY_PATH=/files
ln -s /bin/bootexits-bpf /files/
evil=$(printf '\033[31mvm')	# the VMMs' name
ln -s /files/vmm "/tmp/$evil"

until_said() {	# FILE PATTERN [LEAST]: waits until at least LEAST (1) lines have it
	for _ in $(seq 600); do
		[ "$(grep -c "$2" "$1")" -lt "${3:-1}" ] || return 0
		sleep 0.1
	done
	emit "$1 does not say $2: $(cat "$1")"
	exit 1
}

vm() {	# NAME FD: starts a VM that obeys what is written to FD. $vm becomes its PID
	mkfifo "/tmp/$1.in"
	"/tmp/$evil" attached < "/tmp/$1.in" > "/tmp/$1.out" 2>&1 3>&- 5>&- 6>&- &
	vm=$!
	eval "exec $2> /tmp/$1.in"
	until_said "/tmp/$1.out" ^new
}

record() {	# NAME [OPTION] WHO: attaches, and waits until counting has begun. $recorder becomes the recorder's PID
	name=$1
	shift
	/files/bootexits record --attach -o "/tmp/$name.trace" "$@" 2> "/tmp/$name.said" 5>&- 6>&- &
	recorder=$!
	until_said "/tmp/$name.said" 'counted from now on'
}

recorded() {	# NAME PID: waits for a recording to end
	status=0
	wait "$2" || status=$?
	sed "s/^/$1 said: /" "/tmp/$1.said" >&3
	emit "$1 status=$status"
	cat "/tmp/$1.trace" >> /tmp/traces
}

refused() {	# NAME WHO: tries to attach. What it leaves is in the line of the status
	status=0
	/files/bootexits record --attach -o /tmp/refused "$2" 2> "/tmp/$1.said" || status=$?
	sed "s/^/$1 said: /" "/tmp/$1.said" >&3
	emit "$1 status=$status left=$(ls /tmp/refused* 2> /dev/null)"
}

counts() {	# RUN VM WORD: writes to the host log what that VM's VMM has read as KVM's counts, after that word
	sed -n "s/^$3 vcpu/$1 $3 vcpu/p" "/tmp/$2.out" >&3
}

load_kvm stock
emit "objects before: $(/files/vmm bpf-objects)"

# One VM is counted from its start. The other one has run, and one of its vCPUs runs without a pause.
vm one 5
record early "$vm"
early=$recorder
vm two 6
two=$vm
printf '%s\n' 'exits 0 1000' 'exits 2 77' 'start 1' 'rounds 1 5' 'say before' >&6
until_said /tmp/two.out ^before 3
record late "$two"
late=$recorder
emit "objects while: $(/files/vmm bpf-objects)"
refused several "$evil"
refused none nobody
refused other $$
printf '%s\n' 'exits 0 100' 'mark 0 16' 'exits 1 200' 'mark 0 32' 'exits 0 5' >&5
printf '%s\n' 'exits 0 500' 'mark 0 64' 'exits 0 20' 'say now' >&6
until_said /tmp/two.out ^now 3
kill -TERM "$late"
recorded late "$late"
printf '%s\n' 'say after' 'stop 1' 'say last' >&6
until_said /tmp/two.out ^last 3
for word in before now after last; do counts late two $word; done
exec 5>&-
recorded early "$early"
counts early one end

# It does not run, so KVM's count stays the same.
record idle --for=1 "$two"
recorded idle "$recorder"
emit "idle debugfs exits=$(cat /sys/kernel/debug/kvm/"$two"-*/exits)"

# It is killed while it runs.
record killed "$two"
printf '%s\n' 'exits 2 50' 'start 1' 'rounds 1 5' 'say run' >&6
until_said /tmp/two.out ^run 3
counts killed two run
kill -KILL "$two"
recorded killed "$recorder"
exec 6>&-

# QEMU waits with the guest's first instruction. The payload then marks its phases.
mkfifo /tmp/monitor.in /tmp/monitor.out
cat /tmp/monitor.out > /dev/null &
qemu-system-x86_64 -accel kvm -name guest=lab,debug-threads=on -cpu "$l2_cpu" -m 64 -nodefaults -display none -no-reboot -S \
	-device isa-debug-exit,iobase=0xf4,iosize=4 -kernel /files/bootexits.elf -append host-only \
	-chardev pipe,id=monitor,path=/tmp/monitor -mon chardev=monitor 3>&- &
sleep 3
record named lab
echo cont > /tmp/monitor.in
recorded named "$recorder"

# 100 VMs of one command, and some that are attached to one after the other
# shellcheck disable=SC2016
bootexits-bpf -d 8 -- sh -c 'for i in $(seq 100); do echo exits 0 1 | /files/vmm attached; done' 8> /tmp/hundred.bx > /tmp/hundred 2> /tmp/said
emit "hundred vms=$(grep -c '^new vcpu=0' /tmp/hundred) said: $(cat /tmp/said)"
for _ in $(seq "${cycles:=2}"); do
	vm many 6
	bootexits-bpf --attach "$vm" > /tmp/many.bx 2> /tmp/many.said 6>&- &
	until_said /tmp/many.said 'counted from now on'
	echo exits 0 20 >&6
	exec 6>&-
	wait $!
	rm /tmp/many.in
	emit "many $(tr -d '\r' < /tmp/many.bx | grep -c 'stat_exits .* ok=1 ') $(tr -d '\r' < /tmp/many.bx | grep ' verdict ')"
done
sleep 2
emit "objects after: $(/files/vmm bpf-objects)"
cat /tmp/traces > /dev/ttyS3
unload_kvm
