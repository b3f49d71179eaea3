#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: debug-kernel.sh [-h] NAME
#
# Builds a kernel for L1 that looks for its own faults, and KVM with the tracer for it. The source is Debian's
# package. The configuration is lab/configs/base.config and lab/configs/NAME.config. With L1_KERNEL=NAME, lab.sh
# boots it. A build takes ten minutes of two CPUs. Only another configuration builds the kernel again.
#
# Environment: KVER selects the source, see lab.sh; O is the build directory.
# Exit codes: 0 built or up to date, 1 it does not build, 2 usage, 3 a package is missing.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/../../scripts/common.sh"

make_linux() {	# ARGUMENT...
	make -s -C "$lab/linux" O= {KASAN,KCSAN}_SANITIZE_{enlighten,string}.o=n "$@" || die 1 "make $* fails in $lab/linux"
}

check_config() {	# fails if the kernel no longer has an option: otherwise nobody would notice
	local line missing=

	while read -r line; do
		grep -qxF "$line" "$lab/linux/.config" || missing+=" $line"
	done < <(grep -h ^CONFIG "${configs[@]}")
	[[ -z $missing ]] || die 1 "the kernel's configuration has no$missing"
}

build_kernel() {
	local source=$build/kernel/$kver/usr/src/linux-source-$kver.tar.xz

	[[ -e $source ]] || die 3 "$source is missing: make l1"
	say "Linux $kver with $name.config, which takes a while"
	if [[ ! -d $lab/linux ]]; then
		mkdir "$tmp/linux"
		tar -xf "$source" -C "$tmp/linux" --strip-components=1
		mv "$tmp/linux" "$lab/"
	fi
	make_linux tinyconfig > /dev/null
	cat "${configs[@]}" >> "$lab/linux/.config"
	make_linux olddefconfig 2> /dev/null
	check_config
	make_linux -j"${JOBS:-$(nproc)}" vmlinux modules
}

install_kernel() {	# lays the files out as l1-image.sh does. L1's root is the usual one, with other modules
	local stock=$tmp/root/modules/stock

	mkdir -p "$stock" "$lab/modules/nvdimm"
	cp "$lab"/linux/{arch/x86/kvm/{kvm,kvm-amd,kvm-intel},drivers/crypto/ccp/ccp,virt/lib/irqbypass}.ko "$stock/"
	cp "$lab"/linux/drivers/{nvdimm/{libnvdimm,nd_btt,nd_pmem},acpi/nfit/nfit}.ko "$lab/modules/nvdimm/"
	{ cat "$build/lab/$kver/l1.cpio"; pack_cpio "$tmp/root"; } > "$lab/l1.cpio"
	cp "$lab/linux/vmlinux" "$lab/vmlinux"
}

name=${1-}
[[ $name != -h ]] || { usage; exit; }
configs=("$root/lab/configs/base.config" "$root/lab/configs/$name.config")
[[ $# -eq 1 && -f ${configs[1]} ]] || { usage >&2; exit 2; }

lab=$build/lab/$kver-$name
[[ -f $build/lab/$kver/l1.cpio ]] || die 3 "$build/lab/$kver/l1.cpio is missing: make l1"
mkdir -p "$lab"
tmp=$(mktemp -d "$lab/tmp.XXXXXX")
trap 'rm -rf "$tmp"' EXIT
if [[ ! -f $lab/config ]] || ! cat "${configs[@]}" | cmp -s - "$lab/config"; then
	rm -rf "$lab/config" "$build/kvm/$kver-$name"
	build_kernel
	cat "${configs[@]}" > "$lab/config"
fi
install_kernel
make -s -C "$root/host-kvm" O="$build" D="$build/kvm/$kver-$name" HEADERS="$lab/linux" ||
	die 1 "KVM does not build for it"
