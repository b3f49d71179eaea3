#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: prove tests/host/host.t            O=DIRECTORY: where the parts were built (default build)
#
# L1 as a real host. The script for real hosts changes its KVM from stock to patched and back. If a step fails, stock
# KVM is there again and runs a guest. If the script refuses, it changes nothing. `bootexits doctor' is right in each
# state. run-kvm.sh traces a boot without the lab. tests/host/install.t tests DKMS.
set -uo pipefail
. "$(dirname "$0")/../lib/tap.sh"

mapfile -t libraries < <(ldd "$O/bootexits" /bin/bash | sed -n 's/.*\(jansson\|tinfo\).* => \([^ ]*\).*/\2/p')
lab host -p "$root/tests/l1/host.sh" "$O/bootexits" "$O/bootexits.elf" "$O/bootexits.iso" \
	host-kvm/host.sh scripts/{run-kvm,common}.sh /bin/bash "${libraries[@]}"

diagnose() {
	grep -E '^(try|state)' "$logs/host.log"
}

# tried NAME STATUS SAYS: that step ended with STATUS and the message SAYS
tried() {
	grep -Eq "^try name=$1 status=$2 said=.*$3" "$logs/host.log"
	ok $? "$1: status $2, '$3'"
}

# is NAME KVM VERDICT: after that step this KVM is there, and the payload gives VERDICT in its guest
is() {
	grep -q "^state after=$1 kvm=$2 guest=$3" "$logs/host.log"
	ok $? "$1: KVM is $2, and a guest runs in it"
}

# fails NAME SAYS: that step fails with SAYS, and stock KVM is there
fails() {
	tried "$1" 1 "$2; stock KVM is loaded$"
	is "$1" stock 4
}

is start stock 4
tried vm 3 'not ready to load: vms: process [0-9]+ \(qemu-system-x86\) has KVM open'
tried vm-unload 3 'has KVM open'
check "the VM goes on" grep -q '^the VM goes on' "$logs/host.log"
is beside-a-vm stock 4
fails first-fails '/broken/kvm.ko doesn.t load'
fails second-fails '/second/kvm-amd.ko doesn.t load'
fails no-tracer '/stock/kvm.ko has no exit tracer'
tried one-is-missing 3 'there is no kvm-amd.ko in /tmp/none'
tried cannot-build 3 'not ready to build: headers: no linux-headers-'
tried run-on-stock 3 'not ready to run: modules: kvm and kvm_amd are stock'
is refusals stock 4

tried load 0 ''
is load patched 4
tried run-while-off 3 'not ready to run: tracing: it is off'
is tracing patched 0
tried run 0 'equal to the unit$'
awk '/^\{"trace":/,0' <(tr -d '\r' < "$logs/observer.log") > "$work/trace"
check "run-kvm.sh: the trace is whole" "$O/bootexits" check "$work/trace"
fails second-fails-again '/second/kvm-amd.ko doesn.t load'
is load-again patched 4
tried unload 0 ''
is unload stock 4
tried no-way-back 3 'the stock kvm_amd doesn.t load: there would be no way back'

# finds NAME STATUS LINE...: after that step the doctor ends with STATUS and prints LINEs
finds() {
	local line

	check "doctor, $1: status $2" grep -q "^doctor name=$1 status=$2" "$logs/host.log"
	for line in "${@:3}"; do
		check "doctor, $1: $line" grep -Eq "^doctor $1 $line" "$logs/host.log"
	done
}

finds unloaded 3 'ok +cpu +the CPU has SVM' '\? +nested' 'no +modules +kvm_amd is not loaded' 'no +device' \
	"This host can't trace"
finds stock 3 '- +nested +guests may' 'no +modules .*are stock' '\? +tracing' 'ok +device' 'ok +vms +no VM runs'
finds patched 0 'ok +modules .*are patched' '- +tracing +it is off' 'This host traces on its own CPU'
finds tracing 0 'ok +tracing +it is on'
finds stock-again 3 'no +modules .*are stock'

done_testing
