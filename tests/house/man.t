#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: prove tests/house/man.t            O=DIRECTORY: where to build (default build)
#
# The man pages and the shells' completions have all options of the program. `make install' puts all files where they
# belong.
# Exit status: 0 all passed, 1 some failed.
set -uo pipefail
. "$(dirname "$0")/../lib/tap.sh"
version=$(bash -c '. scripts/common.sh && release_version')
export SAN=0

check "the tool builds" make -s -C tools all
bootexits=$O/bootexits
mapfile -t subcommands < <("$bootexits" --help | sed -n '/^Subcommands:/,/^$/s/^  \([a-z]*\) .*/\1/p')
check "there are subcommands: ${subcommands[*]}" test ${#subcommands[@]} -ge 8

check "mandoc has no warning of the man pages" mandoc -T lint -W warning docs/*.1
plain() {	# PAGE: print it as text
	mandoc -T ascii -O width=200 "$1" | sed $'s/.\b//g'
}
plain docs/bootexits.1 >"$work/page"
check "no line of the page is missing" test "$(wc -l <"$work/page")" -gt 200

# options: list the options in a text, one a line as "-s, --long=ARG", without those that all subcommands have
options() {
	sed -nE 's/^ {2,6}(-[^ -], )?(--[a-z-]+(\[?=[A-Za-z.=]+\]?)?)( .*)?$/\1\2/p' |
		grep -vE -e '--(help|usage|version)' | sort
}

section() {	# SUBCOMMAND: print its part of the page
	awk -v name="$1" '/^   [^ ]/ { here = $1 == name && NF == 1 } /^[^ ]/ { here = 0 } here' "$work/page"
}

for subcommand in "${subcommands[@]}"; do
	"$bootexits" "$subcommand" --help | options >"$work/help.$subcommand"
	section "$subcommand" | options >"$work/page.$subcommand"
	check "$subcommand: the page has the options that --help has" \
		diff "$work/help.$subcommand" "$work/page.$subcommand"
	check "$subcommand: stands in the page" test -n "$(section "$subcommand")"
	check "$subcommand: stands in its synopsis" \
		grep -q "^     bootexits $subcommand " "$work/page"
done
check "options were compared" test "$(cat "$work"/help.* | wc -l)" -gt 25
titles=$(sed -n 's/^   \([a-z][a-z]*\)$/\1/p' "$work/page" | xargs)
check "the page has no other subcommand" test "$titles" = "${subcommands[*]}"

"$O/bootexits-features" --help | options >"$work/help"
plain docs/bootexits-features.1 | options >"$work/options"
check "bootexits-features: its page has the options that --help has" diff "$work/help" "$work/options"

check "exitstat builds" make -s -C payload/exitstat
"$O/exitstat" --help | options >"$work/help"
plain docs/exitstat.1 | options >"$work/options"
check "exitstat: its page has the options that --help has" diff "$work/help" "$work/options"
check "and there are some" test "$(wc -l <"$work/help")" -ge 4
for program in bootexits bootexits-features exitstat; do
	"$O/$program" -V >"$work/version"
	check "$program -V: its name and version" grep -q "^$program $version\( \|$\)" "$work/version"
	check "$program -h is --help" diff <("$O/$program" -h) <("$O/$program" --help)
done

# shellcheck source=tools/completion.bash
. tools/completion.bash

# offers WORDS WORD...: for the last WORD, the completion offers WORDS
offers() {
	local want=$1

	COMP_WORDS=("$bootexits" "${@:2}")
	COMP_CWORD=$(($# - 1))
	_bootexits
	printf '%s\n' "${COMPREPLY[@]}" | sort | xargs >"$work/offered"
	diff "$work/offered" - <<<"$want"
}

cd "$work" || exit 1
mkdir logs
touch boot.trace boot.log boot.txt "two words.log"
check "completion: subcommands" offers "record report" re
check "completion: options" offers "--format= --help --label= --output= --phases --symbols= --usage --vcpu= --version" export --
check "completion: an option that has no value" offers "--json" compare --j
check "completion: an option that may have a value" offers "--color" report --co
for subcommand in "${subcommands[@]}"; do
	wanted=$({ cat "$work/help.$subcommand"; echo "--help --usage --version"; } |
		grep -oE -e '--[a-z-]+(=|)' | sort | xargs)
	check "completion: all options of $subcommand" offers "$wanted" "$subcommand" --
done
check "completion: traces, logs and directories" offers "boot.log boot.trace logs two words.log" report ""
check "completion: of a name" offers "boot.log boot.trace" compare boot.log b
check "completion: any file" offers "boot.log boot.trace boot.txt" html -o b
check "completion: no offer for a number" offers "" report --top ""
check "completion: after a flag" offers "boot.log boot.trace" compare --json b
check "completion: a value after =" offers "chrome csv" export --format = c
check "completion: all values after =" offers "always auto never" report --color =
check "completion: a short option's value" offers "name" report -s n
check "completion: record's -s is a port" offers "logs" record -s l
check "completion: a command after --" offers "mapfile" record -o x.trace -- mapfil
check "completion: the command's files" offers "boot.txt" record -- cat boot.tx
cd "$root" || exit 1

accepted() {	# SUBCOMMAND OPTION [ARGUMENT...]: the program takes each value that is offered
	local value status

	COMP_WORDS=("$bootexits" "$1" "$2" "=" "")
	COMP_CWORD=4
	_bootexits
	[[ ${#COMPREPLY[@]} -ge 2 ]] || return
	for value in "${COMPREPLY[@]}"; do
		"$bootexits" "$1" "$2=$value" "${@:3}" >"$work/out"
		status=$?
		[[ $status -ne 2 ]] || return
	done
}
for option in --sort --color --phase --unit; do
	check "completion: report takes each $option" accepted report $option tests/data/full.log
done
for option in --sort --by --vcpu; do
	check "completion: compare takes each $option" accepted compare $option tests/data/{full,slower}.log
done
for subcommand in report html plot export; do
	output=(-o /dev/null)
	[[ $subcommand != report ]] || output=()
	[[ $subcommand != export ]] || output+=(--phases)
	[[ $subcommand != plot ]] || output+=(--format svg)
	check "completion: $subcommand takes each --vcpu" accepted $subcommand --vcpu "${output[@]}" tests/data/full.log
done
check "completion: export takes each --format" accepted export --format tests/data/full.log
check "completion: plot takes each --format" accepted plot --format -o /dev/null tests/data/full.log
check "completion: doctor takes each --ready" accepted doctor --ready
check "completion: html takes each --unit" accepted html --unit -o /dev/null tests/data/full.log

# The completions of zsh and fish are made of the same table.
scripts/completion.sh zsh "$bootexits" >"$work/_bootexits" && scripts/completion.sh fish "$bootexits" >"$work/bootexits.fish"
ok $? "completions of zsh and fish are made"
zsh_options() {	# SUBCOMMAND: print what _arguments would get, one a line
	zsh -fc '_arguments() { print -rl -- "$@" }; words=(bootexits '"$1"' ""); CURRENT=3; . "$0"' "$work/_bootexits" |
		sed -nE 's/^--([a-z-]+)(=?-?)\[.*/\1\2/p'
}
fish_offers() {	# WANTED LINE
	# shellcheck disable=SC2016 # fish expands it
	diff <(tr ' ' '\n' <<<"$1" | grep .) <(cd "$work" && HOME=$work fish -c 'source bootexits.fish; complete -C "$argv[1]"' "bootexits $2" | cut -f 1 | sort)
}
for subcommand in "${subcommands[@]}"; do
	if command -v zsh >/dev/null; then
		check "zsh: all options of $subcommand" diff <(zsh_options "$subcommand" | sed 's/[=-]*$//' | sort) \
			<({ cat "$work/help.$subcommand"; printf -- '--%s\n' help usage version; } | grep -oE -e '--[a-z-]+' | cut -c 3- | sort)
	else
		skip "zsh: all options of $subcommand" "no zsh"
	fi
done
if command -v fish >/dev/null; then
	check "fish: subcommands" fish_offers "record report" re
	check "fish: options" fish_offers "--sites --sort --split" "report --s"
	check "fish: values" fish_offers "exits kvm kvm/exit name share time total total/exit" "report --sort "
	check "fish: any file" fish_offers "boot.log boot.trace boot.txt bootexits.fish" "html -o boot"
	check "fish: a subcommand is not offered another's options" fish_offers "" "check --s"
else
	skip "fish: what it offers" "no fish"
fi

check "make install" make install DESTDIR="$work/root" PREFIX=/usr
cd "$work/root/usr" || exit 1
find . -type f -printf '%m %P\n' | sort >"$work/installed"
check "installs the programs, their pages and the completions" diff "$work/installed" - <<-'END'
	644 share/bash-completion/completions/bootexits
	644 share/fish/vendor_completions.d/bootexits.fish
	644 share/man/man1/bootexits-features.1
	644 share/man/man1/bootexits.1
	644 share/zsh/site-functions/_bootexits
	755 bin/bootexits
	755 bin/bootexits-features
END
check "an installed program runs" bin/bootexits report "$root/tests/data/full.log"

done_testing
