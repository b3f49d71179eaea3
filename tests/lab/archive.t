#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: prove tests/lab/archive.t
#
# What L1 is made of. Small archives, made here, have whole kernels, or lack a part, as Debian's archive does on some
# days. lab/images/kernel.sh must take the right kernel, or say what there is. Programs come with all that they load.
# Exit status: 0 all passed, 1 some failed.
set -uo pipefail
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/guest.sh"

export O=$work/build L1_SUITE=bookworm KVER=6.1
diagnose() { cat "$work/said"; }
pool=$work/pool
mkdir -p "$pool" "$O"

# deb NAME VERSION [FILE...]: put a package with these files into the pool; each file contains its own name
deb() {
	local tree=$work/tree file

	mkdir -p "$tree/DEBIAN"
	for file in "${@:3}"; do
		mkdir -p "$tree/$(dirname "$file")"
		echo "$1 $2" > "$tree/$file"
	done
	printf 'Package: %s\nVersion: %s\nArchitecture: amd64\nMaintainer: test\nDescription: test\n' "$1" "$2" > "$tree/DEBIAN/control"
	dpkg-deb -b "$tree" "$pool/${1}_${2}_amd64.deb" > "$work/said"
	rm -r "$tree"
}

# kernel RELEASE VERSION: make all packages of one of Debian's kernels, as its suites have them
kernel() {
	local short=${1%-amd64} kver own=usr/src/linux-headers-$1

	kver=$(grep -o '^[0-9]*\.[0-9]*' <<< "$1")
	deb "linux-source-$kver" "$2" "usr/src/linux-source-$kver.tar.xz"
	deb "linux-headers-$1" "$2" "$own"/{Makefile,.kernelvariables,include/config/auto.conf,include/generated/autoconf.h}
	deb "linux-headers-$short-common" "$2" "usr/src/linux-headers-$short-common/Makefile"
	case $1 in
	6.1.*)	deb "linux-kbuild-$kver" "$2" "usr/lib/linux-kbuild-$kver/scripts/mod/modpost" ;;
	*)	deb "linux-kbuild-$short" "$2" "usr/lib/linux-kbuild-$short/scripts/mod/modpost" ;;
	esac
	case $1 in
	7.*)	deb "linux-binary-$1" "$2" "boot/vmlinuz-$1"
		deb "linux-modules-$1" "$2" "usr/lib/modules/$1/kernel/arch/x86/kvm/kvm.ko.xz"
		deb "linux-image-$1" "$2" ;;
	*)	deb "linux-image-$1" "$2" "boot/vmlinuz-$1" "lib/modules/$1/kernel/"{arch/x86/kvm/kvm,fs/fuse/fuse}.ko
		deb "linux-image-$1-unsigned" "$2" "boot/vmlinuz-$1" "usr/lib/modules/$1/kernel/arch/x86/kvm/kvm.ko" ;;
	esac
}

