#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: prove tests/tool/outputs.t        O=DIRECTORY: where the tools are built (default build)
#
# The files that the programs write. A file is whole, or stays as it was. Links of other users are not followed. If
# standard input, output or error is closed, no file that a program opens takes its place.
# Exit status: 0 all passed, 1 some failed.
set -uo pipefail
. "$(dirname "$0")/../lib/tap.sh"
tool=$O/bootexits
full=$root/tests/data/full.log
user=(setpriv --reuid=65534 --regid=65534 --clear-groups)
cd "$work" || exit 1

# The subcommands that can write a file: it must have what they would print.
declare -A commands=(
	[plot]='plot -f svg' [html]='html' [csv]='export' [chrome]='export -f chrome'
	[folded]='export -f folded' [openmetrics]='export -f openmetrics'
)
mkdir small
small=
if mount -t tmpfs -o size=8k none small 2> said; then
	small=1
	trap 'umount "$work/small"; rm -rf "$work"' EXIT
else
	skip "a full disk" "mounting is not permitted here"
fi
for what in "${!commands[@]}"; do
	read -ra command <<< "${commands[$what]}"
	"$tool" "${command[@]}" -o "$what.out" "$full" 2> said && "$tool" "${command[@]}" "$full" > "$what.printed" 2> said &&
		cmp "$what.out" "$what.printed"
	ok $? "$what: -o FILE has what is printed"

	chmod 640 "$what.out"
	[[ $EUID != 0 ]] || chown 1:2 "$what.out"
	before=$(stat -c '%a %u %g' "$what.out")
	ln -sfn "$what.out" link
	"$tool" "${command[@]}" -o link "$full" 2> said && [[ -L link && $(stat -c '%a %u %g' "$what.out") == "$before" ]] &&
		cmp "$what.out" "$what.printed"
	ok $? "$what: mode and owner of the old file stay, and a link of the user's own is followed"

	[[ -n $small && $(wc -c < "$what.printed") -gt 4096 ]] || continue
	echo old > small/out
	"$tool" "${command[@]}" -o small/out "$full" > said 2>&1
	[[ $? -eq 3 && $(wc -l < said) -eq 1 && $(< small/out) == old && $(ls small) == out ]] &&
		grep -q "small/out: No space left" said
	ok $? "$what: no room for all of it: status 3, and the old file stays as it was"
done

# Closed standard descriptors change no byte of a file, and the status is 0.
for closed in '<&-' '>&-' '2>&-' '<&- >&-' '<&- >&- 2>&-'; do
	for what in plot html; do
		eval '"$tool"' "${commands[$what]}" '-o closed.out "$full"' "$closed"
		status=$?
		check "$what $closed: status 0 (is $status), and the same bytes" cmp closed.out "$what.printed"
	done
	eval '"$tool" record --from-log -o closed.trace "$full"' "$closed"
	status=$?
	[[ $status -eq 0 ]] && ! grep -v '^{' closed.trace && "$tool" check closed.trace > said
	ok $? "record $closed: a trace, and nothing else in it"
done
"$tool" plot -o - "$full" >&- 2> said
check "plot to an output that is closed: status 3 (is $?)" grep -q 'Bad file descriptor' said
for program in "bootexits report $full" "bootexits-features"; do
	# shellcheck disable=SC2086 # its arguments
	"$O"/$program >&- 2> said
	check "${program%% *} to an output that is closed: status 3" test $? -eq 3
done
# "-" and /dev/stdout are the descriptor itself: what was printed before stays, and a socket will do.
for out in - /dev/stdout; do
	{ echo before; "$tool" record --from-log -o $out "$full" 2> said; echo after; } > both
	[[ $(head -n 1 both) == before && $(tail -n 1 both) == after ]] && sed '1d; $d' both > inner && "$tool" check inner > said
	ok $? "record -o $out to a file that others write to: all of the trace is there, and of the rest"
	"$tool" record --from-log -o $out "$full" >&- 2> said
	check "record -o $out to an output that is closed: status 3" test $? -eq 3
	"$tool" html -o $out "$full" >&- 2> said
	check "html -o $out to an output that is closed: status 3" test $? -eq 3
