#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: prove tests/lab/failing.t         O=DIRECTORY: where the parts were built (default build)
#
# A machine that lacks something: memory, room on the disk, rights, a network, the right headers, or a path without
# blanks. Another one where somebody else builds at the same time. One clear line says what is wrong, the status is as
# documented, and nothing is left. failing-boots.t has the cases that need boots. tests/tool/record.t and tests/lab/scripts.t
# have more of QEMU's failures.
# Exit status: 0 all passed, 1 some failed.
set -uo pipefail
. "$(dirname "$0")/../lib/tap.sh"

diagnose() {
	cat "$work/said"
	find "$work/place" 2>&1
}

# fails STATUS SAYS NAME COMMAND...: standard error has SAYS once, and less than ten lines; no file is in $work/place
fails() {
	local want=$1 says=$2 name=$3 status=0

	shift 3
	"$@" > "$work/printed" 2> "$work/said" || status=$?
	[[ $status -eq $want && $(grep -c -e "$says" "$work/said") -eq 1 && $(wc -l < "$work/said") -lt 10 &&
		-z $(find "$work/place" -type f 2> /dev/null) ]]
	ok $? "$name: status $want (is $status), says: $says"
}

# fake NAME SCRIPT: make a program that is found before the real one
fake() {
	printf '%s\n' '#!/bin/bash' "$2" > "$work/bin/$1"
	chmod +x "$work/bin/$1"
}

# in_vain COMMAND...: run it with the faked programs in front
in_vain() {
	PATH=$work/bin:$PATH "$@"
}

mkdir "$work/bin" "$work/place" "$work/a checkout" "$work/build"
export TMPDIR=$work/place

# QEMU without memory
mkdir "$work/trace"
fails 3 'QEMU ended with status 1 and no verdict' "no memory for QEMU" bash -c "ulimit -v 600000
	'$O/bootexits' record -o '$work/trace/a' -- qemu-system-x86_64 -accel tcg -m 2048 -nodefaults -display none"
fails 3 'cannot set up guest memory' "no memory for L1, says QEMU" bash -c "ulimit -v 1200000
	lab/lab.sh -o '$work/trace/lab' hello"
fails 3 'QEMU did not start' "no memory for L1, says record" bash -c "ulimit -v 1200000
	'$O/bootexits' record --lab -o '$work/trace/b' -- hello"
grep -q 'cannot set up guest memory' "$work/said"
ok $? "record prints what QEMU said"
tail -qn 1 "$work"/trace/[ab] | grep -c '"truncated","status":3' | grep -qx 2 && ! compgen -G "$work/trace/*.logs" > /dev/null
ok $? "both traces are closed, and there are no empty logs"

# No right to write, or no room
export O
for script in "lab/lab.sh -o /proc/none hello" "lab/qemu.sh -o /proc/none/log -- true"; do
	# shellcheck disable=SC2086 # its words are arguments
	fails 3 "^[a-z0-9-]*: .*can't be written\|^[a-z0-9-]*: can't write to" "nowhere to write to: $script" $script
done
for script in lab/images/{kernel,guest-image}.sh "scripts/alone.sh true"; do
	# shellcheck disable=SC2086 # its argument
	fails 3 "^[a-z0-9-]*: can't write to" "nowhere to write to: $script" env O=/proc/none $script
done
if mount -t tmpfs -o size=8m none "$work/place" 2> "$work/said"; then
	fails 3 "lab: what L1 boots, or where its logs go, can't be written" "a full disk: lab.sh" lab/lab.sh -o "$work/trace/lab" hello
	fails 3 'less than 300 MB left' "a full disk: archive.sh" env O="$work/place" lab/images/archive.sh names linux
	mkdir "$work/place/programs"
	cp -r "$O"/programs/guest-* "$work/place/programs/"
	cat /dev/zero > "$work/place/full" 2> "$work/said"
	truncate -s -300K "$work/place/full"
	# shellcheck disable=SC2016 # bash expands it
	fails 3 "guest-image: can't build" "a full disk: guest-image.sh" bash -c 'trap "rm -r $TMPDIR/full $TMPDIR/programs" EXIT
		O=$TMPDIR lab/images/guest-image.sh'
	umount "$work/place"
else
	skip "a full disk" "mounting is not permitted here"
fi
fails 3 'standard output: not all was written' "a full disk: the tool" bash -c "'$O/bootexits' report tests/data/full.log > /dev/full"

# No network, no rights, no headers, or wrong headers
offline() {
	fake apt-get 'echo "E: no network" >&2; exit 100'
}

offline
fake dpkg-query '/usr/bin/dpkg-query "$@" | grep -v " nasm\$"'
fake apt-cache ''
fails 3 "packages: apt-get update failed; missing: nasm" "no network" in_vain scripts/packages.sh
fails 2 "packages: apt-get update failed; missing: nasm" "no network: make" in_vain make tools
# apt-get update returns 0 even if it gets no lists, and old lists may be enough.
fake apt-get 'echo "W: Failed to fetch" >&2'
fails 3 "packages: apt has no nasm: is there a network" "no network, and no lists" in_vain scripts/packages.sh
offline
fake apt-cache 'echo "nasm | 1 | http://localhost Packages"'
fails 3 "packages: apt-get install failed; missing: nasm" "no network, but lists" in_vain scripts/packages.sh
if command -v sudo > /dev/null; then
	skip "neither root nor sudo" "there is a sudo here"
else
	fake id 'echo 1000'
	fails 3 'packages: you are not root and have no sudo' "neither root nor sudo" in_vain scripts/packages.sh
fi
rm "$work"/bin/*
rm -f "$O/guest/inputs"
fake gzip 'head -c 1000; exit 1'
fails 3 "guest-image: can't build" "if there is no room, no half image is left" in_vain lab/images/guest-image.sh
rm "$work/bin/gzip"

# Modules that were built with other headers than those that are there now
modules() {
	make -C capabilities O="$work/build" 2>&1 | grep -c KBUILD
}
release=$work/build/features/$KVER/release
[[ $(modules) -eq 1 && $(modules) -eq 0 ]] && echo 6.1.0-0-amd64 6.1.0-1 > "$release" && touch -d @1 "$release" && [[ $(modules) -eq 1 ]]
ok $? "new headers: modules are built again"

# Paths that make can't take, and another build at the same time
cp Makefile "$work/a checkout/"
fails 2 'has a blank in it' "a checkout's path with blanks" make -C "$work/a checkout" run
fails 2 'has a blank in it' "a build directory's path with blanks" make run O="$work/a build"
fails 2 'or is empty' "no build directory" make run O=
exec {lock}> "$work/build/.lock"
flock "$lock"
for goal in run run-debian all; do
	fails 2 'alone: another make works in' "make $goal beside another one" make $goal O="$work/build"
done
exec {lock}>&-
O=$work/build scripts/alone.sh bash -c 'exit 7'
[[ $? -eq 7 ]] && O=$work/build scripts/alone.sh true
ok $? "alone: the command's status, and one after the other"
fails 2 'make run: there is no /none/vmlinuz' "no such kernel" make run KERNEL=/none/vmlinuz
fails 2 'make run: there is no /none/a b%s ' "no such disk" make run DISK='/none/a b%s'

done_testing
