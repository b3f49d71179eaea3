#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: kernel.sh [-p | -u] [-h]
#
# Unpacks the packages of Debian's kernel KVER under build/kernel/KVER. Nothing is installed. There you find
#   vmlinuz                           a link to its image, which has no signature
#   lib/modules/RELEASE               the modules that L1 can load
#   usr/src/linux-source-KVER.tar.xz  the source
#   usr/src/linux-headers-RELEASE     the headers to build modules with
#   release                           "RELEASE VERSION"
#   lock                              "NAME VERSION SHA256" of each package. The image's hash is vmlinuz's
#
# Source, headers and image must have the same VERSION, or modules would not load. The newest such version is
# chosen. A kernel that is there already stays.
#
#   -p  print `release`; fetch nothing
#   -u  take a newer kernel, if the archive has one
#
# Environment: KVER and L1_SUITE, see lab.sh; L1_SOURCES, see archive.sh; O is the build directory.
# Exit codes: 0 there, 2 usage, 3 the archive has no whole kernel KVER, or can't be read.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/../../scripts/common.sh"

dir=$build/kernel/$kver
# The modules that L1 loads, below lib/modules/RELEASE/kernel
wanted='\;/kernel/\(virt/lib\|drivers/crypto/ccp\|arch/x86/kvm\|arch/x86/kernel\|drivers/nvdimm\|drivers/acpi/nfit\)/.;p'

add_first() {	# VERSION NAME...: adds the first of these that $listed has to packages[]
	local name

	for name in "${@:2}"; do
		! grep -qxF "$name $1" <<< "$listed" || { packages+=("$name=$1"); return; }
	done
	return 1
}

# whole RELEASE VERSION: are all packages of that kernel listed? A signed image is the same kernel as an unsigned one.
# From 7.0 on the image is in linux-binary-*, and its modules are in linux-modules-*.
whole() {
	local short=${1%-amd64}

	packages=()
	add_first "$2" "linux-source-$kver" && add_first "$2" "linux-headers-$1" && add_first "$2" "linux-headers-$short-common" &&
		add_first "$2" "linux-kbuild-$short" "linux-kbuild-$kver" || return
	if grep -qE "^linux-(modules|binary|binary-unsigned)-${1//+/\\+} " <<< "$listed"; then
		add_first "$2" "linux-modules-$1" && add_first "$2" "linux-binary-unsigned-$1" "linux-binary-$1"
	else
		add_first "$2" "linux-image-$1-unsigned" "linux-image-$1"
	fi
}

choose() {	# sets release, version and packages[] to those of the newest version that is whole
	local names releases candidates others

	names=$("$here/archive.sh" names "linux-headers-$kver.") || exit 3
	mapfile -t releases < <(sed -nE "s/^linux-headers-(${kver//./\\.}\.[0-9]+(-[0-9]+|\+[a-z0-9.]+)-amd64)$/\1/p" <<< "$names" | sort -rV)
	candidates=("linux-source-$kver" "linux-kbuild-$kver")
	for release in "${releases[@]}"; do
		candidates+=("linux-headers-$release" "linux-headers-${release%-amd64}-common" "linux-kbuild-${release%-amd64}"
			linux-{image,modules,binary,binary-unsigned}-"$release" "linux-image-$release-unsigned")
	done
	listed=$("$here/archive.sh" versions "${candidates[@]}") || exit 3
	while read -r version; do
		for release in "${releases[@]}"; do
			! whole "$release" "$version" || return 0
		done
	done < <(sed -n "s/^linux-source-$kver //p" <<< "$listed")
	others=$("$here/archive.sh" names linux-source- | sed -n 's/^linux-source-\([0-9]\)/\1/p' | sort -V | paste -sd ' ')
	die 3 "$l1_suite has no kernel $kver whose source, headers and image are of one version; it has source of: ${others:-none} (KVER=, L1_SUITE=)"
}

unpack() {
	local deb

	for deb in "$tmp"/*.deb; do
		case $deb in
		*/linux-image* | */linux-binary* | */linux-modules*)
			dpkg-deb --fsys-tarfile "$deb" > "$tmp/tar"
			tar -xf "$tmp/tar" -C "$tmp" --no-recursion -T <(tar -tf "$tmp/tar" | sed -n "\\;^./boot/.;p; $wanted")
			rm "$tmp/tar" ;;
		*)	dpkg-deb -x "$deb" "$tmp" ;;
		esac
		lock_line "$deb"
	done > "$tmp/lock"
	[[ -d $tmp/lib/modules ]] || { mkdir -p "$tmp/lib" && mv "$tmp/usr/lib/modules" "$tmp/lib/"; }
	[[ -f $tmp/boot/vmlinuz-$release && -d $tmp/lib/modules/$release/kernel/arch/x86/kvm ]]
	"$here/unsign.sh" "$tmp/boot/vmlinuz-$release"
	# A signed kernel is the same kernel, so it gets the same line as an unsigned one
	sed -Ei "s/^linux-(image|binary)(-unsigned)?-${release//+/\\+}(-unsigned)? .*/linux-\1-$release $version $(sha256sum < "$tmp/boot/vmlinuz-$release" | cut -d ' ' -f 1)/" "$tmp/lock"
	ln -s "boot/vmlinuz-$release" "$tmp/vmlinuz"
	"$here/headers.sh" "$tmp/usr/src/linux-headers-$release"
	rm "$tmp"/*.deb
	echo "$release $version" > "$tmp/release"
}

case ${1-} in
-p)	cat "$dir/release" 2> /dev/null || die 3 "no kernel $kver in $build: make l1"; exit ;;
-h)	usage; exit ;;
-u)	;;
"")	;;
*)	usage >&2; exit 2 ;;
esac

{ mkdir -p "$build/kernel" && exec {lock}> "$build/kernel/.lock"; } 2> /dev/null || die 3 "can't write to $build/kernel"
flock "$lock"
[[ ${1-} == -u || $(cat "$dir/suite" 2> /dev/null) != "$l1_suite" ]] || exit 0
choose
read -r _ there < <(cat "$dir/release" 2> /dev/null) || there=
[[ $(cat "$dir/suite" 2> /dev/null) != "$l1_suite" ]] || dpkg --compare-versions "$there" lt "$version" || exit 0
tmp=$(mktemp -d "$build/kernel/tmp.XXXXXX") || die 3 "can't write to $build/kernel"
trap 'leave_image "$tmp" "$dir"' EXIT
say "downloading Linux $release $version of $l1_suite: source, headers and image"
"$here/archive.sh" fetch "$tmp" "${packages[@]}" || exit 3
unpack
echo "$l1_suite" > "$tmp/suite"
rm -rf "$dir"
mv -T "$tmp" "$dir"
