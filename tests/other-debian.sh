#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: other-debian.sh [-h] [-c FILE]... [SUITE [COMMAND...]]
#
# Runs COMMAND in a clone of this checkout, in a Debian that has nothing but git and make. By default COMMAND is make
# run and make check GROUP=short. SUITE is trixie by default on a Debian 12, and bookworm elsewhere. mmdebstrap makes
# the Debian under build/debian-SUITE, and it is removed at the end. The test also fails if a kernel was installed, or
# put into /boot there. If build/l1-bundle.tar.zst and build/bundle.trace are here, the bundle is booted there, too. Its
# trace must have the same bytes.
#
#   -c FILE  copy FILE to /root there. With this, the bundle is not booted
#
# Exit codes: COMMAND's; 1 a kernel was installed, or the trace differs; 2 usage; 3 not root, or no Debian can be made.
set -euo pipefail

. "$(dirname "${BASH_SOURCE[0]}")/../scripts/common.sh"

leave() {
	umount -R "$tree"/{proc,sys,dev} 2> /dev/null || :
	rm -rf --one-file-system "$tree"
}

mount_all() {	# mount what a container has
	local name

	mount -t proc proc "$tree/proc"
	mount -t sysfs -o ro sys "$tree/sys"
	mount -t tmpfs -o mode=755 dev "$tree/dev"
	for name in null zero full random urandom tty; do
		mknod -m 666 "$tree/dev/$name" c "0x$(stat -c %t "/dev/$name")" "0x$(stat -c %T "/dev/$name")"
	done
	mkdir "$tree"/dev/{pts,shm}
	mount -t devpts -o newinstance,ptmxmode=666 pts "$tree/dev/pts"
	mount -t tmpfs shm "$tree/dev/shm"
	ln -s pts/ptmx "$tree/dev/ptmx"
	ln -s /proc/self/fd "$tree/dev/fd"
	for name in stdin:0 stdout:1 stderr:2; do
		ln -s "fd/${name#*:}" "$tree/dev/${name%:*}"
	done
}

within() {	# COMMAND...: run it in there, with nothing of this environment
	chroot "$tree" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root ${CI:+CI="$CI"} "$@"
}

files=()
while getopts hc: option; do
	case $option in
	c)	files+=("$OPTARG") ;;
	h)	usage; exit ;;
	*)	usage >&2; exit 2 ;;
	esac
done
shift $((OPTIND - 1))
suite=${1:-$([[ $(machine_suite) == bookworm ]] && echo trixie || echo bookworm)}
shift $(($# > 0))
[[ $# -gt 0 ]] || set -- sh -c 'make run && make check GROUP=short'
[[ $(id -u) == 0 ]] || die 3 "must be root, for mmdebstrap and chroot"
"$root/scripts/packages.sh" -d || exit 3

tree=$build/debian-$suite
mkdir -p "$build"
leave
trap leave EXIT
say "making a bare Debian $suite"
debian_sources "$suite" > "$build/debian-$suite.list"
mmdebstrap --quiet --dpkgopt=force-unsafe-io --variant=minbase --include=git,make,ca-certificates --mode=root "$suite" "$tree" "$build/debian-$suite.list" ||
	die 3 "mmdebstrap failed"
mount_all
cp -L /etc/resolv.conf /etc/hosts "$tree/etc/"
# Copy the settings by which this machine reaches its archive.
apt-config dump Acquire | grep -v '""' > "$tree/etc/apt/apt.conf.d/90this-machine"
git clone -q "$root" "$tree/root/bootexits"
[[ ${#files[@]} -eq 0 ]] || cp "${files[@]}" "$tree/root/"
within sh -c 'cd /root/bootexits && apt-get -qq update && exec "$@"' sh "$@"
# shellcheck disable=SC2016 # dpkg-query expands it
kernels=$(within sh -c 'dpkg-query -W -f "\${Package} " "linux-image-*" 2> /dev/null; ls /boot')
[[ -z $kernels ]] || die 1 "a kernel was installed: $kernels"
if [[ ${#files[@]} -eq 0 && -f $build/bundle.trace ]]; then
	cp "$build"/{l1-bundle.tar.zst,bundle.trace} "$tree/root/"
	within sh -c 'cd /root/bootexits && make run L1=/root/l1-bundle.tar.zst && cmp build/run.trace /root/bundle.trace' ||
		die 1 "the bundle's boot gives another trace on $suite"
	say "the bundle's boot gives the same trace on $suite, byte for byte"
fi
