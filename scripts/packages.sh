#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: packages.sh [-b | -B | -d | -g | -i | -l | -t] [-h]
#
# Installs the Debian packages that `make run' needs on this machine. If none is missing, it says nothing. The kernel,
# and all that runs in L1, are not among them: l1-image.sh keeps those under build/.
#
#   -b  also the browser for tests/tool/html.t, and the program that reads its PDF (400 MB)
#   -B  also the packages that bootexits-bpf, and its image for L1, are built with
#   -d  also those for debian-image.sh
#   -g  also those for debug-kernel.sh to build a kernel, and for tests/guest/bootconfig.t to build an image
#   -i  also Bochs, for the Intel lane
#   -l  print the packages that `make run' needs; install nothing
#   -t  also those for tests and measurements: QEMU, Bochs, linters
# Environment: NO_INSTALL=1 only lists what is missing.
# Exit codes: 0 all there, 2 usage, 3 something is missing and can't be installed.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/common.sh"

wanted=(
	gcc make libc6-dev perl git				# everything
	patch xz-utils zstd cpio jq				# kernel modules, L1, traces
	debian-archive-keyring dpkg-dev				# what comes from Debian's archive
	nasm grub-common grub-pc-bin grub-efi-amd64-bin xorriso mtools # payload, iso
	libjansson-dev libelf-dev gnuplot-nox			# tools, and the pictures they make
	ninja-build meson pkgconf python3-venv libglib2.0-dev libpixman-1-dev libfdt-dev zlib1g-dev # the lab's emulator
)
intel=(bochs bochs-term bochsbios vgabios)
tests=(
	qemu-system-x86 qemu-utils seabios ovmf busybox-static		# boots without the lab
	libcmocka-dev cpuid python3-prometheus-client shellcheck mandoc lintian parallel strace
	bzip2 lz4 lzop						# formats of an initrd
	cmark-gfm libxml2-utils python3-yaml			# readers of what the tool and the docs have
)

list_missing() {	# fills missing[]. One call of dpkg-query for all: one for each package takes seconds
	mapfile -t missing < <(printf '%s\n' "${wanted[@]}" | sort -u | comm -23 - <(dpkg-query -W \
		-f '${db:Status-Status} ${Package}\n' "${wanted[@]}" 2> /dev/null | sed -n 's/^installed //p' | sort -u))
}

# Does apt list all of missing[]? Sets unknown to the others: apt takes a name with a dot that it doesn't know
# for a pattern.
known_to_apt() {
	local known
	local -x LC_ALL=C

	known=$(apt-cache madison "${missing[@]}" 2> /dev/null | awk '{ print $1 }' | sort -u)
	unknown=$(printf '%s\n' "${missing[@]}" | sort -u | comm -23 - <(echo "$known") | paste -sd ' ')
	[[ -z $unknown ]]
}

how_much() {	# prints the size of missing[] with its dependencies. Only what is not downloaded yet has a URI
	local -a install=(-qq -y install --no-install-recommends "${missing[@]}")

	apt-get -s "${install[@]}" 2> /dev/null | grep -c '^Inst ' | tr '\n' ' '
	apt-get --print-uris "${install[@]}" 2> /dev/null |
		awk '{ bytes += $3 } END { printf "packages, %.0f MB to download\n", bytes / 1e6 }'
}

install_missing() {
	local -a as_root=()

	if [[ $(id -u) != 0 ]]; then
		command -v sudo > /dev/null || die 3 "you are not root and have no sudo; install these packages: ${missing[*]}"
		as_root=(sudo)
	fi
	if ! known_to_apt; then
		"${as_root[@]}" apt-get -qq update || die 3 "apt-get update failed; missing: ${missing[*]}"
		known_to_apt || die 3 "apt has no $unknown: is there a network, and is sources.list complete?"
	fi
	say "installing $(how_much): ${missing[*]}"
	"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -y -o Dpkg::Use-Pty=0 \
		install --no-install-recommends "${missing[@]}" > /dev/null || die 3 "apt-get install failed; missing: ${missing[*]}"
}

case ${1-} in
-b)	wanted+=(chromium chromium-driver python3-selenium poppler-utils) ;;
-B)	wanted+=(clang bpftool pahole libbpf-dev libelf-dev zlib1g-dev) ;;
-d)	wanted+=(mmdebstrap e2fsprogs mount) ;;
-g)	wanted+=(bc bison flex libelf-dev e2fsprogs) ;;
-i)	wanted+=("${intel[@]}") ;;
-l)	echo "${wanted[@]}"; exit ;;
-t)	wanted+=("${intel[@]}" "${tests[@]}") ;;
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
