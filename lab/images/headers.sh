#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: headers.sh [-h] DIR
#
# Prepares the headers of one of Debian's kernels, so that you can build modules with them where they are. DIR is
# usr/src/linux-headers-RELEASE, unpacked together with linux-headers-*-common and linux-kbuild-*. The headers use
# this machine's compiler. If this machine's C library is too old for their programs, they use that of their suite.
#
# Environment: L1_SUITE, see lab.sh; O is the build directory.
# Exit codes: 0 done, 2 usage, 3 DIR has no headers, or that C library can't be had.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/../../scripts/common.sh"

wrap() {	# FILE: puts a script in its place that runs it
	mv "$1" "$1.elf"
	# shellcheck disable=SC2016 # the script expands it
	printf '#!/bin/sh\nexec %q --library-path %q --argv0 "$0" "$0.elf" "$@"\n' "$libc/lib64/ld-linux-x86-64.so.2" \
		"$libc/usr/lib/x86_64-linux-gnu" > "$1"
	chmod +x "$1"
}

dir=${1-}
[[ $dir != -h ]] || { usage; exit; }
[[ $# -eq 1 && $dir != -* ]] || { usage >&2; exit 2; }
[[ -f $dir/Makefile && -f $dir/.kernelvariables ]] || die 3 "$dir has no kernel's headers"

# shellcheck disable=SC2016 # make expands it
sed -i 's|^include /usr/src/|include $(dir $(lastword $(MAKEFILE_LIST)))../|' "$dir/Makefile"
sed -i '/^CC = /d' "$dir/.kernelvariables"
# Only newer compilers have this option. For older ones the kernel's Makefile has another
gcc -fmin-function-alignment=16 -S -x c -o /dev/null /dev/null 2> /dev/null ||
	sed -i '/CC_HAS_MIN_FUNCTION_ALIGNMENT/d' "$dir"/include/{config/auto.conf,generated/autoconf.h}

programs=() old=
while read -r file; do
	[[ $(head -c 4 "$file" | tr -d '\0') == $'\x7fELF' ]] || continue
	programs+=("$file")
	! ldd "$file" 2>&1 | grep -q 'version .GLIBC_.* not found' || old=1
done < <(find -L "$dir"/{scripts,tools} -type f -perm -u+x)
[[ -n $old ]] || exit 0
"$here/programs.sh" "libc-$l1_suite" libc6 -- /lib64/ld-linux-x86-64.so.2 /usr/lib/x86_64-linux-gnu/libc.so.6 || exit 3
libc=$build/programs/libc-$l1_suite/root
for program in "${programs[@]}"; do
	wrap "$program"
done