# archive NAME PATTERN...: make an archive of the pool, without the packages whose file names match
archive() {
	local dir=$work/archive-$1 pattern

	mkdir -p "$dir"
	cp "$pool"/*.deb "$dir/"
	for pattern in "${@:2}"; do
		# shellcheck disable=SC2086 # a pattern
		rm "$dir/"$pattern
	done
	(cd "$dir" && dpkg-scanpackages -m . > Packages 2> "$work/said")
	echo "deb [trusted=yes] copy:$dir ./" > "$work/$1.list"
}

# takes ARCHIVE "RELEASE VERSION" NAME [ARGUMENT...]: kernel.sh takes that kernel from that archive
takes() {
	local status=0

	L1_SOURCES=$work/$1.list lab/images/kernel.sh "${@:4}" > "$work/said" 2>&1 || status=$?
	[[ $status -eq 0 && $(lab/images/kernel.sh -p) == "$2" ]]
	ok $? "$3: $2 (status $status)"
}

fresh() {
	rm -rf "$O/kernel"
}

kernel 6.1.0-56-amd64 6.1.192-2
kernel 6.1.0-57-amd64 6.1.192-3
archive whole
archive signed-late 'linux-image-6.1.0-57-amd64_*'
archive image-late 'linux-image-6.1.0-57-amd64*'
archive signed-only '*-unsigned_*'
archive headers-late 'linux-headers-6.1.0-57-*'
archive common-late 'linux-headers-6.1.0-57-common_*'
archive source-late 'linux-source-6.1_6.1.192-3*'
archive old '*6.1.192-3*'
archive no-source 'linux-source-*'

takes whole "6.1.0-57-amd64 6.1.192-3" "all is there"
[[ -f $O/kernel/6.1/usr/src/linux-source-6.1.tar.xz && ! -e $O/kernel/6.1/lib/modules/6.1.0-57-amd64/kernel/fs ]] &&
	grep -qx 'linux-image-6.1.0-57-amd64-unsigned 6.1.192-3' "$O/kernel/6.1/vmlinuz" &&
	[[ $(grep -cE '^[^ ]+ 6\.1\.192-3 [0-9a-f]{64}$' "$O/kernel/6.1/lock") -eq 5 ]]
ok $? "its parts are unpacked, and its lock file has five packages"
image="linux-image-6.1.0-57-amd64 6.1.192-3 $(sha256sum < "$O/kernel/6.1/vmlinuz" | cut -d ' ' -f 1)"
grep -qxF "$image" "$O/kernel/6.1/lock"
ok $? "its image's line is that of the kernel, signed or not"
grep -qxF "linux-source-6.1 6.1.192-3 $(sha256sum < "$pool/linux-source-6.1_6.1.192-3_amd64.deb" | cut -d ' ' -f 1)" "$O/kernel/6.1/lock"
ok $? "by their hashes"
before=$(stat -c %y "$O/kernel/6.1/release")
takes image-late "6.1.0-57-amd64 6.1.192-3" "it is there"
check "and stays as it was" test "$(stat -c %y "$O/kernel/6.1/release")" = "$before"
fresh
takes signed-late "6.1.0-57-amd64 6.1.192-3" "if the signed image is late, as on 2026-11-28, the unsigned one is taken"
fresh
takes signed-only "6.1.0-57-amd64 6.1.192-3" "if there is no unsigned image, the signed one is taken"
for late in image headers common source; do
	fresh
	takes $late-late "6.1.0-56-amd64 6.1.192-2" "$late late: the one before"
done
fresh
takes old "6.1.0-56-amd64 6.1.192-2" "an old archive"
takes whole "6.1.0-56-amd64 6.1.192-2" "if a newer kernel comes, the one that is there stays"
takes whole "6.1.0-57-amd64 6.1.192-3" "with -u the newer kernel is taken" -u
sed -i s/bookworm/trixie/ "$O/kernel/6.1/suite"
takes old "6.1.0-56-amd64 6.1.192-2" "one of another suite does not stay"

fresh
export L1_SOURCES
L1_SOURCES=$work/no-source.list
fails 3 'bookworm has no kernel 6.1 whose .* are of one version; it has source of: none (KVER=' "no source" lab/images/kernel.sh
L1_SOURCES=$work/whole.list
KVER=6.12 fails 3 'bookworm has no kernel 6.12 whose .* it has source of: 6.1 (' "no such version" lab/images/kernel.sh
echo 'deb [trusted=yes] http://127.0.0.1:9/debian bookworm main' > "$work/closed.list"
L1_SOURCES=$work/closed.list
fails 3 "archive: can't read the archive of bookworm; is there a network? [EW]: " "no network" lab/images/kernel.sh
sed 's/ \[trusted=yes\]//' "$work/whole.list" > "$work/unsigned.list"
L1_SOURCES=$work/unsigned.list
fails 3 "can't read the archive .*does not have a Release file" "an archive without a signature" lab/images/kernel.sh
L1_SOURCES=$work/whole.list
fails 3 "can't write to" "no place" env O=/dev/null/none lab/images/kernel.sh
[[ ! -e $O/kernel/6.1 && ! -e $O/kernel/6.12 ]] && ! compgen -G "$O/kernel/tmp.*" > /dev/null
ok $? "nothing half done is left"

rm "$pool"/*
export L1_SUITE=trixie KVER=6.12
kernel 6.12.115+deb13.1-amd64 6.12.115-2
archive dotted
takes dotted "6.12.115+deb13.1-amd64 6.12.115-2" "a release with a second dot"
rm "$pool"/*
export KVER=7.2
kernel 7.2.3+deb14-amd64 7.2.3-1
kernel 7.2.4+deb14-amd64 7.2.4-1
archive seven
archive modules-late 'linux-modules-7.2.4*'
takes seven "7.2.4+deb14-amd64 7.2.4-1" "a kernel in two packages"
grep -q '^linux-binary-7.2.4+deb14-amd64 ' "$O/kernel/7.2/vmlinuz"
ok $? "its image is linux-binary's"
rm -r "$O/kernel"
takes modules-late "7.2.3+deb14-amd64 7.2.3-1" "whose modules are late: the one before"

# A program and all that it loads must come from the archive alone, though this machine has all libraries.
rm "$pool"/* "$work"/archive-*/*.deb
real() {	# NAME DEPENDS FILE...: a package of this machine's files
	local tree=$work/tree

	mkdir -p "$tree/DEBIAN"
	cp -L --parents -t "$tree" "${@:3}"
	printf 'Package: %s\nVersion: 1\nArchitecture: amd64\nMaintainer: test\nDepends: %s\nDescription: test\n' "$1" "$2" |
		sed '/: $/d' > "$tree/DEBIAN/control"
	dpkg-deb -b "$tree" "$pool/${1}_1_amd64.deb" > "$work/said"
	rm -r "$tree"
}
libc=/usr/lib/x86_64-linux-gnu/libc.so.6
mapfile -t others < <(ldd /bin/ls | sed -n 's;.* => \(/usr\)*\(/lib/[^ ]*\) .*;/usr\2;p' | grep -vxF "$libc")
real clib "" /lib64/ld-linux-x86-64.so.2 "$libc"
real lib clib "${others[@]}"
real program "lib, clib" /bin/ls
real hollow clib /bin/ls
archive programs
export L1_SOURCES=$work/programs.list
check "a program is taken out of its package" lab/images/programs.sh one program -- /bin/ls
[[ ${#others[@]} -gt 0 ]] && diff <(cd "$O/programs/one/root" && find . -type f | sort) \
	<(printf '.%s\n' /bin/ls /lib64/ld-linux-x86-64.so.2 "$libc" "${others[@]}" | sort) > "$work/said"
ok $? "the program comes with exactly the libraries that it loads"
check "and its lock file" test "$(cut -d ' ' -f 1,2 "$O/programs/one/lock" | xargs)" = "clib 1 lib 1 program 1"
fails 3 "trixie has no library that /bin/ls loads, in hollow" "its package lacks a library that this machine has" \
	lab/images/programs.sh two hollow -- /bin/ls
fails 3 "trixie has no /bin/cat in program" "its package has no such file" lab/images/programs.sh two program -- /bin/cat
fails 3 "trixie has no nonesuch.x" "no such package" lab/images/programs.sh two nonesuch.x -- /bin/ls
mkdir "$work/bin"
printf '#!/bin/sh\nexit 2\n' > "$work/bin/dpkg-deb"
chmod +x "$work/bin/dpkg-deb"
PATH=$work/bin:$PATH fails 3 "programs: can't build" "a package that can't be unpacked" lab/images/programs.sh two program -- /bin/ls
[[ $(ls "$O/programs") == one ]]
ok $? "nothing half done is left"

# A PE image as signing leaves it: a checksum, the table's place and size, and the certificate after the image
{ printf 'MZ'; head -c 58 /dev/zero; printf '\100\0\0\0'; head -c 400 /dev/zero; } > "$work/plain"
cp "$work/plain" "$work/signed"
printf 'SUM!' | dd of="$work/signed" bs=1 seek=$((64 + 24 + 64)) conv=notrunc status=none
printf '\320\001\0\0\010\0\0\0' | dd of="$work/signed" bs=1 seek=$((64 + 24 + 144)) conv=notrunc status=none
printf 'signed!!' >> "$work/signed"
lab/images/unsign.sh "$work/signed" && cmp "$work/plain" "$work/signed" > "$work/said"
ok $? "a signature is taken off"
lab/images/unsign.sh "$work/plain" && cmp "$work/plain" "$work/signed" > "$work/said"
ok $? "a file without a signature does not change"

done_testing
