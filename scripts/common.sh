# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# What all scripts share: messages, the usage text, the build directory, and the kernel's version.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck disable=SC2034 # used by the scripts that source this file
build=${O:-$root/build}
machine_suite() {	# prints this machine's suite, or trixie if it is neither Debian 12 nor 13
	# shellcheck disable=SC1091
	(. /etc/os-release; [[ ${VERSION_CODENAME-} == bookworm ]] && echo bookworm || echo trixie)
}

# L1's packages come from the suite l1_suite, and its kernel has version kver. Each suite has one version. If one of
# them is given, the other one follows. If neither is, the suite is this machine's, so both use one archive.
# shellcheck disable=SC2034
l1_suite=${L1_SUITE-}
if [[ -z $l1_suite ]]; then
	case ${KVER-} in
	6.1)	l1_suite=bookworm ;;
	*)	l1_suite=$(machine_suite) ;;
	esac
fi
# shellcheck disable=SC2034
kver=${KVER:-$([[ $l1_suite == bookworm ]] && echo 6.1 || echo 6.12)}

say() {
	printf '%s: %s\n' "$(basename "$0" .sh)" "$*" >&2
}

die() {	# STATUS MESSAGE...
	local status=$1

	shift
	say "$*"
	exit "$status"
}

usage() {	# prints the calling script's header comment
	sed -n '/^# usage/,/^[^#]/s/^# \{0,1\}//p' "$0"
}

only_help() {	# ARGUMENT...: the command line of a script that has no option but -h
	case ${1-} in
	"")	;;
	-h)	usage; exit ;;
	*)	usage >&2; exit 2 ;;
	esac
}

contract() {	# NAME: prints the number of KVM_EXIT_TRACE_NAME
	awk -v name="KVM_EXIT_TRACE_$1" '$1 == "#define" && $2 == name { print $3 }' \
		"$root/include/kvm_exit_trace.h"
}

release_version() {	# prints the version of this release
	sed -n 's/^#define BOOTEXITS_VERSION[[:space:]]*"\(.*\)"/\1/p' "$root/lib/version.h"
}

# leave_image DIR TARGET: ends a script that builds TARGET in DIR, and removes DIR. If a command in the script failed
# with a status of its own, the build has failed.
leave_image() {
	local status=$?

	rm -rf --one-file-system "$1"
	[[ $status -ne 1 && $status -ne 2 ]] || die 3 "can't build $2"
}

pack_cpio() {	# DIR: prints an initramfs archive of it. The same files give the same bytes
	find "$1" -exec touch -h -d @0 {} +
	(cd "$1" && find . -mindepth 1 | LC_ALL=C sort |
		cpio --quiet --reproducible --owner=0:0 -H newc -o)
}

lock_line() {	# FILE.deb: prints "NAME VERSION SHA256", the line of a lock file
	# shellcheck disable=SC2016 # dpkg-deb expands it
	echo "$(dpkg-deb -W --showformat '${Package} ${Version}' "$1") $(sha256sum < "$1" | cut -d ' ' -f 1)"
}

debian_sources() {	# SUITE: prints its sources.list, updates included, with the mirrors of this machine
	local name site targets

	# shellcheck disable=SC2016 # apt expands it
	targets=$(apt-get indextargets --format '$(CODENAME) $(SITE)' 'Created-By: Packages' 'Component: main' 'Origin: Debian')
	for name in "$1" "$1-updates" "$1-security"; do
		site=$(awk -v name="$name" '$1 == name && $2 ~ /^(https?|file|mirror)/ { print $2; exit }' <<< "$targets")
		[[ -n $site || $name != *-security ]] || site=http://deb.debian.org/debian-security
		echo "deb ${site:-http://deb.debian.org/debian} $name main"
	done
}

# wait_for PID: waits for that child of ours and sets `status` to its exit status. If a signal comes to us, it
# ends the child first, and sets `status` to 130.
wait_for() {
	local interrupted=

	status=0
	trap 'interrupted=1; kill "$1" 2> /dev/null || :' INT TERM HUP
	{ wait "$1" || status=$?; } 2> /dev/null	# bash would print that a child was killed
	[[ -z $interrupted ]] || { wait "$1" || :; } 2> /dev/null
	trap - INT TERM HUP
	[[ -z $interrupted ]] || status=130
}
