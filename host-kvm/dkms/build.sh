#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# usage: build.sh RELEASE HEADERS
#        build.sh -c RELEASE
#
# Builds KVM's modules for the kernel RELEASE. DKMS runs it in its copy of this folder. The source is Debian's
# package linux-source, in the same version as the kernel's headers. With -c it only checks these packages.
#
# Exit codes: 0 the modules are built, or the packages are there; 1 the build failed, or a package is missing.
set -eu

die() {
	echo "$*" >&2
	exit 1
}

version() {	# PACKAGE: print its version, if it is installed
	dpkg-query -W -f '${db:Status-Abbrev}${Version}' "$1" 2> /dev/null | sed -n 's/^[hi]i *//p'
}

check=
[ "${1-}" != -c ] || { check=1; shift; }
release=$1
kver=$(expr "$release" : '\([0-9]*\.[0-9]*\)') || die "not a kernel release: $release"
[ -e "$(dirname "$0")/host-kvm/hooks/$kver.patch" ] || die "there are no hooks for $kver"
headers=$(version "linux-headers-$release")
source=$(version "linux-source-$kver")
[ -n "$headers" ] || die "linux-headers-$release is not installed"
[ "$headers" = "$source" ] ||
	die "linux-source-$kver is ${source:-not installed}, but the headers are $headers; install that version"
[ -z "$check" ] || exit 0

build() {	# FOLDER TARGET...; FITS is a command that prints release and version of the headers that fit
	make -j"$(nproc)" -C "$@" KVER="$kver" O="$PWD/build" HEADERS="$headers_dir" FITS="echo $release $headers" \
		TARBALL="/usr/src/linux-source-$kver.tar.xz"
}

headers_dir=$2
build host-kvm "$PWD/build/kvm/$kver/src/.stamp"
# If a module has no version, DKMS takes it for the kernel's own, and does not install it.
version=$(sed -n 's/^PACKAGE_VERSION="\(.*\)"/\1/p' dkms.conf)
for file in x86.c svm/svm.c vmx/vmx.c; do
	echo "MODULE_VERSION(\"$version\");" >> "build/kvm/$kver/src/arch/x86/kvm/$file"
done
build host-kvm
build capabilities
mv "build/kvm/$kver"/*.ko "build/features/$kver"/*.ko .
rm -rf build
