#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: prove tests/host/deb.t             O=DIRECTORY: where the parts were built (default build)
#
# The Debian package. It has the same bytes when it is built twice. It contains all that belongs there, and nothing of
# this machine. lintian finds nothing that host-kvm/dkms/lintian-overrides gives no reason for. An upgrade keeps what
# docs/host.md says. The source says which kernels it is not for. tests/host/install.t installs it.
set -uo pipefail
. "$(dirname "$0")/../lib/tap.sh"

version=$(bash -c '. scripts/common.sh && release_version')
deb=$O/bootexits_${version}_amd64.deb
check "the package is made" scripts/deb.sh
cp "$deb" "$work/first.deb"
sleep 1
check "and made again" scripts/deb.sh
check "the same bytes" cmp "$work/first.deb" "$deb"
check "with another time, the bytes differ" env SOURCE_DATE_EPOCH=4000000000 scripts/deb.sh
check "all files have that time" test -z "$(TZ=UTC dpkg-deb -c "$deb" | grep -v ' 2096-10-02 07:06 ')"
check "all are root's" test -z "$(dpkg-deb -c "$deb" | grep -v ' root/root ')"
mv "$work/first.deb" "$deb"
check "lintian has no error and no warning" lintian --allow-root --fail-on error,warning "$deb"
check "md5sums has all files but those in /etc" diff <(dpkg-deb -I "$deb" md5sums | cut -c 35- | sort) \
	<(dpkg-deb -c "$deb" | awk '!/^d/ { print substr($NF, 3) }' | grep -v ^etc/ | sort)

dpkg-deb -c "$deb" | awk '!/^d/ { print $1, $NF }' | grep -Ev '/(host-kvm|capabilities)/' > "$work/files"
check "it has these files" diff "$work/files" - <<END
-rwxr-xr-x ./etc/kernel/header_postinst.d/zz-bootexits-kvm
-rwxr-xr-x ./etc/kernel/postinst.d/zz-bootexits-kvm
-rw-r--r-- ./etc/modprobe.d/bootexits-kvm.conf
-rwxr-xr-x ./usr/bin/bootexits
-rwxr-xr-x ./usr/bin/bootexits-features
-rwxr-xr-x ./usr/bin/exitstat
-rwxr-xr-x ./usr/sbin/bootexits-host
-rw-r--r-- ./usr/share/bash-completion/completions/bootexits
-rw-r--r-- ./usr/share/bootexits/bootexits.iso
-rw-r--r-- ./usr/share/bootexits/libvirt.xml
-rw-r--r-- ./usr/share/doc/bootexits/CHANGELOG.md
-rw-r--r-- ./usr/share/doc/bootexits/abi.md
-rw-r--r-- ./usr/share/doc/bootexits/changelog.gz
-rw-r--r-- ./usr/share/doc/bootexits/copyright
-rw-r--r-- ./usr/share/doc/bootexits/host.md
-rw-r--r-- ./usr/share/doc/bootexits/promises.md
-rw-r--r-- ./usr/share/fish/vendor_completions.d/bootexits.fish
-rw-r--r-- ./usr/share/lintian/overrides/bootexits
-rw-r--r-- ./usr/share/man/man1/bootexits-features.1.gz
-rw-r--r-- ./usr/share/man/man1/bootexits.1.gz
-rw-r--r-- ./usr/share/man/man1/exitstat.1.gz
-rw-r--r-- ./usr/share/man/man8/bootexits-host.8.gz
-rw-r--r-- ./usr/share/zsh/vendor-completions/_bootexits
-rwxr-xr-x ./usr/src/bootexits-kvm-$version/build.sh
-rw-r--r-- ./usr/src/bootexits-kvm-$version/dkms.conf
-rw-r--r-- ./usr/src/bootexits-kvm-$version/include/kvm_exit_trace.h
END
dpkg-deb -x "$deb" "$work/tree"
src=$work/tree/usr/src/bootexits-kvm-$version
check "it has all of host-kvm" diff -r -x dkms -x series -x host.sh host-kvm "$src/host-kvm"
check "it has the module of capabilities" diff -r -x 'capabilities*' capabilities "$src/capabilities"
check "it has nothing that DKMS does not build" test -z "$(ls -d "$src"/capabilities/capabilities* "$src"/host-kvm/{host.sh,dkms,series} 2> /dev/null)"
check "it has the contract" cmp include/kvm_exit_trace.h "$src/include/kvm_exit_trace.h"
check "tracing is off unless switched on" test -z "$(grep -v '^#' "$work/tree/etc/modprobe.d/bootexits-kvm.conf")"
check "the version is in" test -z "$(grep -rl @VERSION@ "$work"/tree/{etc,usr/src})"
check "package and program have one version" test "$(dpkg-deb -f "$deb" Version)" = "$("$work/tree/usr/bin/bootexits" --version | cut -d ' ' -f 2)"