done
python3 - "$tool" "$full" << 'END'
import socket, subprocess, sys
ours, its = socket.socketpair()
reader = subprocess.Popen(["cat"], stdin=ours, stdout=open("received", "wb"))
ours.close()
run = subprocess.run([sys.argv[1], "record", "--from-log", "-o", "-", sys.argv[2]], stdout=its, stderr=subprocess.DEVNULL)
its.close()
reader.wait()
sys.exit(run.returncode)
END
status=$?
[[ $status -eq 0 ]] && "$tool" check received > said
ok $? "record -o - to a socket: status 0 (is $status), and a whole trace"
# A program's first calls show whether it fills closed standard descriptors.
for program in "bootexits check $full" "bootexits-features" "exitstat show"; do
	# shellcheck disable=SC2086 # its arguments
	strace -o opened -e trace=open,openat,fcntl "$O"/$program > said 2>&1 <&- || :
	[[ $(grep -c 'F_GETFD' opened) -eq 3 ]] && grep -Eq '"/dev/null", O_WRONLY\) += 0$' opened
	ok $? "${program%% *}: closed descriptors are opened first"
done

printf '#!/bin/sh\ncat > /dev/null\n' > gnuplot
chmod +x gnuplot
cp plot.out before
PATH=$work:$PATH "$tool" plot -f svg -o plot.out "$full" 2> said
[[ $? -eq 3 ]] && grep -q '^[^:]*: gnuplot: ' said && cmp plot.out before
ok $? "if gnuplot draws nothing and returns 0: status 3, and the old picture stays"
rm gnuplot

# Links and other files of another user
if [[ $EUID != 0 ]]; then
	skip "another user's links" "this is not root"
else
	chmod 755 "$work"
	mkdir -m 1777 sticky
	mkdir theirs
	chown 65534 theirs
	echo secret > victim
	chmod 600 victim
	for where in sticky theirs; do
		"${user[@]}" ln -s "$work/victim" "$where/a.svg"
		"${user[@]}" ln -s "$work" "$where/way"
		"${user[@]}" mkfifo -m 666 "$where/fifo"
		for name in a.svg way/victim; do
			"$tool" plot -f svg -o "$where/$name" "$full" > said 2>&1
			[[ $? -eq 3 && $(< victim) == secret ]] && grep -q 'its path has a link that somebody else could have made' said
			ok $? "another user's link, $where/$name: status 3, and what it leads to stays"
		done
		timeout 60 "$tool" plot -f svg -o "$where/fifo" "$full" > said 2>&1
		check "another user's FIFO in $where: status 3" test $? -eq 3
		"${user[@]}" touch "$where/old"
		"${user[@]}" chmod 666 "$where/old"
		"$tool" plot -f svg -o "$where/old" "$full" > said 2>&1 && [[ $(stat -c '%a %u' "$where/old") == '644 0' ]]
		ok $? "the new file in place of another user's in $where is not theirs"
	done
	# The user puts a link there between two of the program's looks at the name.
	echo secret > victim
	chmod 600 victim
	"${user[@]}" rm -rf theirs/old theirs/a.svg
	for what in html csv; do
		read -ra command <<< "${commands[$what]}"
		rm -f theirs/new
		strace -o opened -e trace=newfstatat,openat "$tool" "${command[@]}" -o theirs/new "$full" > said 2>&1
		for call in newfstatat openat; do
			grep "^$call" opened | grep -n '"new"' | cut -d: -f 1 > looks
			while read -r look; do
				rm -f theirs/new
				strace -o delayed -e trace=$call -e inject=$call:delay_enter=1000000:when="$look" \
					"$tool" "${command[@]}" -o theirs/new "$full" > said 2>&1 < /dev/null &
				sleep 0.5
				"${user[@]}" ln -sf "$work/victim" theirs/new
				wait $!
				check "$what: a link that comes before $call number $look: what it leads to stays" \
					test "$(< victim) $(stat -c %a victim)" = "secret 600"
			done < looks
		done
		check "$what: the calls that look at the name were seen" grep -q '"new"' opened
	done
	# Another user can move an old file of root's to another name.
	"$tool" html -o theirs/page "$full" > said 2>&1
	"${user[@]}" mv theirs/page theirs/boot.trace
	"$tool" record --from-log -o theirs/boot.trace "$full" > said 2>&1
	check "a trace does not take over the mode of another file" test "$(stat -c '%a %u' theirs/boot.trace)" = '600 0'
	mkfifo mine
	cat mine > piped &
	timeout 60 "$tool" plot -f svg -o mine "$full" && wait $! && cmp piped plot.printed
	ok $? "a FIFO of the user's own is written to"
fi

done_testing
