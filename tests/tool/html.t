#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: prove tests/tool/html.t          O=DIRECTORY: where to build (default build)
#
# `bootexits html'. tests/tool/browse.py opens each page in headless Chromium (scripts/packages.sh -b). The pages and their
# screenshots stay in build/test/html, so that you can look at them.
# Exit status: 0 all passed, 1 some failed.
set -uo pipefail
. "$(dirname "$0")/../lib/tap.sh"
. "$root/tests/lib/golden.sh"

check "the tool builds" make -s -C tools all
pages=$O/test/html
rm -rf "$pages"
mkdir -p "$pages"
browser=
command -v chromium >/dev/null && command -v chromedriver >/dev/null && /usr/bin/python3 -c 'import selenium' && browser=yes

# page NAME STATUS OPTIONS FILE...: make a page of these logs, twice the same, and their reports
page() {
	local name=$1 want=$2 log got
	local -a options
	read -ra options <<<"$3"
	shift 3
	reports=()
	cd tests/data || return
	for log; do
		reports+=("$work/${log##*/}.json")
		"$O/bootexits" report --json "${options[@]/--force/--no-chart}" "$log" >"${reports[-1]}"
	done
	"$O/bootexits" html "${options[@]}" -o "$pages/$name.html" "$@" 2>"$work/err"
	got=$?
	"$O/bootexits" html "${options[@]}" "$@" >"$work/again" 2>"$work/err"
	cmp "$pages/$name.html" "$work/again"
	[[ $? -eq 0 && $got -eq $want ]]
	ok $? "$name: a page, the same each time, status $want (is $got)"
	cd "$root" || return
}

# opened NAME [OPTION]: run browse.py's tests of that page as tests of this script
opened() {
	local option=${2-} result rest
	if [[ -z $browser && $option != --static ]]; then
		skip "$1: opened in a browser" "no chromium, or no selenium: scripts/packages.sh -b"
		option=--static
	fi
	# shellcheck disable=SC2086 # no word, if it is empty
	timeout 1800 tests/tool/browse.py $option "$pages/$1.html" "${reports[@]}" >"$work/tests" 2>"$work/err"
	[[ $? -le 1 && -s $work/tests && ! -s $work/err ]]
	ok $? "$1: browse.py got to its end"
	sed 's/^/# /' "$work/err"
	while read -r result rest; do
		[[ $result == ok ]]
		ok $? "$1: ${rest#"${rest%%[a-z0-9]*}"}"
	done < <(sed 's/^not ok/not-ok/' "$work/tests")
}

page one 0 '--unit=instructions --host full.host' full.log && opened one
page detailed 0 '' detailed.log && opened detailed
page hostile 0 '' hostile.log && opened hostile
page two 0 '' full.log slower.log && opened two
page vendors 0 --force three.log full.log && opened vendors --static
page differing 1 '--host full-more.host' full.log && opened differing --static
page truncated 1 '' full-truncated.log && opened truncated --static
page lost 1 --force full.log headless.log && opened lost --no-plots
page all 0 '--vcpu all' full.log && opened all
page untold 4 '' skip.log && opened untold --static
grep -q 'No picture here: no host record' "$pages/untold.html"
ok $? "without seconds there is no picture, and a message says so"

# printed NAME REPORT...: on paper, all words and numbers of the page are whole, with those of the facts
printed() {
	local name=$1
	shift
	timeout 600 chromium --headless --no-sandbox --disable-gpu --user-data-dir="$work/browser" \
		--print-to-pdf="$pages/$name.pdf" "file://$pages/$name.html" >"$work/out" 2>&1
	pdftotext -layout "$pages/$name.pdf" "$work/text" || return
	{
		jq -r '.runs[] | .phases[] | .name, .exits, (.reasons[] | .name, .exits)' "$@" |
			sed ':a; s/\B[0-9]\{3\}\>/,&/; ta'
		printf '%s\n' lane tool abi kver qemu command files exact vendor verdict bootloader
	} | sort -u >"$work/words"
	tr -s ' ' '\n' <"$work/text" | sort -u >"$work/told"
	[[ -s $work/text ]] && ! grep -E '^ *[[:alpha:]%] *$' "$work/text" && ! comm -23 "$work/words" "$work/told" | grep .
}
page study 0 '' study/cd.trace study/cd-ahci.trace
if [[ $browser ]] && command -v pdftotext >/dev/null; then
	check "study: on paper each word and number is whole" printed study "${reports[@]}"
else
	skip "study: on paper each word and number is whole" "no chromium, or no pdftotext: scripts/packages.sh -b"
fi

# Without gnuplot there is still a page, without the picture.
mkdir "$work/empty"
"$O/bootexits" report --json tests/data/full.log >"$work/none.json"
PATH=$work/empty "$O/bootexits" html -o "$pages/plain.html" tests/data/full.log 2>"$work/err" &&
	grep -q "gnuplot isn't installed" "$work/err" && grep -q 'No picture here: gnuplot' "$pages/plain.html"
ok $? "without gnuplot there is a page, status 0, and a line in it"
reports=("$work/none.json")
opened plain --no-plots

# What compare refuses, html does, too; and what else differs stands on the page.
status_of 3 'three.log: svm and vmx have no reasons in common: use --force' html full.log three.log
status_of 3 'headless.log: its host record is missing' html full.log headless.log
differs() {	# NAME TEXT
	grep -qF '"differs":['"$2" "$pages/$1.html"
}
check "two: the observer differs, and the page says so" differs two '"the observer differs: on vCPU 1, every 1,000 us / none"]'
check "vendors: the vendor differs, and the page says so" \
	differs vendors '"the vendor differs: vmx / svm: reasons are matched by name only"'
check "one: a page of one boot has no differences" differs one ']'
"$O/bootexits" record -o "$work/lab.trace" --lab --from-log tests/data/full.log 2>"$work/err"
status_of 3 'exact is no, but in .*lab.trace it is yes: use --force' html "$work/lab.trace" full.trace
status_of 3 'there is no vCPU 7' html --vcpu 7 full.log

status_of 0 'FILE2' html --help
status_of 2 'no FILE' html
status_of 2 'more than two FILEs' html full.log full.log full.log
status_of 2 'more HOST.logs than FILEs' html -H full.host -H full.host full.log
status_of 2 'unit takes cycles, instructions' html --unit miles full.log
status_of 3 'No such file' html missing.log
status_of 3 '2 runs, not one' html names.log
status_of 3 'missing/x.html: No such file' html -o missing/x.html full.log
status_of 3 'No space left' html -o /dev/full full.log
script -qec "'$O/bootexits' html tests/data/full.log" /dev/null </dev/null >"$work/out"
[[ $? -eq 2 ]] && grep -q 'refusing to write a page to a terminal' "$work/out"
ok $? "no page on a terminal"

done_testing
