#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: prove tests/lab/scripts.t
#
# The scripts, without an L1: their help, and what qemu.sh does if QEMU passes, fails, dies, hangs or is interrupted.
# That QEMU is a script, which writes a log and ends as it is told.
# Exit status: 0 all passed, 1 some failed.
set -uo pipefail
. "$(dirname "$0")/../lib/tap.sh"
. "$root/tests/lib/processes.sh"
log="$work/a log, with blanks/serial.log"

diagnose() {	# print the last messages
	[[ ! -e $work/said ]] || cat "$work/said"
}

cat > "$work/qemu" <<'END'
#!/bin/bash
# usage: qemu TEXT HOW ... path=LOG ...: writes TEXT to the serial log, ends as HOW says
for argument in "$@"; do
	[[ $argument != file,*path=* ]] || path=${argument##*path=}
done
[[ -z $1 ]] || printf "$1" > "${path//,,/,}"
eval "$2"
END
chmod +x "$work/qemu"
whole='bx 0 hello\r\nbx 1 end records=2 *0000\r\n'

# capture STATUS SAYS TEXT HOW: qemu.sh ends with STATUS within $limit, prints SAYS, and keeps TEXT, a printf format
limit=60
# shellcheck disable=SC2059
capture() {
	local status=0

	timeout -s KILL 3600 lab/qemu.sh -t "$limit" -o "$log" -- "$work/qemu" "$3" "$4" > "$work/said" 2>&1 || status=$?
	[[ $status -eq $1 ]] && { [[ -z $2 ]] || grep -q "$2" "$work/said"; } && cmp -s "$log" <(printf "$3")
	ok $? "QEMU that does '$4': status $1 (is $status), '$2', log kept"
}

capture_silent() {	# STATUS TEXT HOW: the same, without any message
	capture "$1" '' "$2" "$3"
	[[ ! -s $work/said ]]
	ok $? "there is no message"
}

for script in scripts/{packages,alone,capture,run-kvm,deb,dist}.sh lab/{lab,qemu,bundle,both}.sh measure/*.sh \
	lab/images/*.sh; do
	"$script" -h > "$work/said" 2>&1 && grep -q "^usage: ${script##*/}" "$work/said" &&
		grep -q '^Exit codes: ' "$work/said" && ! grep -q SPDX "$work/said"
	ok $? "$script -h"
	"$script" --nonsense > "$work/said" 2>&1
	check "$script --nonsense: status 2" test $? -eq 2
done
make -s help | grep '^  lab-shell  *open a shell' > /dev/null
ok $? "make help"
rm "$work/said"

capture_silent 0 "$whole" 'exit 33'
capture_silent 1 "$whole" 'exit 35'
capture_silent 4 "$whole" 'exit 37'
capture 0 'truncated' 'bx 0 hello\r\nbx 1 ho' 'exit 33'
capture 1 'status 0 and no verdict' "$whole" 'exit 0'
capture 1 'truncated' 'bx 0 hello\r\n' 'exit 0'
capture 1 'QEMU was killed' 'bx 0 hello\r\n' 'kill -9 $$'
capture 1 'status 139 and no verdict' "$whole" 'kill -SEGV $$'
capture 3 'did not start' '' 'exit 1'
limit=2
capture 124 'timeout after 2 s' 'bx 0 hello\r\n' 'exec sleep 600'
capture 124 'timeout after 2 s' 'bx 0 hello\r\n' 'trap "" TERM; while :; do sleep 1; done'

lab/qemu.sh -o "$log" -- "$work/no-such-qemu" > "$work/said" 2>&1
[[ $? -eq 3 ]] && grep -q "can't run" "$work/said"
ok $? "no QEMU at all: status 3"

lab/qemu.sh -o "$log" -- "$work/qemu" 'bx 0 hello\r\n' "echo \$\$ > $work/pid; exec sleep 600" > "$work/said" 2>&1 &
until [[ -s $work/pid ]]; do sleep 0.1; done
kill -TERM $!
wait $!
[[ $? -eq 130 ]] && grep -q interrupted "$work/said" && [[ -s $log ]]
ok $? "interrupted: status 130, and the log is kept"
! kill -0 "$(cat "$work/pid")" 2> /dev/null
ok $? "interrupted: QEMU is gone"

lab/lab.sh no-such-scenario > "$work/said" 2>&1
[[ $? -eq 3 && $(wc -l < "$work/said") -eq 1 ]] && grep -q 'no-such-scenario.sh is missing$' "$work/said"
ok $? "lab.sh without its scenario: status 3"

none_left > "$work/said"
ok $? "no process is left"

done_testing
