#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: prove tests/tool/pager.t          O=DIRECTORY: where to build (default build)
#
# On a terminal, a pager shows the output of report, compare and bench, as with git and perf.
set -uo pipefail
. "$(dirname "$0")/../lib/tap.sh"

check "the tool builds" make -s -C tools all
unset BOOTEXITS_PAGER PAGER LESS
tool=$O/bootexits
mkdir "$work/bin"
cat >"$work/bin/fake" <<END
#!/bin/sh
{ echo "LESS=\$LESS \$*"; cat; } >"$work/paged"
END
chmod +x "$work/bin/fake"
PATH=$work/bin:$PATH

# shown SETTINGS ARGUMENT...: run on a terminal of 60 columns and 500 lines; out: its output, paged: the pager's input
shown() {
	local words
	printf -v words ' %q' "${@:2}"
	rm -f "$work/paged"
	(cd tests/data && TERM=linux timeout 60 script -qec "stty cols 60 rows 500; $1 '$tool'$words" /dev/null </dev/null) |
		tr -d '\r' >"$work/out"
}
for arguments in "report full.log" "report --color=never good.log" "compare full.log slower.log" "bench bench.log"; do
	read -ra words <<<"$arguments"
	shown BOOTEXITS_PAGER=fake "${words[@]}"
	check "$arguments: the pager gets it, and LESS" test "$(cat "$work/out"; head -n 1 "$work/paged")" = "LESS=FRX "
	sed 1d "$work/paged" >"$work/text"
	shown "" --no-pager "${words[@]}"
	check "$arguments: the pager gets the same output, with the same width" diff "$work/text" "$work/out"
done

paged() {	# NAME SETTINGS ARGUMENT...
	shown "${@:2}"
	[[ -s $work/paged && ! -s $work/out ]]
	ok $? "$1: a pager"
}
plain() {	# NAME SETTINGS ARGUMENT...
	shown "${@:2}"
	[[ ! -e $work/paged ]] && grep -q full.log "$work/out"
	ok $? "$1: no pager"
}
paged "PAGER" PAGER=fake report full.log
paged "a command with arguments" 'BOOTEXITS_PAGER="fake --an option"' report full.log
check "they are its own" grep -q -e 'LESS=FRX --an option' "$work/paged"
paged "LESS is the user's" "LESS=-R PAGER=fake" report full.log
check "LESS stays" grep -qx 'LESS=-R ' "$work/paged"
plain "BOOTEXITS_PAGER comes before PAGER" "BOOTEXITS_PAGER=cat PAGER=fake" report full.log
plain "an empty word" "BOOTEXITS_PAGER= PAGER=fake" report full.log
plain "--no-pager" PAGER=fake --no-pager report full.log
plain "a dumb terminal" "TERM=dumb PAGER=fake" report full.log
plain "JSON" PAGER=fake report --json full.log
plain "a program that isn't there" PAGER=no-such-pager report full.log
plain "no less" PATH=/nowhere report full.log
(cd tests/data && PAGER=fake "$tool" report full.log) >"$work/out"
[[ ! -e $work/paged && -s $work/out ]]
ok $? "a pipe: no pager"

for want in 0:report:full.log 1:report:full-truncated.log 2:report:--top=x; do
	IFS=: read -r status command log <<<"$want"
	shown PAGER=fake "$command" "$log"
	(cd tests/data && TERM=linux script -qec "PAGER=fake '$tool' $command $log" /dev/null </dev/null) >"$work/out"
	[[ $? -eq $status ]]
	ok $? "$command $log: its status stays $status"
done

if command -v less >/dev/null; then
	shown "" report full.log
	cp "$work/out" "$work/less"
	shown "" --no-pager report full.log
	check "less shows what fits the screen and waits for no key" diff <(tr -d '\033' <"$work/less" | sed 's/\[[0-9;?]*[a-zA-Z]//g; s/^[>=]*//') \
		<(tr -d '\033' <"$work/out" | sed 's/\[[0-9;?]*[a-zA-Z]//g')
else
	skip "less shows what fits the screen and waits for no key" "no less"
fi

done_testing
