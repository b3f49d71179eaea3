# shellcheck shell=bash
# What all scripts share: messages, the usage text, where things are built.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck disable=SC2034 # used by the scripts that source this file
build=${O:-$root/build}

say() {
	printf '%s: %s\n' "$(basename "$0" .sh)" "$*" >&2
}

die() {	# STATUS MESSAGE...
	local status=$1

	shift
	say "$*"
	exit "$status"
}

usage() {	# the calling script's header comment
	sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0"
}

pack_cpio() {	# DIR: an initramfs archive on stdout, the same bytes for the same files
	find "$1" -exec touch -h -d @0 {} +
	(cd "$1" && find . -mindepth 1 | LC_ALL=C sort |
		cpio --quiet --reproducible --owner=0:0 -H newc -o)
}
