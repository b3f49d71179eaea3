#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: bpf-image.sh [-h]
#
# Builds build/lab/KVER/bpf.cpio. It adds to L1's root what counts by BPF programs: bootexits-bpf, and the
# patched KVM modules with BTF. The BTF is made of their debug information and of L1's kernel, so that the programs
# can attach to these modules, too. L1's usual modules stay without it, because BTF would change all of L1's counts.
# Give the image to lab.sh -a. If it is there already, nothing is done.
#
# Environment: KVER and L1_SUITE, see lab.sh; O is the build directory.
# Exit codes: 0 built or up to date, 2 usage, 3 a part is not built, or the image can't be written.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/../../scripts/common.sh"

only_help "$@"

lab=$build/lab/$kver
image=$lab/bpf.cpio
modules=("$build/kvm/$kver"/src/arch/x86/kvm/{kvm,kvm-"${LANE:-amd}"}.ko)
for file in "$build/bootexits-bpf" "$lab/vmlinux" "${modules[@]}"; do
	[[ -f $file ]] || die 3 "$file is missing: make bpf"
done
inputs=$(sha256sum "$build/bootexits-bpf" "$lab/vmlinux" "${modules[@]}" "${BASH_SOURCE[0]}" | cut -d ' ' -f 1)
[[ ! -f $image || $inputs != "$(cat "$image.inputs" 2> /dev/null)" ]] || exit 0

tmp=$(mktemp -d "$lab/tmp.XXXXXX" 2> /dev/null) || die 3 "can't write to $lab"
trap 'leave_image "$tmp" "$image"' EXIT
mkdir -p "$tmp"/root/{bin,modules/both}
cp "$build/bootexits-bpf" "$tmp/root/bin/"
for module in "${modules[@]}"; do
	cp "$module" "$tmp/root/modules/both/"
	LLVM_OBJCOPY=objcopy pahole -J --btf_gen_floats --btf_base "$lab/vmlinux" "$tmp/root/modules/both/${module##*/}"
done
strip --strip-debug "$tmp"/root/modules/both/*.ko
pack_cpio "$tmp/root" > "$tmp/cpio"
rm -f "$image.inputs"
mv "$tmp/cpio" "$image"
echo "$inputs" > "$image.inputs"
