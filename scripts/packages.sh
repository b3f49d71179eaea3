#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: packages.sh [-b | -c | -d | -g | -k | -l] [-h]
#
# Installs the Debian packages that bootexits is built, run and tested with, if some are missing; else says nothing.
#
#   -b  also the browser that only tests/html.t takes (400 MB)
#   -c  also what make bench-all measures beside the tracer (300 MB)
#   -d  also those that only debian-image.sh takes
#   -g  also what debug-kernel.sh builds a whole kernel with
#   -k  print the kernel release that the modules are built for, and its package version; install nothing
#   -l  print the packages that are wanted whatever the kernel; install nothing
# Environment: KVER=6.1 selects the kernel; NO_INSTALL=1 only lists what is missing.
#
# The kernel's headers and its source must be of one package version, or the modules would not load: the
# newest version that has both is taken, and one that is already installed before all others.
# Exit codes: 0 all there, 2 usage, 3 something is missing and can't be installed.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/common.sh"

headers_re="^linux-headers-${kver//./\\.}\\.[0-9]+(-[0-9]+|\\+[a-z0-9]+)-amd64\$"
wanted=(
	gcc make libc6-dev perl git				# everything
	patch xz-utils zstd				# kernel modules, L1's kernel
	nasm grub-common grub-pc-bin grub-efi-amd64-bin xorriso mtools # payload, iso
	qemu-system-x86 seabios ovmf busybox-static cpio # lab
	bochs bochs-term bochsbios vgabios		# its Intel lane
	libjansson-dev gnuplot-nox libcmocka-dev cpuid jq python3-prometheus-client # tools and tests
	shellcheck mandoc parallel
)

installed() {	# NAME: is it installed?
	[[ $(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null) == installed ]]
}

# Prints "RELEASE VERSION" of the installed headers that fit the installed source.
installed_kernel() {
	local version name header_version

	installed "linux-source-$kver" || return 1
	version=$(dpkg-query -W -f '${Version}' "linux-source-$kver")
	while read -r name header_version; do
		if [[ $name =~ $headers_re && $header_version == "$version" ]] && installed "$name"; then
			echo "${name#linux-headers-} $version"
			return 0
		fi
	done < <(dpkg-query -W -f '${Package} ${Version}\n' "linux-headers-$kver.*")
	return 1
}

# Prints "RELEASE VERSION" of the newest pair of headers and source that apt knows.
available_kernel() {
	local -a names
	local source_versions name version

	mapfile -t names < <(apt-cache search --names-only "$headers_re" | cut -d' ' -f1 | sort -rV)
	[[ ${#names[@]} -gt 0 ]] || return 1
	source_versions=$(apt-cache madison "linux-source-$kver" | awk '{ print $3 }')
	while read -r name _ version _; do
		if grep -qxF "$version" <<< "$source_versions"; then
			echo "${name#linux-headers-} $version"
			return 0
		fi
	done < <(apt-cache madison "${names[@]}" | sort -t'|' -k2,2rV)
	return 1
}

list_missing() {	# fills missing[]
	local name pair

	missing=()
	for name in "${wanted[@]}"; do
		installed "$name" || missing+=("$name")
	done
	installed_kernel > /dev/null && return
	pair=$(available_kernel) || { missing+=("linux-source-$kver" "linux-headers-$kver"); return; }
	missing+=("linux-source-$kver=${pair#* }" "linux-headers-${pair% *}=${pair#* }")
}

known_to_apt() {
	apt-get install --no-install-recommends --simulate "${missing[@]}" > /dev/null 2>&1
}

install_missing() {
	local -a as_root=()

	if [[ $(id -u) != 0 ]]; then
		command -v sudo > /dev/null || die 3 "missing, and neither root nor sudo to install them: ${missing[*]}"
		as_root=(sudo)
	fi
	if ! known_to_apt; then
		"${as_root[@]}" apt-get -qq update || die 3 "apt-get update failed; missing: ${missing[*]}"
		list_missing
		known_to_apt || die 3 "apt can't install: ${missing[*]} (no network, no linux-headers of linux-source-$kver's version, or an incomplete sources.list)"
	fi
	say "installing ${missing[*]}"
	"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -y -o Dpkg::Use-Pty=0 \
		install --no-install-recommends "${missing[@]}" > /dev/null || die 3 "apt-get install failed; missing: ${missing[*]}"
}

case ${1-} in
-b)	wanted+=(chromium chromium-driver python3-selenium) ;;
-c)	wanted+=(linux-perf bpftrace) ;;
-d)	wanted+=(mmdebstrap e2fsprogs mount) ;;
-g)	wanted+=(bc bison flex libelf-dev) ;;
-k)	installed_kernel || die 3 "no kernel headers that match linux-source-$kver: run scripts/packages.sh"; exit ;;
-l)	echo "${wanted[@]}"; exit ;;
-h)	usage; exit ;;
?*)	usage >&2; exit 2 ;;
esac

list_missing
[[ ${#missing[@]} -gt 0 ]] || exit 0
if [[ -n ${NO_INSTALL-} ]]; then
	printf '%s\n' "${missing[@]}"
	exit 3
fi
install_missing
