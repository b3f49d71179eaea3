#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: prove tests/host/install.t       O=DIRECTORY: where the parts were built (default build)
#
# `make install-host' and `make uninstall-host' on a Debian 12 with DKMS, which is L1's user space. This takes some five
# minutes, as root. mmdebstrap makes the Debian once, in build/host. DKMS builds the modules in a chroot of it. All else
# runs in L1, where each step is also made to fail.
# Exit status: 0 all passed, 1 some failed.
set -uo pipefail
. "$(dirname "$0")/../lib/tap.sh"
. scripts/common.sh

version=$(release_version)
deb=$O/bootexits_${version}_amd64.deb
base=$O/host/base.tar
tree=$work/tree
include=dkms,linux-image-amd64,linux-headers-amd64,linux-source-6.1,kmod,xz-utils,patch,libjansson4,libelf1,make

make_base() {
	[[ -f $base ]] && return
	mkdir -p "$O/host" && debian_sources bookworm > "$work/sources.list" &&
		mmdebstrap --variant=minbase --mode=root --include="$include" --dpkgopt="path-exclude=/usr/share/doc/*" \
			--dpkgopt="path-exclude=/usr/share/man/*" --dpkgopt="path-exclude=/usr/share/locale/*" \
			bookworm "$base.new" "$work/sources.list" --format=tar && mv "$base.new" "$base"
}

in_host() {	# COMMAND...: run it in the Debian, with a /proc for DKMS that ends with it
	# shellcheck disable=SC2016 # the inner bash expands it
	unshare --mount bash -c 'mount -t proc proc "$0/proc" && exec chroot "$0" /usr/bin/env -i \
		PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root DEBIAN_FRONTEND=noninteractive "$@"' "$tree" "$@"
}

build_modules() {	# let DKMS build them into /root/built, and remove the package again
	mkdir "$tree" && tar -xf "$base" -C "$tree" && rm -f "$tree/etc/resolv.conf" &&
		cp "$deb" "$tree/root/" &&
		in_host dpkg -i "/root/${deb##*/}" &&
		in_host dkms build "bootexits-kvm/$version" -k "$release" &&
		cp -a "$tree/var/lib/dkms/bootexits-kvm" "$tree/root/built" && in_host dpkg -P bootexits
}

diagnose() {
	[[ -z ${logs-} ]] || grep -E '^(try|state)' "$logs/host.log"
}

# tried NAME STATUS SAYS: that step ended with STATUS and the message SAYS
tried() {
	grep -Eq "^try name=$1 status=$2 said=.*$3" "$logs/host.log"
	ok $? "$1: status $2, '$3'"
}

# is NAME KVM BOOT VERDICT: after that step KVM runs, the next boot loads BOOT, and a guest's payload gives VERDICT
is() {
	grep -q "^state after=$1 kvm=$2 boot=$3 guest=$4" "$logs/host.log"
	ok $? "$1: KVM is $2, the next boot's $3, and a guest runs"
}

says() {	# LINE: the host log has it
	check "$1" grep -Eq "^$1" "$logs/host.log"
}

check "mmdebstrap is there" scripts/packages.sh -d
check "a Debian with DKMS" make_base
release=$(tar -tf "$base" | sed -n 's|.*/lib/modules/\([^/]*\)/modules.dep$|\1|p')
check "its kernel is L1's" test "$release" = "$(lab/images/kernel.sh -p | cut -d ' ' -f 1)"
check "the package is made" scripts/deb.sh
check "DKMS builds the modules" build_modules
[[ -d $tree/root/built ]] || { sed 's/^/# /' "$tree/var/lib/dkms/bootexits-kvm/$version/build/make.log"; done_testing; }
modules=$tree/lib/modules/$release/kernel
truncate -s 1280M "$work/disk.img"
check "a disk is made of it" mke2fs -q -t ext4 -O ^has_journal -d "$tree" "$work/disk.img"
lab debian-host -t 3600 -d "$work/disk.img" "$root/tests/l1/debian-host.sh" "$O/bootexits.elf" \
	"$deb" Makefile "$modules/crypto/crc32c_generic.ko" "$modules/lib/crc16.ko" \
	"$modules"/fs/{mbcache,jbd2/jbd2,ext4/ext4}.ko

is start stock stock 4
tried headers 2 "not ready to build: headers: no linux-headers-$release"	# make's status
tried kernel 3 'not ready to build: kernel: 6.5.0-1-amd64: there are hooks for'
tried source 3 'not ready to build: source: linux-source-6.1 is 6.1.1-1, and'
tried vm 3 'not ready to load: vms: process [0-9]+ \(qemu-system-x86\) has KVM open'
says 'the VM goes on'
is refusals stock stock 4
tried build 1 "DKMS can't build the modules: .*; stock KVM is loaded"
is build stock stock 4
tried first 1 "kvm.ko doesn't load; stock KVM is loaded"
is first stock stock 4
tried second 1 "kvm-amd.ko doesn't load; stock KVM is loaded"
is second stock stock 4
tried files 1 "DKMS can't install the modules: .*; stock KVM is loaded"
is files stock stock 4
is none stock stock 4

tried install 0 'KVM can trace now; to go back to stock KVM: bootexits-host uninstall'
is install patched patched 4
is tracing patched patched 0
is boot patched patched 4
tried again 0 'KVM can trace now'
tried hook 0 ''
says 'hook said=bootexits: kernel 6.5.0-1-amd64 keeps its stock KVM: there are no hooks for 6.5'
says 'doctor status=0 This host traces on its own CPU'
tried half 1 "DKMS can't remove the modules, and nothing else was changed"
is half patched patched 4
tried uninstall 0 'stock KVM is loaded'
is uninstall stock stock 4
says 'left $'
is end stock stock 4

done_testing
