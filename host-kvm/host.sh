#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# usage: bootexits-host install | uninstall | load DIR | unload | -h
#
# Replaces this host's KVM by the one with the exit tracer, and undoes it. Run it on the host, as root.
#
#   install    build the modules by DKMS for the running kernel, and load them now and at each boot. If you
#              install a new kernel, DKMS builds them for it
#   uninstall  load the stock modules, now and at each boot
#   load DIR   load kvm.ko and this CPU's kvm-amd.ko or kvm-intel.ko from DIR, until the next boot
#   unload     load the modules that modprobe finds
#
# If a VM runs, or `bootexits doctor` says that it wouldn't work, nothing is changed. If building or loading
# fails, the stock modules are loaded again. Environment: BOOTEXITS, the program.
# Exit codes: 0 done; 1 it failed, and the stock KVM is loaded unless the message says otherwise; 2 usage;
# 3 refused, and nothing was changed.
set -eu

program=${BOOTEXITS:-bootexits}
vendor=kvm_amd
grep -q '^flags.* svm' /proc/cpuinfo || vendor=kvm_intel

die() {	# STATUS MESSAGE
	echo "bootexits-host: $2" >&2
	exit "$1"
}

usage() {
	sed -n '/^# usage/,/^[^#]/s/^# \{0,1\}//p' "$0"
}

ready() {	# WHAT...: refuses if it wouldn't work
	for what; do "$program" doctor --ready="$what" || exit 3; done
}

insert() {	# FILE MODULE: loads FILE with the options that modprobe would give to MODULE
	# shellcheck disable=SC2046 # one word per option
	insmod "$1" $(modprobe -c 2> /dev/null | sed -n "s/^options $2 //p")
}

take_out() {
	[ ! -d "/sys/module/$vendor" ] || rmmod "$vendor" || return
	[ ! -d /sys/module/kvm ] || rmmod kvm
}

patched_at_boot() {
	modinfo -F parm kvm 2> /dev/null | grep -q '^exit_trace:'
}

forget() {	# removes our modules from DKMS, which may end with 0 without having done so
	[ ! -d "$tree" ] || dkms remove "$id" --all > "$log" 2>&1 || return
	! patched_at_boot
}

by_modprobe() {
	take_out || :
	modprobe "$vendor" && [ -c /dev/kvm ]
}

# back MESSAGE: after a failure, loads the stock modules again
back() {
	{ forget && by_modprobe; } || die 1 "$1; the stock $vendor doesn't load either: remove $id from DKMS, and reboot"
	die 1 "$1; stock KVM is loaded"
}

complaint() {	# prints DKMS's error, and where its whole log is
	cat "$tree/build/make.log" "$log" > $kept 2> /dev/null || :
	echo "$(grep -m 1 -i error $kept || tail -n 1 $kept) ($kept)"
}

file_of() {	# DIR NAME: prints that module's path, packed or not
	for file in "$1/$2.ko" "$1/$2.ko.xz" "$1/$2.ko.zst"; do
		[ ! -e "$file" ] || { echo "$file"; return; }
	done
	die 3 "there is no $2.ko in $1"
}

# Loads the stock module first. If it doesn't load, there would be no way back. It also loads what KVM depends on.
load() {	# DIR
	kvm=$(file_of "$1" kvm)
	ours=$(file_of "$1" "$(echo "$vendor" | tr _ -)")
	modprobe "$vendor" || die 3 "the stock $vendor doesn't load: there would be no way back"
	trap '' INT TERM HUP
	take_out || back "KVM's modules can't be unloaded"
	insert "$kvm" kvm || back "$kvm doesn't load"
	insert "$ours" "$vendor" || back "$ours doesn't load"
	[ -e /sys/module/kvm/parameters/exit_trace ] || back "$kvm has no exit tracer"
}

install() {
	ready build load
	[ -d "$tree/$(uname -r)" ] || dkms build "$id" -k "$(uname -r)" > "$log" 2>&1 ||
		back "DKMS can't build the modules: $(complaint)"
	ready load	# again, because the build took minutes
	load "$(echo "$tree/$(uname -r)"/*/module)"
	dkms install "$id" -k "$(uname -r)" --force > "$log" 2>&1 || :	# its status is also 0 if it could not write a module
	patched_at_boot || back "DKMS can't install the modules: $(complaint)"
	die 0 "KVM can trace now; to go back to stock KVM: bootexits-host uninstall"
}

uninstall() {
	ready load
	trap '' INT TERM HUP
	forget || die 1 "DKMS can't remove the modules, and nothing else was changed: $(complaint)"
	by_modprobe || die 1 "the stock $vendor doesn't load: reboot"
	die 0 "stock KVM is loaded"
}

id=bootexits-kvm/$("$program" --version | cut -d ' ' -f 2)
tree=/var/lib/dkms/$id kept=/var/log/bootexits-host.log
log=$(mktemp)
trap 'rm -f "$log"' EXIT
case ${1-}:$# in
install:1 | uninstall:1) "$1" ;;
load:2)	ready load; load "$2" ;;
unload:1) ready load; by_modprobe || die 1 "the stock $vendor doesn't load: reboot" ;;
-h:1)	usage ;;
*)	usage >&2; exit 2 ;;
esac
