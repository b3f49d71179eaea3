#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: prove tests/house/dist.t
#
# The tarball of a release. It has all files of the commit, and the same bytes whoever makes it. You can build from it
# without git.
set -uo pipefail
. "$(dirname "$0")/../lib/tap.sh"

version=$(bash -c '. scripts/common.sh && release_version')
check "there is a version" test -n "$version"
if [[ ! -e .git ]]; then
	skip "the tarball" "this checkout is a tarball itself"
	done_testing
fi

export GIT_CONFIG_GLOBAL=$work/config GIT_CONFIG_NOSYSTEM=1 O=$work/o
git config --global user.name tests && git config --global user.email tests@localhost
checkout() {	# make $work/tree, a checkout of what is here, committed or not
	mkdir "$work/tree" && git ls-files -z | xargs -0 cp -P --parents -t "$work/tree" &&
		git -C "$work/tree" init -q && git -C "$work/tree" add -A && git -C "$work/tree" commit -qm all
}
check "a checkout" checkout
refused() {	# NAME TREE SAYS: dist.sh of that tree refuses with status 3
	"$2/scripts/dist.sh" 2> "$work/said"
	[[ $? -eq 3 ]] && grep -q "$3" "$work/said"
	ok $? "$1: status 3"
}
tarball=$O/bootexits-$version.tar.xz
check "make dist" make -s -C "$work/tree" dist
mv "$tarball" "$work/first.tar.xz"
git config --global tar.umask 077
git config --global core.autocrlf true
check "make dist again, with other settings" env -C "$work/tree" bash -c 'umask 077 && TZ=Asia/Tokyo scripts/dist.sh'
check "the same bytes" cmp "$work/first.tar.xz" "$tarball"
check "nothing else is left" test "$(ls "$O")" = "${tarball##*/}"
touch "$work/tree/more"
refused "a file that is not committed" "$work/tree" 'commit your changes'

tar -xf "$tarball" -C "$work"
new=$work/bootexits-$version
check "it has all files, and no other" \
	diff <(git ls-files | sort) <(cd "$new" && find . -type f -o -type l | cut -c 3- | sort)
refused "no .git" "$new" 'there is no .*/.git'

# A git that tells when it is called
mkdir "$work/bin"
printf '#!/bin/sh\necho "$*" >> %s\nexit 1\n' "$work/called" > "$work/bin/git"
chmod +x "$work/bin/git"
PATH=$work/bin:$PATH
# The plan ends where a file is needed that was not built. By then make has read all of a part's Makefile.
for part in . host-kvm capabilities host-bpf payload iso tools; do
	make -nk -C "$new/$part" "$([[ $part == . ]] && echo boot || echo all)" > "$work/plan" 2>&1
	check "from the tarball, make plans $part" test "$(wc -l < "$work/plan")" -gt 2
done
check "and builds exitstat" make -s -C "$new/payload/exitstat" "O=$O"
check "and nothing calls git" test ! -e "$work/called"
calls() {	# list the lines of scripts that would, but of ksrc.sh, which names the user's own tree
	grep -nE --exclude=ksrc.sh '(^|[^-_.a-z])git [-a-z]' "$new"/{lab,lab/*,iso}/*.sh "$new"/scripts/{alone,packages,common}.sh
}
check "nor does a script that make run starts" test -z "$(calls)"

done_testing
