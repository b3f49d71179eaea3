#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: bundle.sh [-o FILE]
#        bundle.sh -x FILE
#        bundle.sh -h
#
# Packs all that executes in a boot of the lab into FILE, default build/l1-bundle.tar.zst. That is L1's kernel,
# modules and root, its emulator, the payload, and the ISO that make run boots. The lock file in it lists L1's
# packages. A bundle gives the same bytes on any machine, at any time. The same parts give the same FILE.
#
#   -x  unpack FILE under build/bundle/, unless it is there already, and print "FOLDER KVER SUITE". Give these to
#       lab/lab.sh as O, KVER and L1_SUITE
#
# Environment: KVER and L1_SUITE, see lab.sh; O is the build directory.
# Exit codes: 0 done, 2 usage, 3 a part is not built, FILE is no bundle or damaged, or nothing can be written.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/../scripts/common.sh"

file=$build/l1-bundle.tar.zst

pack() {
	local scripts=(lab/{lab,machine,qemu,watch}.sh scripts/common.sh lab/l1 include/kvm_exit_trace.h)
	local part parts=(lab/"$kver"/{vmlinux,vmlinuz,l1.cpio,lock,modules} kvm/"$kver"/{kvm,kvm-amd}.ko
		qemu/{qemu-system-x86_64,firmware,lock} bootexits.{elf,iso} guest/initrd.gz linux.iso)

	cd "$root"
	for part in "${parts[@]}"; do
		[[ -e $build/$part ]] || die 3 "$build/$part is missing: make run, then make l1-bundle"
	done
	{ mkdir -p "$(dirname "$file")" && tmp=$(mktemp -d "$file.XXXXXX"); } 2> /dev/null || die 3 "can't write to $file"
	trap 'leave_image "$tmp" "$file"' EXIT
	mkdir "$tmp/new"
	cp -r --parents -t "$tmp/new" "${scripts[@]}"
	(cd "$build" && cp -r --parents -t "$tmp/new" "${parts[@]}")
	(cd "$tmp/new" && find . -type f | LC_ALL=C sort | xargs -d '\n' sha256sum) > "$tmp/sha256"
	sed -n '1s/^# suite=\([a-z]*\) kver=\([0-9.]*\)$/\2 \1/p' "$build/lab/$kver/lock" > "$tmp/new/kernel"
	[[ -s $tmp/new/kernel ]]
	mv "$tmp/sha256" "$tmp/new/"
	tar -c --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner --mode=u=rwX,go=rX \
		-C "$tmp/new" . | zstd -q -10 > "$tmp/bundle"
	mv "$tmp/bundle" "$file"
	say "$file: $(du -h "$file" | cut -f 1), sha256 $(sha256sum < "$file" | cut -c 1-16)"
}

unpack() {
	local dir hash kernel

	[[ -f $file ]] || die 3 "there is no $file"
	hash=$(sha256sum < "$file" | cut -c 1-16)
	dir=$build/bundle/$hash
	if [[ ! -d $dir ]]; then
		command -v zstd > /dev/null || "$root/scripts/packages.sh" >&2 || exit 3
		{ mkdir -p "$build/bundle" && tmp=$(mktemp -d "$build/bundle/tmp.XXXXXX"); } 2> /dev/null || die 3 "can't write to $build/bundle"
		trap 'rm -rf --one-file-system "$tmp"' EXIT
		if ! zstd -dcq -- "$file" 2> /dev/null | tar -x --no-same-owner --no-same-permissions -C "$tmp" 2> /dev/null ||
			[[ -n $(find "$tmp" ! -type f ! -type d) ]] ||
			! (cd "$tmp" && sha256sum -c --quiet --strict sha256) > /dev/null 2>&1; then
			die 3 "$file is no bundle of make l1-bundle, or is damaged"
		fi
		mv -T "$tmp" "$dir" 2> /dev/null || [[ -d $dir ]]
	fi
	kernel=$(cat "$dir/kernel")
	[[ $kernel =~ ^[0-9]+\.[0-9]+\ [a-z]+$ ]] || die 3 "$file is no bundle of make l1-bundle, or is damaged"
	echo "$dir $kernel"
}

case ${1-} in
"")	pack ;;
-o)	[[ $# -eq 2 ]] || { usage >&2; exit 2; }
	file=$(realpath -m "$2")
	pack ;;
-x)	[[ $# -eq 2 ]] || { usage >&2; exit 2; }
	file=$2
	unpack ;;
-h)	usage ;;
*)	usage >&2; exit 2 ;;
esac
