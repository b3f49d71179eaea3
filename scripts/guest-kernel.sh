#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: guest-kernel.sh [-h] VERSION
#
# Fetches a stock kernel for guests: Debian's newest of VERSION, such as 6.12, goes to
# build/guest/VERSION/vmlinuz, its release to build/guest/VERSION/release. The package is
# unpacked there, never installed. Does nothing if it is there; remove the folder to get a newer one.
#
# Environment: O is the build directory.
# Exit codes: 0 fetched or there, 2 usage, 3 apt knows no such kernel or can't download it.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/common.sh"

newest() {	# the package name: no cloud, rt, dbg or unsigned kernel
	apt-cache search --names-only "^linux-image-${version//./\\.}\\.[0-9]+[-+][a-z0-9]+-amd64\$" |
		cut -d' ' -f1 | sort -V | tail -n 1
}

fetch() {	# PACKAGE: its kernel into $tmp/kernel/boot
	say "downloading $1"
	(cd "$tmp" && apt-get -qq -o APT::Sandbox::User=root download "$1") || die 3 "can't download $1"
	dpkg-deb --fsys-tarfile "$tmp/$1"_*.deb | tar -x -C "$tmp" --wildcards './boot/vmlinuz-*' ||
		die 3 "can't unpack $1"
}

version=${1-}
[[ $version != -h ]] || { usage; exit; }
[[ $# -eq 1 && $version =~ ^[1-9][0-9]*\.[0-9]+$ ]] || { usage >&2; exit 2; }

dir=$build/guest/$version
[[ ! -f $dir/vmlinuz || ! -f $dir/release ]] || exit 0
{ mkdir -p "$dir" && tmp=$(mktemp -d "$dir/tmp.XXXXXX"); } 2> /dev/null || die 3 "can't write to $dir"
trap 'rm -rf "$tmp"; rmdir --ignore-fail-on-non-empty "$dir"' EXIT

package=$(newest)
[[ -n $package ]] || die 3 "apt knows no kernel $version (apt-get update, or an incomplete sources.list)"
fetch "$package"
echo "${package#linux-image-}" > "$dir/release"
mv "$tmp"/boot/vmlinuz-* "$dir/vmlinuz"
