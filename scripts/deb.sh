#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: deb.sh [-h]
#
# Makes build/bootexits_VERSION_amd64.deb of what is built: the programs, their man pages, the payload's ISO
# and bootexits-host. The source of the patched modules, for DKMS, is in /usr/src/bootexits-kvm-VERSION. The
# same files give the same bytes.
#
# Environment: O is the build directory; SOURCE_DATE_EPOCH is the time of all files, default 2026-01-01.
# Exit codes: 0 made, 2 usage, 3 a part is not built.
set -euo pipefail

. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

only_help "$@"

export SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-1767225600}
for file in bootexits bootexits-features exitstat bootexits.iso; do
	[[ -f $build/$file ]] || die 3 "$build/$file is missing: make all"
done
version=$(release_version)
deb=$build/bootexits_${version}_amd64.deb
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
tree=$tmp/usr/src/bootexits-kvm-$version
doc=$tmp/usr/share/doc/bootexits

# The C library that the program needs. One that was built on Debian 13 may not run on 12.
libc=$(objdump -T "$build/bootexits" | grep -o 'GLIBC_[0-9.]*' | sort -uV | tail -n 1)

put() {	# MODE FROM TO: copies a file, and puts the versions into it
	mkdir -p "$(dirname "$tmp/$3")"
	sed "s/@VERSION@/$version/; s/@LIBC@/${libc#*_}/" "$root/host-kvm/dkms/$2" > "$tmp/$3"
	chmod "$1" "$tmp/$3"
}

make -s -C "$root/tools" install O="$build" DESTDIR="$tmp" PREFIX=/usr ZSHDIR=/usr/share/zsh/vendor-completions > /dev/null
install -D -t "$tmp/usr/bin" "$build/exitstat"
strip -R .comment "$tmp"/usr/bin/*
install -D "$root/host-kvm/host.sh" "$tmp/usr/sbin/bootexits-host"
install -D -m 644 -t "$tmp/usr/share/man/man1" "$root/docs/exitstat.1"
install -D -m 644 -t "$tmp/usr/share/man/man8" "$root/docs/bootexits-host.8"
gzip -9n "$tmp"/usr/share/man/man?/*
install -D -m 644 -t "$tmp/usr/share/bootexits" "$build/bootexits.iso" "$root/iso/libvirt.xml"
install -D -m 644 -t "$doc" "$root"/docs/{abi,host,promises}.md "$root/CHANGELOG.md"
{ cat "$root/host-kvm/dkms/copyright"; sed -n '/^BSD-2-Clause, for/,$p' "$root/LICENSE"; } > "$doc/copyright"
gzip -9n > "$doc/changelog.gz" <<END
bootexits ($version) unstable; urgency=medium

  * CHANGELOG.md in this folder has what is new.

 -- bootexits <bootexits@localhost>  $(LC_ALL=C date -uR -d "@$SOURCE_DATE_EPOCH")
END

mkdir -p "$tree"
cp -r "$root"/{host-kvm,capabilities,include} "$tree/"
rm -r "$tree"/host-kvm/{dkms,series,host.sh} "$tree"/capabilities/capabilities*
put 755 build.sh "usr/src/bootexits-kvm-$version/build.sh"
put 644 dkms.conf "usr/src/bootexits-kvm-$version/dkms.conf"
put 644 modprobe.conf etc/modprobe.d/bootexits-kvm.conf
put 755 kernel-hook etc/kernel/postinst.d/zz-bootexits-kvm
put 755 kernel-hook etc/kernel/header_postinst.d/zz-bootexits-kvm
put 644 lintian-overrides usr/share/lintian/overrides/bootexits
put 644 control DEBIAN/control
put 755 prerm DEBIAN/prerm
(cd "$tmp" && find etc -type f -printf '/%p\n' | LC_ALL=C sort) > "$tmp/DEBIAN/conffiles"
(cd "$tmp" && find usr -type f -print0 | LC_ALL=C sort -z | xargs -0 md5sum) > "$tmp/DEBIAN/md5sums"
chmod -R u=rwX,go=rX "$tmp"
find "$tmp" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
rm -f "$build"/bootexits_*.deb	# of another version: `make install-host' takes what is there
dpkg-deb --root-owner-group -Zxz --build "$tmp" "$deb" > /dev/null
echo "  DEB     $deb"
