#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: prove tests/house/style.t           O=DIRECTORY: where host-kvm was built (default build)
#
# The house rules that a program can check. The checkpatch types that are ignored ask for functions and macros that
# only the kernel has, or for its ways of logging and of sharing memory. tests/fuzz/core/kernel.h defines such macros
# itself, and is not checked.
set -uo pipefail
. "$(dirname "$0")/../lib/tap.sh"

ignored=PREFER_DEFINED_ATTRIBUTE_MACRO,ARRAY_SIZE,EMBEDDED_FUNCTION_NAME,SPLIT_STRING
ignored+=,NAKED_SSCANF,VOLATILE,AVOID_EXTERNS,FUNCTION_ARGUMENTS,STRCPY
check "checkpatch: payload, tools and unit tests" \
	perl "$O/kvm/$KVER/orig/scripts/checkpatch.pl" --root="$work" --no-tree --terse --no-summary \
	--ignore="$ignored" -f payload/*.[ch] payload/*/*.[chS] lib/*.[ch] capabilities/*.[ch] \
	tools/*.[ch] tools/*/*.[ch] tests/unit/*.c tests/fuzz/*.[ch] tests/fuzz/core/*.c tests/fuzz/core/model.h tests/l2/*.c tests/guest/lines/*.[ch] tests/l1/vmm/*.[chS] host-bpf/*.[ch] lab/vmm/*.[ch]

check "shellcheck: scripts and tests" \
	shellcheck -x scripts/*.sh lab/*.sh lab/images/*.sh lab/qemu/*.sh measure/*.sh host-kvm/*.sh iso/*.sh tests/*/*.t tests/*.sh tests/lib/*.sh tests/fuzz/*.sh tests/lab/hang/*.sh tests/guest/lines/*.sh tools/*.bash tests/data/*.sh tests/data/*/*.sh \
	host-kvm/dkms/{build.sh,kernel-hook,prerm} .ci/run
check "shellcheck: what runs in L1" \
	shellcheck -x -P lab/l1 -s dash lab/l1/*.sh lab/l1/init tests/l1/*.sh tests/l2/*.sh \
	measure/study/*.sh lab/guest/init lab/guest/ended lab/guest/root/etc/init.d/rcS

longer() {	# LINES FILE...: no FILE is longer
	wc -l "${@:2}" | awk -v max="$1" '$2 != "total" && $1 > max { print; bad = 1 } END { exit bad }'
}
check "no script is longer than 120 lines" longer 120 scripts/*.sh lab/*.sh lab/*/*.sh measure/*.sh host-kvm/*.sh iso/*.sh lab/l1/*

functions() {	# no function has more than 50 lines, from a brace at the line's start to the next one
	awk 'FNR == 1 { start = 0 } /^\{/ { start = FNR }
		/^\}/ && start && FNR - start > 52 { print FILENAME ":" start; bad = 1 }
		/^\}/ { start = 0 }
		END { exit bad }' "$@"
}
check "no function is longer than 50 lines" \
	functions payload/*.c payload/*/*.c lib/*.c capabilities/*.c tools/*.c tools/*/*.c tests/fuzz/*.c tests/guest/lines/*.c tests/l1/vmm/*.c host-kvm/kvm/*.c host-bpf/*.c lab/vmm/*.c

listed() {	# NAME COMMAND...: check, if git can list the files
	if [[ -e .git ]]; then check "$@"; else skip "$1" "git lists no files of a tarball"; fi
}
one_contract() {	# only the contract's header has the numbers of leaves and of the port
	! git grep -niE '0x4ffff[0-9a-f]{3}|0x0?be0\b' -- payload iso tools/*.[ch] lib capabilities scripts lab measure host-kvm/kvm host-kvm/host.sh host-bpf ':!*.md.in' |
		grep -vE '/\* .*\*/|^[^:]*:[0-9]+:[ \t]*(//|\*|;|#)'
}
listed "no leaf and no port outside the contract" one_contract

# dead: list links, tests and targets of make that README and the docs name, but that are not there
# shellcheck disable=SC2016 # backquotes are Markdown's
dead() {
	local doc name

	for doc in README.md CONTRIBUTING.md CHANGELOG.md docs/*.md; do
		grep -o '](\(\.\./\)*[a-z][^):#]*[)#]' "$doc" | sed 's/^](//; s/.$//' | while read -r name; do
			[[ -e $(dirname "$doc")/$name ]] || echo "$doc: $name"
		done
		grep -oE '`(tests/)?([a-z]+/)?[a-z0-9-]+\.t`' "$doc" | tr -d '`' | while read -r name; do
			[[ -e tests/${name#tests/} ]] || echo "$doc: $name"
		done
		grep -oE '`make [a-z][a-z0-9-]*' "$doc" | cut -d ' ' -f 2 | while read -r name; do
			grep -q "^$name:" Makefile || echo "$doc: make $name"
		done
	done
}
check "links, tests and targets in README and docs are there" test -z "$(dead | tee "$work/dead")"
sed 's/^/# /' "$work/dead"

check "make help names at most 15 targets" test "$(grep -c '^[a-z0-9-]*:.* ## ' Makefile)" -le 15
newest=$(sed -n 's/^## \([0-9.]*\).*/\1/p' CHANGELOG.md | head -n 1)
check "CHANGELOG begins with the version of lib/version.h" grep -q "^#define BOOTEXITS_VERSION.*\"$newest\"" lib/version.h

check "each test is in tests/cases, and each line there is a test" \
	diff <(sed -n 's/^\([^# ]*\) .*/tests\/\1/p' tests/cases | sort) <(printf '%s\n' tests/*/*.t | sort)
check "each group in tests/cases is one that tests/Makefile runs" \
	test -z "$(awk '!/^#/ { for (i = 2; i <= NF; i++) print $i }' tests/cases | sort -u |
		while read -r group; do grep -q "call of,$group)" tests/Makefile || echo "$group"; done)"
# KVM's own files, and tests of the tracer in user space, include as KVM does.
bare() {	# list includes that name no folder, and header names with two owners
	git grep -n '^#include "[^/"]*"' -- '*.[chS]' ':!host-kvm' ':!tests/fuzz/core' | grep -v '"exits.skel.h"\|next_arg.inc'
	git ls-files '*.h' | xargs -n 1 basename | sort | uniq -d
}
listed "an include names its folder, and no header has two owners" test -z "$(bare | tee "$work/bare")"
sed 's/^/# /' "$work/bare"

check "README and docs are plain to read: tests/house/prose.py" tests/house/prose.py README.md CONTRIBUTING.md CHANGELOG.md docs/*.md

done_testing
