#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: ksrc-kvm.sh [-h] DIR FOLDER
#
# Builds only KVM's modules from a kernel source tree of your own, for Debian's kernel KVER. FOLDER gets kvm.ko,
# kvm-amd.ko and kvm-intel.ko, with BTF. That is right if DIR is Debian's source of that version, and you have changed
# nothing but KVM: otherwise the status is 4. DIR is only read.
#
# Environment: KVER and L1_SUITE, see lab.sh; O is the build directory.
# Exit codes: 0 built, 1 KVM does not build, 2 usage, 3 a part is missing, 4 DIR is another kernel, or has other changes.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/../../scripts/common.sh"

# What is KVM's, below DIR
kvm='(arch/x86/kvm|arch/x86/include/(uapi/)?asm/(kvm|svm|vmx|hyperv|pvclock)[^/]*|virt/kvm|include/(uapi/)?linux/kvm[^/]*|include/kvm|include/trace/events/kvm[^/]*|tools|Documentation|MAINTAINERS|\.git)'

# Have files been changed that are not KVM's? A tree that was compared before needs only a look at the times of change.
# They can't be set, unlike those of the contents.
others_changed() {
	local known=$folder/compared

	if [[ ! -f $known ]] || find "$tree" -regextype posix-extended -cnewer "$known" -type f \
		! -regex "$tree/$kvm(/.*)?" -print -quit | grep -q .; then
		touch "$folder/compared.new"
		ln -sfn "$tree" "$folder/linux-source-$kver"
		tar --compare -f "$tarball" -C "$folder" 2>&1 | sed -nE "s/^(tar: )?linux-source-$kver\/([^:]*): (Contents differ|Size differs|Symlink differs|Warning: Cannot stat.*)/\2/p" |
			grep -vE "^$kvm(/|\$)" > "$folder/others" || :
		mv "$folder/compared.new" "$known"
	fi
	[[ -s $folder/others ]]
}

copy_source() {
	rm -rf "$src" "$folder/inputs"
	mkdir -p "$src"
	(cd "$tree" && cp -r --parents -t "$src" "${parts[@]}")
	# The headers package lacks these two folders, so use our copies
	# shellcheck disable=SC2016 # make expands it
	sed -i -e 's|\$(srctree)/virt/kvm/Makefile.kvm|$(src)/../../../virt/kvm/Makefile.kvm|' \
		-e 's|-I \$(srctree)/arch/x86/kvm|-I $(src)|' "$src/arch/x86/kvm/Makefile"
}

build_modules() {
	local maps="-ffile-prefix-map=$src/= -fdebug-prefix-map=${headers%/*}/="

	make -s -C "$headers" O= M="$src/arch/x86/kvm" -j"${JOBS:-$(nproc)}" --no-print-directory \
		NOSTDINC_FLAGS="-nostdinc -I$src/arch/x86/include -I$src/arch/x86/include/uapi -I$src/include -I$src/include/uapi -I$src/virt/kvm" \
		KCFLAGS="$maps" KAFLAGS="$maps" CONFIG_DEBUG_INFO_BTF_MODULES= modules || die 1 "KVM of $tree does not build"
	for module in kvm kvm-amd kvm-intel; do
		LLVM_OBJCOPY=objcopy pahole -J --btf_gen_floats --btf_base "$build/lab/$kver/vmlinux" "$src/arch/x86/kvm/$module.ko"
		cp "$src/arch/x86/kvm/$module.ko" "$folder/"
	done
	strip --strip-debug "$folder"/*.ko
}

[[ ${1-} != -h ]] || { usage; exit; }
[[ $# -eq 2 && $1 != -* ]] || { usage >&2; exit 2; }
tree=$(realpath -m -- "$1") folder=$(realpath -m -- "$2")
src=$folder/src
tarball=$build/kernel/$kver/usr/src/linux-source-$kver.tar.xz
read -r release _ < "$build/kernel/$kver/release" || die 3 "no kernel $kver in $build: make l1"
headers=$build/kernel/$kver/usr/src/linux-headers-$release
[[ $(make -s -C "$tree" kernelversion) == "$(make -s -C "$headers" kernelversion)" ]] || exit 4
mkdir -p "$folder" 2> /dev/null || die 3 "can't write to $folder"
! others_changed || exit 4
cd "$tree"
parts=(arch/x86/{kvm,include} virt include/{kvm,{,uapi/}linux/kvm*,trace/events/kvm*})
inputs=$(cat "$build/kernel/$kver/release"; sha256sum < "$here/${0##*/}"; find "${parts[@]}" -type f -exec sha256sum {} + | LC_ALL=C sort | sha256sum)
[[ $inputs != "$(cat "$folder/inputs" 2> /dev/null)" ]] || exit 0
copy_source
build_modules
echo "$inputs" > "$folder/inputs"
