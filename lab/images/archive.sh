#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: archive.sh [-h] [-s SUITE] COMMAND ARGUMENT...
#
# Asks Debian's archive, with an apt of its own under build/apt/SUITE. You need no root, nothing is installed,
# and it does not matter what this machine has installed. The archive's keyring verifies each package.
#
#   names PREFIX          the packages whose names begin with PREFIX
#   versions NAME...      "NAME VERSION" for each version that the archive has, the newest first;
#                         a source package is src:NAME
#   closure NAME...       "NAME VERSION" for each package that an empty Debian would install for NAMEs
#   fetch DIR NAME=VERSION...    download these packages to DIR
#   source DIR NAME=VERSION      download this source package to DIR
#
# SUITE is bookworm or trixie, with its updates. The default is L1_SUITE. If lists are older than an hour, they
# are renewed.
#
# Environment: L1_SUITE, see lab.sh; L1_SOURCES is a sources.list to use instead of Debian's;
# O is the build directory.
# Exit codes: 0 done, 2 usage, 3 no network, no room, no keyring, or the archive has no such package.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/../../scripts/common.sh"

update_lists() {	# one process at a time; lists that another one has just renewed are good
	exec {lock}> "$dir/.lock"
	flock "$lock"
	if [[ -n ${L1_SOURCES-} ]]; then
		cp -- "$L1_SOURCES" "$dir/sources.new" || die 3 "there is no $L1_SOURCES (L1_SOURCES)"
	else
		[[ -r $keyring ]] || die 3 "there is no $keyring: apt-get install debian-archive-keyring"
		debian_sources "$suite" | sed "s|^deb |deb [signed-by=$keyring] |; p; s|^deb |deb-src |" > "$dir/sources.new"
	fi
	if ! cmp -s "$dir/sources.new" "$dir/sources.list" || [[ -z $(find "$dir/updated" -mmin -60 2> /dev/null) ]]; then
		mv "$dir/sources.new" "$dir/sources.list"
		rm -f "$dir/updated"
		apt-get "${apt[@]}" -qq update > "$dir/log" 2>&1 ||
			die 3 "can't read the archive of $suite; is there a network? $(last_error)"
		touch "$dir/updated"
	fi
	flock -s "$lock"	# so that nobody renews the lists while we read them
}

last_error() {
	grep '^[EW]:' "$dir/log" | tail -n 1
}

versions() {
	local -a binaries=()
	local name

	for name in "$@"; do
		if [[ $name == src:* ]]; then
			apt-cache "${apt[@]}" showsrc --only-source "${name#src:}" 2> /dev/null |
				awk -v name="$name" '$1 == "Version:" { print name, $2 }' | sort -rVu
		else
			binaries+=("$name")
		fi
	done
	[[ ${#binaries[@]} -eq 0 ]] || apt-cache "${apt[@]}" madison "${binaries[@]}" 2> /dev/null |
		awk '$NF == "Packages" { print $1, $3 }' | uniq
}

# Each NAME must be listed: apt takes any other name for a pattern.
closure() {
	local name

	for name in "$@"; do
		[[ -n $(versions "$name") ]] || die 3 "$suite has no $name"
	done
	apt-get "${apt[@]}" -qq -y --print-uris install "$@" 2> "$dir/log" |
		awk '{ split($2, part, "_"); gsub("%3a", ":", part[2]); print part[1], part[2] }' ||
		die 3 "$suite can't install all of $*: $(last_error)"
}

get() {	# "COMMAND..." DIR NAME=VERSION...: runs that command of apt-get
	local -a what
	local to=$2

	read -ra what <<< "$1"
	shift 2
	(cd "$to" && apt-get "${apt[@]}" -qq "${what[@]}" "$@" > "$dir/log" 2>&1) ||
		die 3 "can't download $*: $(last_error)"
}

suite=$l1_suite
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
while getopts s:h option; do
	case $option in
	s)	suite=$OPTARG ;;
	h)	usage; exit ;;
	*)	usage >&2; exit 2 ;;
	esac
done
shift $((OPTIND - 1))
[[ $# -gt 1 && $suite =~ ^[a-z]+$ ]] || { usage >&2; exit 2; }
dir=$build/apt/$suite
mkdir -p "$build" 2> /dev/null || die 3 "can't write to $build"
# On a full disk, apt's verification never ends
[[ $(df --output=avail -B 1M "$build" | tail -n 1) -ge 300 ]] || die 3 "$build is on a disk with less than 300 MB left"
{ mkdir -p "$dir"/{lists,archives}/partial "$dir/preferences.d" && : > "$dir/status"; } 2> /dev/null || die 3 "can't write to $dir"
apt=(-c "$here/archive.conf" -o Dir::State::status="$dir/status" -o Dir::Etc::sourcelist="$dir/sources.list"
	-o Dir::Etc="$dir" -o Dir::State="$dir" -o Dir::Cache="$dir"
	-o Dir::Etc::netrc=/etc/apt/auth.conf -o Dir::Etc::netrcparts=/etc/apt/auth.conf.d)
update_lists

command=$1
shift
case $command in
names)	apt-cache "${apt[@]}" pkgnames "$1"; echo ;;
versions) versions "$@" ;;
closure) closure "$@" ;;
fetch)	get download "$@" ;;
source)	get "source --download-only" "$@" ;;
*)	usage >&2; exit 2 ;;
esac
