#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Runs a VMM that lab/vmm.sh has packed: /vmm.command starts it in /vmm. What it prints goes to L2's serial port. The
# records of its VM go to the fourth port. If the guest is the payload, and its own records are whole, these are all.
# Variables:
#   kvm    parameters of KVM's modules, as load_kvm takes them
#   host   patched or stock, as load_host takes it

. /l1.sh

# Once a second, the VMM's output goes to L0 in bulk. On a serial line it would take the VMM's time.
: > /tmp/output
exec 5< /tmp/output
while [ ! -e /tmp/ended ]; do
	sleep 1
	cat <&5
done > /dev/ttyS1 &
forwarder=$!

exec 8> /tmp/records
# shellcheck disable=SC2086 # one word per parameter
load_host ${kvm-}
: "${host:?is set by load_host}" "${l2_under:=bootexits-vmm -d 8 --}"
emit "run name=vmm kernel=$(uname -r) vendor=$(vendor_module)"
status=0
# shellcheck disable=SC2086
(cd /vmm && exec $l2_under sh /vmm.command) < /dev/null > /tmp/output 2>&1 3>&- || status=$?
exec 8>&-
touch /tmp/ended
wait $forwarder
cat <&5 > /dev/ttyS1
if [ "$host" != patched ] || ! grep -q '^bx [0-9]* end ' /tmp/output; then
	tr -d '\r' < /tmp/records > /dev/ttyS3
fi
emit "vmm status=$status"
unload_kvm
[ $status -eq 0 ] || exit 1
! grep -q ' verdict result=skip ' /tmp/records || exit 4
