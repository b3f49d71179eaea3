#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: ksrc.sh [-h] DIR
#
# Builds KVM, and L1's kernel if it has to, from a kernel source tree of your own. With L1_KERNEL=ksrc, lab.sh boots it.
# DIR is only read: objects go to build/ksrc/. There is one L1 of this kind: a build of another tree replaces it.
#
# If DIR is Debian's source of KVER, and only KVM is changed, only KVM is built, and L1's kernel stays Debian's. All
# other trees are built whole, with a small configuration: lab/configs/base.config and ksrc.config. A first build takes
# minutes. After that, only what you have changed is compiled.
#
# Environment: KVER and L1_SUITE, see lab.sh, select what runs in L1 besides the kernel; O is the build directory.
# Exit codes: 0 built, 1 the tree does not build, 2 usage, 3 DIR is no clean kernel tree, or a part is not built.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/../../scripts/common.sh"

# The same tree must give the same bytes
fixed=(KBUILD_BUILD_TIMESTAMP=@0 KBUILD_BUILD_USER=bootexits KBUILD_BUILD_HOST=lab KBUILD_BUILD_VERSION=1 LOCALVERSION=)
configs=("$root"/lab/configs/{base,ksrc}.config)

make_linux() {	# ARGUMENT...
	PYTHONDONTWRITEBYTECODE=1 make -s -C "$tree" O="$objects" "${fixed[@]}" "$@" || die 1 "make $* fails in $tree"
}

check_clean() {
	local built

	for built in .config include/config arch/x86/include/generated; do
		[[ ! -e $tree/$built ]] ||
			die 3 "$tree has been built in ($built): give a clean tree, by make mrproper or git worktree add"
	done
}

configure() {	# a tree without one of ksrc.config's options can't be counted by BPF
	local line missing=

	{ cat "${configs[@]}" | grep -v CONFIG_DEBUG_INFO_NONE; make -s -C "$tree" kernelversion; } > "$tmp/config"
	! cmp -s "$tmp/config" "$objects/ksrc.config" || return 0
	make_linux tinyconfig > /dev/null
	grep -h CONFIG "$tmp/config" >> "$objects/.config"
	make_linux olddefconfig > /dev/null 2>&1
	while read -r line; do
		grep -qxF "$line" "$objects/.config" || missing+=" $line"
	done < <(grep -h ^CONFIG "${configs[1]}")
	[[ -z $missing ]] || die 1 "the configuration of $tree has no$missing"
	cp "$tmp/config" "$objects/ksrc.config"
}

# Prints what a trace says of the tree: its version, git's name of it, and a hash of what KVM is made of
identity() {
	local version name hash

	version=$(make -s -C "$tree" kernelversion)
	name=$(GIT_OPTIONAL_LOCKS=0 git -C "$tree" describe --always --tags --dirty 2> /dev/null) || name=
	[[ $(git -C "$tree" rev-parse --show-toplevel 2> /dev/null) == "$tree" ]] || name=
	hash=$(cd "$tree" && find arch/x86/{kvm,include} include/{kvm,linux/kvm*,uapi/linux/kvm*,trace/events/kvm*} virt -type f -print0 |
		LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum | cut -c 1-12)
	echo "$version${name:+ $name} kvm-$hash"
}

build_whole() {	# lays the files out as l1-image.sh does
	local module

	check_clean
	say "Linux of $tree, which takes minutes the first time"
	configure
	make_linux -j"${JOBS:-$(nproc)}" vmlinux modules
	mkdir -p "$tmp/out/modules/nvdimm"
	for module in virt/lib/irqbypass drivers/crypto/ccp/ccp arch/x86/kvm/kvm{,-amd,-intel}; do
		[[ -f $objects/$module.ko ]] || die 1 "$tree gives no module ${module##*/}.ko, which L1 loads"
		cp "$objects/$module.ko" "$stock/"
	done
	cp "$objects"/drivers/{nvdimm/{libnvdimm,nd_btt,nd_pmem},acpi/nfit/nfit}.ko "$tmp/out/modules/nvdimm/"
	strip --strip-debug "$stock"/*.ko "$tmp"/out/modules/nvdimm/*.ko
	objcopy --strip-debug "$objects/vmlinux" "$tmp/out/vmlinux"
	grep -v '^linux-' "$debian/lock" > "$tmp/out/lock"
}

[[ ${1-} != -h ]] || { usage; exit; }
[[ $# -eq 1 && $1 != -* ]] || { usage >&2; exit 2; }
tree=$(realpath -m -- "$1")
[[ -f $tree/Makefile && -d $tree/arch/x86/kvm && -f $tree/virt/kvm/kvm_main.c ]] ||
	die 3 "$tree is no source tree of Linux with KVM"
debian=$build/lab/$kver lab=$build/lab/$kver-ksrc
objects=$build/ksrc/$(sha256sum <<< "$tree" | cut -c 1-12)
for file in "$debian/l1.cpio" "$build/bootexits-bpf"; do
	[[ -f $file ]] || die 3 "$file is missing: make bpf"
done
{ mkdir -p "$lab" "$objects" && tmp=$(mktemp -d "$lab/tmp.XXXXXX"); } 2> /dev/null || die 3 "can't write to $lab"
trap 'rm -rf "$tmp"' EXIT
stock=$tmp/root/modules/stock
mkdir -p "$stock" "$tmp/bpf/bin" "$tmp/out"
status=0
"$here/ksrc-kvm.sh" "$tree" "$objects/kvm" || status=$?
case $status in
0)	cp "$objects"/kvm/*.ko "$stock/"
	cp -r "$debian"/{vmlinux,lock,modules} "$tmp/out/" ;;
4)	build_whole ;;
*)	exit $status ;;
esac
{ cat "$debian/l1.cpio"; pack_cpio "$tmp/root"; } > "$tmp/out/l1.cpio"
cp "$build/bootexits-bpf" "$tmp/bpf/bin/"
pack_cpio "$tmp/bpf" > "$tmp/out/bpf.cpio"
identity > "$tmp/out/ksrc"
rm -rf "$lab/modules"
mv "$tmp"/out/* "$lab/"
say "L1's KVM: $(cat "$lab/ksrc")"