# An upgrade, in a folder that dpkg takes for a host. DKMS is a script, and tells when it is called.
there=$work/there
mkdir -p "$work/bin" "$there/var/lib/dpkg/updates" "$there/var/lib/dkms/bootexits-kvm/$version"
touch "$there/var/lib/dpkg/status"
printf '#!/bin/sh\necho "dkms $*"\n' > "$work/bin/dkms"
chmod +x "$work/bin/dkms"
by_dpkg() {	# ARGUMENT...: on that host, without a question
	PATH=$work/bin:$PATH dpkg --root="$there" --force-not-root,bad-path,depends,script-chrootless --log=/dev/null \
		"$@" > "$work/said" 2>&1 < /dev/null || { cat "$work/said"; false; }
}
next_version() {	# make $work/next.deb, the same package of version 99
	dpkg-deb -R "$deb" "$work/next" && mv "$work/next/usr/src/bootexits-kvm-"{"$version",99} &&
		sed -i "s/^Version: .*/Version: 99/" "$work/next/DEBIAN/control" &&
		sed -i "s/\(bootexits-kvm[-/]\)${version//./\\.}/\199/g" "$work"/next/DEBIAN/prerm "$work"/next/etc/kernel/*/* &&
		dpkg-deb -Znone -b "$work/next" "$work/next.deb"
}
check "dpkg installs it" by_dpkg -i "$deb"
check "all files in /etc are conffiles" diff <(cd "$there" && find etc -type f -printf '/%p\n' | sort) \
	<(dpkg-query --admindir="$there/var/lib/dpkg" -W -f '${Conffiles}\n' bootexits | awk 'NF { print $1 }' | sort)
modprobe=$there/etc/modprobe.d/bootexits-kvm.conf
echo "options kvm exit_trace=1" >> "$modprobe"
cp "$modprobe" "$work/modprobe"
check "a next version" next_version
check "dpkg upgrades to it, and asks nothing" by_dpkg -i "$work/next.deb"
check "the parameters of KVM stay" cmp "$modprobe" "$work/modprobe"
check "DKMS removes the old modules" grep -qx "dkms remove bootexits-kvm/$version --all" "$work/said"
check "you learn how to build the new ones" grep -q 'load it, run: bootexits-host install$' "$work/said"
check "the hooks are the new version's" grep -q 'bootexits-kvm/99 -k' "$there/etc/kernel/postinst.d/zz-bootexits-kvm"
check "only the new version's source is there" test "$(ls "$there/usr/src")" = bootexits-kvm-99
check "dpkg removes it" by_dpkg -r bootexits
check "the parameters of KVM stay" cmp "$modprobe" "$work/modprobe"
check "dpkg purges it" by_dpkg -P bootexits
check "nothing is left of it" test -z "$(find "$there"/etc "$there"/usr -name '*bootexits*' 2> /dev/null)"
check "it asks for the C library that the program needs" test "$(dpkg-deb -f "$deb" Depends | grep -o 'libc6 [^)]*')" = \
	"libc6 (>= $(readelf -V "$work/tree/usr/bin/bootexits" | grep -o 'Name: GLIBC_[0-9.]*' | cut -d _ -f 2 | sort -V | tail -n 1)"

# refuses RELEASE SAYS: build.sh -c refuses that kernel with one line that has SAYS
refuses() {
	"$src/build.sh" -c "$1" > "$work/output" 2>&1
	[[ $? -eq 1 && $(wc -l < "$work/output") -eq 1 ]] && grep -q "$2" "$work/output"
	ok $? "kernel $1: $2"
}
refuses 6.5.0-1-amd64 'there are no hooks for 6.5'
refuses 6.1.0-999-amd64 'linux-headers-6.1.0-999-amd64 is not installed'
refuses nonsense 'not a kernel release: nonsense'
# A host whose dpkg says that headers and source are of one version
# shellcheck disable=SC2016 # the program expands it
printf '#!/bin/sh\nfor name; do :; done\ncase $name in\nlinux-source-*) echo "ii ${SOURCE-6.1.9-1}" ;;\n*) echo "ii 6.1.9-1" ;;\nesac\n' > "$work/bin/dpkg-query"
chmod +x "$work/bin/dpkg-query"
PATH=$work/bin:$PATH
check "if headers and source have one version, it can be built" "$src/build.sh" -c 6.1.0-9-amd64
SOURCE=6.1.8-1 refuses 6.1.0-9-amd64 'linux-source-6.1 is 6.1.8-1, but the headers are 6.1.9-1'

done_testing
