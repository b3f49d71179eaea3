#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: qemu-build.sh [-u] [-h]
#
# Builds the emulator that L1 runs in, build/qemu/qemu-system-x86_64. The source is Debian's package of QEMU, with
# our patches: those in lab/qemu/, and those in lab/qemu/VERSION/ that only VERSION needs. Debian's own
# QEMU sometimes delivers an interrupt twice, so boots hang. Our program is static, and has only the lab's devices.
# The same source, compiler and libraries make the same bytes. build/qemu/firmware/ has the firmware that it loads
# (-L). build/qemu/lock lists what it was made of: NAME VERSION SHA256. If patches, scripts and compiler are
# unchanged, nothing is done.
#
# The version is that of the installed qemu-system-x86, if its source can be had. Otherwise it is the newest of this
# machine's suite. It stays until you say -u, because other versions have other counts.
#
#   -u  build it again, if there is another version by now
#   -h  print this help
#
# Environment: O is the build directory; JOBS is how many compilers run at once, default the number of CPUs.
# Exit codes: 0 built or up to date, 2 usage, 3 a package is missing, or QEMU can't be had, built or written.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/../../scripts/common.sh"
. "$root/lab/qemu/source.sh"

out=$build/qemu
options=(
	--target-list=x86_64-softmmu --without-default-features --without-default-devices --with-devices-x86_64=bootexits
	--enable-tcg --enable-system --static --disable-pie --disable-debug-info --disable-stack-protector
	--enable-trace-backends=nop --disable-werror --disable-install-blobs --disable-docs --prefix=/usr
)

inputs() {	# prints a text that changes if any input does
	cc --version | head -n 1
	static_libraries
	find "$root/lab/qemu" "${BASH_SOURCE[0]}" -type f -exec sha256sum {} + | sed "s|$root/||" | LC_ALL=C sort -k 2
}

precompile() {	# osdep.h, which each file of QEMU includes first, for the few sets of flags that most files have
	local command header number=0

	ninja config-poison.h
	while read -r _ command; do
		header=O${command#* -O} header=${header%% *}/qemu/osdep.h
		mkdir -p "$header.gch"
		echo '#include "../../../source/include/qemu/osdep.h"' > "$header"
		eval "$command -x c-header -o $header.gch/$((++number)) -c $header"
	done < <(ninja -t commands qemu-system-x86_64 | sed -nE '/ -std=/s/( -I[^ ]*\.p| -M[DQ] .*)//gp' | sort | uniq -c |
		sort -rn | awk '$1 > 4')
}

compile() {
	local id="Debian $version"

	[[ ${#patches[@]} -eq 0 ]] || id+=" with bootexits' patches $(cat "${patches[@]}" | sha256sum | cut -c 1-8)"
	cp "$root/lab/qemu/x86_64-softmmu.mak" "$tmp/source/configs/devices/x86_64-softmmu/bootexits.mak"
	unset CC CFLAGS CPPFLAGS LDFLAGS	# with the user's settings the bytes would differ
	mkdir "$tmp/objects"
	cd "$tmp/objects"
	../source/configure "${options[@]}" --with-pkgversion="$id" \
		--extra-cflags="-pipe -ffile-prefix-map=$tmp/source/= -ffile-prefix-map=../source/="
	mv build.ninja all.ninja
	python3 -B "$root/lab/qemu/cheaper.py" all.ninja > build.ninja
	precompile
	if ! ninja -k 0 -j"${JOBS:-$(nproc)}" qemu-system-x86_64; then
		mapfile -t failed < <(sed -n 's/^FAILED: \([^ ]*\).*/\1/p' "$tmp/log")
		python3 -B "$root/lab/qemu/cheaper.py" all.ninja "${failed[@]}" > build.ninja
		ninja -j"${JOBS:-$(nproc)}" qemu-system-x86_64
	fi
	strip qemu-system-x86_64
	cd "$root"
}

update=
case ${1-} in
"")	;;
-u)	update=1 ;;
-h)	usage; exit ;;
*)	usage >&2; exit 2 ;;
esac

up_to_date=
[[ ! -x $out/qemu-system-x86_64 || ! -f $out/inputs ]] || ! inputs | cmp -s - "$out/inputs" || up_to_date=1
[[ -z $up_to_date || -n $update ]] || exit 0
choose_version
[[ -z $up_to_date ]] || ! grep -q "^qemu $version " "$out/lock" || exit 0
{ mkdir -p "$out" && tmp=$(mktemp -d "$out/tmp.XXXXXX"); } 2> /dev/null || die 3 "can't write to $out"
trap 'leave_image "$tmp" "$out"' EXIT
say "building QEMU $version, which takes some minutes of CPU time"
archive source "$tmp" "qemu=$version" || die 3 "can't fetch QEMU's source, $version"
unpack
patch_source
copy_firmware
set +e	# otherwise bash would ignore the `set -e` within
(set -e; compile) > "$tmp/log" 2>&1
status=$?
set -e
[[ $status -eq 0 ]] || { tail -n 20 "$tmp/log" >&2; die 3 "QEMU $version does not build"; }
lock > "$tmp/lock"
inputs > "$tmp/inputs"
rm -rf "$out/inputs" "$out/firmware"
mv "$tmp"/{firmware,lock} "$tmp/objects/qemu-system-x86_64" "$out/"
mv "$tmp/inputs" "$out/"
say "$("$out/qemu-system-x86_64" --version | head -n 1)"
