#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: programs.sh [-u] [-h] NAME PACKAGE... -- FILE...
#
# Takes FILEs out of Debian's PACKAGEs, with the shared objects that they load. They go to build/programs/NAME/root,
# each at its own path. `lock` beside it has a line "NAME VERSION SHA256" for each package that has one of them.
# Nothing is installed, and nothing comes from this machine. If they are there already, they stay.
#
#   -u  take newer packages, if the archive has them
#
# Environment: L1_SUITE, see lab.sh; L1_SOURCES, see archive.sh; O is the build directory.
# Exit codes: 0 there, 2 usage, 3 the archive lacks a package or can't be read, or a package lacks a FILE.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/../../scripts/common.sh"

update=
packages=()

unpack() {	# all packages, into $tmp/all, with /bin and /lib as links into /usr; $tmp/lists has the files of each
	local deb name path target

	mkdir -p "$tmp"/{debs,lists,all/usr/{bin,sbin,lib,lib64}}
	for name in bin sbin lib lib64; do
		ln -s "usr/$name" "$tmp/all/$name"
	done
	"$here/archive.sh" fetch "$tmp/debs" "${wanted[@]/ /=}" || exit 3
	for deb in "$tmp"/debs/*.deb; do
		dpkg-deb --fsys-tarfile "$deb" | tar -xv -C "$tmp/all" --keep-directory-symlink |
			sed -E 's;^\./;/;; s;^/(s?bin|lib|lib64)/;/usr/\1/;' > "$tmp/lists/${deb##*/}"
	done
	find "$tmp/all" -type l -lname '/*' -printf '%p %l\n' | while read -r path target; do
		ln -sfn "$tmp/all$target" "$path"
	done
}

objects() {	# FILE...: prints the objects that they load, which the packages' own loader finds in the packages
	local file loader=$tmp/all/lib64/ld-linux-x86-64.so.2 library=$tmp/all/usr/lib/x86_64-linux-gnu

	[[ -x $loader ]] || return 0	# no FILE is linked dynamically
	for file in "$@"; do
		if [[ ! -x $tmp/all$file ]] || ! "$loader" --verify "$tmp/all$file"; then
			continue
		fi
		"$loader" --inhibit-cache --library-path "$library" --list "$tmp/all$file" > "$tmp/list"
		! grep ' => ' "$tmp/list" | grep -vF " => $tmp/all/" >&2 || die 3 "$l1_suite has no library that $file loads, in ${packages[*]}"
		sed -n "s;.* => $tmp/all\(/[^ ]*\) (.*;\1;p" "$tmp/list"
		echo /lib64/ld-linux-x86-64.so.2
	done | sort -u
}

keep() {	# FILE...: copies them to $tmp/new/root, links as files
	local file path

	for file in "$@"; do
		path=$(realpath -e "$tmp/all$file" 2> /dev/null) || :
		[[ $path == "$tmp"/all/* ]] ||
			die 3 "$l1_suite has no $file in ${packages[*]}"
		install -D "$path" "$tmp/new/root$file"
		echo "${path#"$tmp/all"}" >> "$tmp/kept"
	done
}

write_lock() {
	local deb

	for deb in "$tmp"/debs/*.deb; do
		! grep -qxFf "$tmp/kept" "$tmp/lists/${deb##*/}" ||
			lock_line "$deb"
	done | LC_ALL=C sort > "$tmp/new/lock"
}

case ${1-} in
-u)	update=1; shift ;;
-h)	usage; exit ;;
esac
name=${1-}
while [[ $# -gt 1 && $2 != -- ]]; do
	packages+=("$2")
	shift
done
[[ -n $name && ${#packages[@]} -gt 0 && $# -gt 2 ]] || { usage >&2; exit 2; }
shift 2

dir=$build/programs/$name
inputs="$l1_suite: ${packages[*]}: $* $(sha256sum < "${BASH_SOURCE[0]}" | cut -c 1-16)"
{ mkdir -p "$build/programs" && exec {lock}> "$build/programs/.lock"; } 2> /dev/null || die 3 "can't write to $build/programs"
flock "$lock"
[[ -n $update || $(cat "$dir/inputs" 2> /dev/null) != "$inputs" ]] || exit 0
mapfile -t wanted < <("$here/archive.sh" closure "${packages[@]}")
[[ ${#wanted[@]} -gt 0 ]] || exit 3
[[ $(printf '%s\n' "$inputs" "${wanted[@]}") != "$(cat "$dir/inputs" "$dir/wanted" 2> /dev/null)" ]] || exit 0

tmp=$(mktemp -d "$build/programs/tmp.XXXXXX") || die 3 "can't write to $build/programs"
trap 'leave_image "$tmp" "$dir"' EXIT
say "downloading ${#wanted[@]} packages of $l1_suite for L1's ${packages[*]}"
mkdir "$tmp/new"
unpack
shared=$(objects "$@") || exit 3
mapfile -t shared <<< "$shared"
keep "$@" ${shared[0]:+"${shared[@]}"}
write_lock
printf '%s\n' "${wanted[@]}" > "$tmp/new/wanted"
echo "$inputs" > "$tmp/new/inputs"
rm -rf "$dir"
mv -T "$tmp/new" "$dir"
