#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: prove tests/host/libvirt.t
#
# libvirt takes the domain of docs/host.md, and virt-install takes its command line.
set -uo pipefail
. "$(dirname "$0")/../lib/tap.sh"

if command -v virt-xml-validate > /dev/null; then
	check "the domain is valid" virt-xml-validate iso/libvirt.xml domain
	sed 's/<readonly/<readwrite/' iso/libvirt.xml > "$work/wrong.xml"
	virt-xml-validate "$work/wrong.xml" domain > "$work/output" 2>&1
	ok $(($? == 0)) "a wrong one is not"
else
	skip "the domain is valid" "no virt-xml-validate (libvirt-clients)"
fi

if command -v virt-install > /dev/null; then
	touch "$work/boot.iso"
	# shellcheck disable=SC2016 # a code fence
	sed -n '/^virt-install/,/^```/{ s/^virt-install/& --connect test:\/\/\/default --dry-run --print-xml 1/; /^```/d; p }' docs/host.md |
		sed "s|/usr/share/bootexits/bootexits.iso|$work/boot.iso|" > "$work/command"
	bash "$work/command" > "$work/domain.xml" 2> "$work/output"
	ok $? "virt-install takes the line"
	check "it boots the ISO" grep -q "<source file=\"$work/boot.iso\"/>" "$work/domain.xml"
	check "from its CD" grep -q '<boot dev="cdrom"/>' "$work/domain.xml"
	check "and has a serial port in a file" grep -q '<serial type="file">' "$work/domain.xml"
else
	skip "virt-install takes the line" "no virt-install (virtinst)"
fi

done_testing
