#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: prove tests/tool/record.t         O=DIRECTORY: where to build (default build)
#
# `bootexits record': what it starts, how it ends, and that nothing captured is lost, whichever process dies. QEMU is
# mostly a script here, which writes a log and ends as it is told. Some tests run QEMU itself, by TCG.
# tests/host/record-kvm.t tests QMP on a real KVM.
# Exit status: 0 all passed, 1 some failed.
set -uo pipefail
. "$(dirname "$0")/../lib/tap.sh"
tool=$O/bootexits
unset LANE
mkdir -p "$work/a path, with blanks"
trace="$work/a path, with blanks/boot.trace"

diagnose() {	# print the messages, and the trace
	[[ ! -e $work/said ]] || cat "$work/said"
	[[ ! -e $trace ]] || "$tool" check "$trace" 2>&1 | tail -n 5
}

cp tests/lib/fake-qemu.sh "$work/qemu"
export ARGUMENTS=$work/arguments
whole=tests/data/full.log
head -n 40 $whole >"$work/part"

record() {	# ARGUMENT...: record into $trace, or $into; sets status
	status=0
	timeout -s KILL 3600 "$tool" record -o "${into:-$trace}" "$@" >"$work/said" 2>&1 </dev/null || status=$?
}

last() {	# FILTER: it is true for the trace's last line
	tail -n 1 "$trace" | jq -e "$1" >"$work/jq"
}

records() {	# FILE: print how many records it has
	grep -ac '^{"guest":"' "$1"
}

# ends STATUS SAYS TEXT HOW: the trace is whole, and nothing else is left
ends() {
	record -- "$work/qemu" "$3" "$4"
	[[ $status -eq $1 && $(wc -l <"$work/said") -eq 1 ]] && grep -q "$2" "$work/said" &&
		last '.end == "complete"' && [[ $(records "$trace") -eq $(grep -c '^bx' "$3") && ! -e $trace.logs ]]
	ok $? "QEMU that does '$4': status $1 (is $status), $2; a whole trace and nothing else"
}

# fails STATUS SAYS TEXT HOW [OPTION...]: the trace is truncated, and the logs stay
fails() {
	local want=$1 says=$2 text=$3 how=$4
	shift 4
	record "$@" -- "$work/qemu" "$text" "$how"
	[[ $status -eq $want ]] && grep -q "$says" "$work/said" && last '.end == "truncated"' &&
		[[ $(records "$trace") -eq $(grep -c '^bx' "$text") ]] && cmp -s "$text" "$trace.logs/serial.log" &&
		grep -q "what was captured is also in .*logs" "$work/said"
	ok $? "QEMU that does '$how': status $want (is $status), $says; all of it kept"
	"$tool" check "$trace" >"$work/checked"
	[[ $? -eq 1 ]] && grep -q 'trace: truncated' "$work/checked"
	ok $? "its trace says truncated"
	rm -rf "$trace.logs"
}

# gone FILE: the processes whose ids are in FILE end within seconds
gone() {
	local i pid

	while read -rd' ' pid; do
		for ((i = 0; i < 3000; i++)); do
			grep -q '^State:.[^Z]' "/proc/$pid/status" 2>/dev/null || continue 2
			sleep 0.1
		done
		return 1
	done <"$1"
}

# started: start a recording, and wait until QEMU runs and the trace has records
started() {
	rm -rf "$work/pid" "$trace"*
	"$tool" record -o "$trace" -- "$work/qemu" "$work/part" \
		"trap '' TERM; sleep 100 & echo \"\$! \$\$ \" >$work/pid; wait; sleep 100" >"$work/said" 2>&1 </dev/null &
	recorder=$!
	until [[ -s $work/pid && -s $trace ]] && [[ $(records "$trace") -gt 30 ]]; do sleep 0.1; done
}

ends 0 'verdict pass' $whole 'exit 33'
ends 1 'verdict fail' tests/data/fail.log 'exit 35'
ends 4 'verdict skip' tests/data/skip.log 'exit 37'
# bootexits-init has no ports, and Linux switches the VM off. The payload's half of the records may be read last.
python3 - "$work" <<'END'
import binascii, sys
def half(start, *records):
    records = [f"hello proto=1 version=1.0 start={start}", *records, f"end records={len(records) + 2}"]
    lines = [f"bx {number} {text}" for number, text in enumerate(records)]
    return "".join(f"{line} *{binascii.crc_hqx(line.encode(), 0):04x}\r\n" for line in lines)
payload = half("multiboot1", "linux version=6.1 major=2 minor=15 kernel=5 initrd=6", "verdict result=pass")
for result in "pass", "fail":
    open(f"{sys.argv[1]}/init-{result}.log", "w").write(half("init", f"verdict result={result}") + payload)
open(f"{sys.argv[1]}/init.log", "w").write(half("init"))
END
ends 0 'verdict pass' "$work/init-pass.log" 'exit 0'
ends 1 'verdict' "$work/init-fail.log" 'exit 0'
ends 1 'verdict' "$work/init-fail.log" 'exit 33'
fails 1 "truncated: the guest's verdict is missing" "$work/init.log" 'exit 0'
fails 1 'status 0 and no verdict' $whole 'exit 0'
fails 1 'status 0 and no verdict' "$work/part" 'exit 0'
fails 1 'killed, by signal 9' "$work/part" 'kill -9 $$'
fails 1 'killed, by signal 11' "$work/part" 'kill -SEGV $$'
fails 124 'truncated: timeout' "$work/part" 'exec sleep 600' -t 5
fails 124 'truncated: timeout' "$work/part" 'trap "" TERM; while :; do sleep 1; done' -t 5

rm -rf "$trace"*
record -- "$work/qemu" /dev/null 'echo no machine >&2; exit 1'
[[ $status -eq 3 && -z $(compgen -G "$trace.*") ]] && last '.end == "truncated"' && grep -q 'status 1 and no verdict' "$work/said"
ok $? "QEMU that does not start: status 3, and no empty logs are left"
rm "$trace"
for command in "$work/no-such-qemu" "$work/part"; do
	record -- "$command"
	check "nothing to start: status 3 (is $status), one line, no file" \
		test "$status $(wc -l <"$work/said") $(compgen -G "$trace*")" = '3 1 '
done
cp $whole "$trace"
record -- "$work/no-such-qemu"
cmp "$trace" $whole
ok $? "the file from before stays"

started
kill -INT $recorder
wait $recorder
[[ $? -eq 130 ]] && last '.why == "interrupted"' && gone "$work/pid"
ok $? "Ctrl-C: status 130, the trace is kept, QEMU and what it started are gone"
started
kill -9 $recorder
{ wait $recorder; } 2>/dev/null
gone "$work/pid"
ok $? "record itself killed: QEMU and what it started are gone within seconds"
"$tool" check "$trace" >"$work/said"
[[ $? -eq 1 ]] && grep -q 'truncated: it has no end line' "$work/said"
ok $? "its trace is readable, and truncated"
"$tool" record --from-log -o "$work/again.trace" "$trace.logs" 2>"$work/said" &&
	[[ $(records "$work/again.trace") -eq $(grep -c '^bx' "$work/part") ]]
ok $? "the logs that it left have all that the VM wrote"

# If standard error is closed, messages go nowhere.
"$tool" record -o "$work/p.trace" -- "$work/qemu" "$work/part" 'exit 1' -serial none </dev/null 2>&-
[[ $? -eq 1 ]] && ! grep -av '^{' "$work/p.trace" >"$work/said" && [[ $(records "$work/p.trace") -eq $(grep -c '^bx' "$work/part") ]]
ok $? "with standard error closed: no message is in the trace"
rm -rf "$work"/p.trace*

started
record -- "$work/qemu" $whole 'exit 33'
[[ $status -eq 3 && $(wc -l <"$work/said") -eq 1 ]] && grep -q 'another recording writes to it' "$work/said"
ok $? "two recordings into one file: the second is refused"
kill $recorder
wait $recorder
ends 0 'verdict pass' $whole 'exit 33'
# Another recording ends, and puts a new file there, just before this one asks for the lock.
echo 'int unlink(const char *); int flock(int fd, int op) { return unlink("'"$work/gone"'"), 0 * (fd + op); }' |
	gcc -shared -fPIC -x c -o "$work/flock.so" -
touch "$work/gone"
LD_PRELOAD=$work/flock.so "$tool" record -o "$work/gone" --from-log $whole >"$work/said" 2>&1
[[ $? -eq 3 ]] && grep -q 'gone: another recording writes to it' "$work/said"
ok $? "a recording into a file that was just removed is refused"

{ head -c 3000 /dev/zero | tr '\0' '\377'; sed '5s/a/b/; 9s/ \*.*//' $whole; } >"$work/garbage"
record -- "$work/qemu" "$work/garbage" 'exit 33'
[[ $status -eq 0 ]] && grep -q ' records, 2 defects, verdict pass' "$work/said" &&
	! "$tool" check "$trace" >"$work/checked" && [[ $(grep -c 'CRC: the record' "$work/checked") -eq 2 &&
	$(jq -r 'select(.bad) | .text' "$trace" | wc -l) -eq 2 ]]
ok $? "garbage and bad checksums are counted, reported, shown and kept"

(ulimit -f 8; record -- "$work/qemu" $whole 'exec sleep 600'; exit $status)
[[ $? -eq 3 && $(grep -c 'not all was written' "$work/said") -eq 1 ]] && "$tool" check "$trace" >"$work/checked"
[[ $? -eq 1 && $(records "$trace") -gt 20 ]] && ! grep -q 'JSON' "$work/checked" && tail -c 1 "$trace" | cmp - <(echo)
ok $? "a file's limit (EFBIG): status 3, and all whole lines up to it"
rm -rf "$trace.logs"
mkdir "$work/small"
if mount -t tmpfs -o size=16k none "$work/small" 2>"$work/said"; then
	into=$work/small/boot.trace record -- "$work/qemu" $whole 'exec sleep 600'
	[[ $status -eq 3 ]] && grep -q 'No space left' "$work/said" && ! "$tool" check "$work/small/boot.trace" >"$work/checked" &&
		! grep -q JSON "$work/checked" && [[ $(records "$work/small/boot.trace") -gt 10 ]]
	ok $? "a full disk (ENOSPC): status 3, and all whole lines up to it"
	rm -rf "$work/small"/*
	"$tool" record -o "$work/small/boot.trace" --from-log $whole >"$work/said" 2>&1
	[[ $? -eq 3 && $(ls "$work/small") == boot.trace && $(records "$work/small/boot.trace") -eq $(grep -c '^bx' $whole) ]] &&
		grep -q 'not all was written: No space left' "$work/said" && ! "$tool" check "$work/small/boot.trace" >"$work/checked" &&
		! grep -q JSON "$work/checked" && ! grep -q '"end":"complete"' "$work/small/boot.trace"
	ok $? "a full disk while lines are put in order: status 3, all of them, not called complete, and no other file"
	umount "$work/small"
else
	skip "a full disk (ENOSPC)" "mounting is not permitted here"
fi
into=/dev/full TMPDIR=$work/small record -- "$work/qemu" $whole 'exec sleep 600'
[[ $status -eq 3 ]] && grep -q '/dev/full: not all was written: No space left' "$work/said" && rm -rf "$work"/small/bootexits.logs.* && rmdir "$work/small" &&
	mkdir "$work/small" && [[ ! -e /dev/full.logs ]]
ok $? "-o /dev/full: status 3 at once, and nothing is left"
"$tool" record -o /dev/stdout -- "$work/qemu" $whole 'exit 33' 2>"$work/said" </dev/null | "$tool" check - >"$work/checked"
ok $? "a pipe takes a trace, too"
"$tool" record -o - -- "$work/qemu" $whole 'echo of "QEMU"; exit 33' 2>"$work/said" </dev/null | tee "$work/piped" | "$tool" check - >"$work/checked"
[[ $? -eq 0 && ! -e - ]] && ! grep -q 'of QEMU' "$work/piped" && grep -q 'of QEMU' "$work/said"
ok $? "-o -: the standard output takes it, and what QEMU prints is not in it"
"$tool" record -o - -- "$work/qemu" $whole 'exit 33' >"$work/file" 2>"$work/said" </dev/null && "$tool" check "$work/file" >"$work/checked"
ok $? "-o -: a file that is the standard output takes it, too"
script -qec "'$tool' record -o - -- '$work/qemu' $whole 'exit 33'" /dev/null </dev/null >"$work/said"
[[ $? -eq 2 ]] && grep -q 'refusing to write a trace to a terminal; use -o FILE' "$work/said" && [[ ! -e - ]]
ok $? "-o -: no trace on a terminal"

# usage STATUS SAYS ARGUMENT...
usage() {
	local want=$1 says=$2
	shift 2
	"$tool" record "$@" >"$work/said" 2>&1 </dev/null
	[[ $? -eq $want ]] && head -n 1 "$work/said" | grep -q "$says"
	ok $? "record $*: status $want, $says"
}
usage 2 'nothing to record'
usage 2 'nothing to record' --
usage 2 'not a number' -t 0 -- qemu
usage 2 'one port' --from-serial a b
usage 3 'No such file' -o "$work/none/boot.trace" -- "$work/qemu" /dev/null 'exit 33'
usage 3 'Is a directory' -o "$work" -- "$work/qemu" /dev/null 'exit 33'
usage 3 'No such file' -o "$work/x.trace" --from-serial "$work/none"
usage 3 "can't be set to 12345" -o "$work/x.trace" --from-serial -b 12345 /dev/ptmx
usage 3 'No such file' -o "$work/x.trace" --from-log "$work/none"
usage 3 'no observer.log' -o "$work/x.trace" --from-log "$work/small"
usage 3 'daemonize' -o "$work/x.trace" -- qemu-system-x86_64 -daemonize
check "and no file is left" test -z "$(compgen -G "$work/x.trace*")"
cp $whole "$work/same.log"
usage 3 'the trace would overwrite this log' -o "$work/same.log" --from-log "$work/same.log"
cmp $whole "$work/same.log"
ok $? "and the log stays"
"$tool" record -o "$work/again.trace" --from-log - <$whole 2>"$work/said" && "$tool" check "$work/again.trace" >"$work/checked"
ok $? "a log comes from the standard input, too"
for log in - $whole; do
	scripts/capture.sh -o "$work/again.trace" "$log" <$whole 2>"$work/said" &&
		"$tool" check "$work/again.trace" >"$work/checked"
	ok $? "capture.sh $log"
done

# has WANT REGEX ARGUMENT...: QEMU gets WANT arguments that match REGEX
has() {
	local want=$1 regex=$2
	shift 2
	record -- "$work/qemu" $whole 'exit 33' "$@"
	[[ $(grep -Ec -- "$regex" "$ARGUMENTS") -eq $want ]]
	ok $? "record -- qemu $*: $want times $regex"
}
has 1 'iobase=0xbe8' -m 64
has 1 '^isa-debug-exit,iobase=0xf4,iosize=4$' -m 64
has 1 '^panic=pause$' -m 64

# The user's own devices. At the payload's port they are used. If they are elsewhere, ours are added.
exit_ours='^isa-debug-exit,iobase=0xf4,iosize=4$'
printf '[device "x"]\n  driver = "isa-debug-exit"\n  iobase = "0xf4"\n' >"$work/exit.cfg"
printf '[global]\n  driver = "isa-debug-exit"\n  property = "iobase"\n  value = "244"\n' >"$work/global.cfg"
printf '[device]\n  driver = "pvpanic"\n' >"$work/pvpanic.cfg"
has 0 "$exit_ours" -device isa-debug-exit,iobase=0xf4
has 0 "$exit_ours" --device isa-debug-exit,iobase=244,iosize=1
has 0 "$exit_ours" -device iosize=4,driver=isa-debug-exit,iobase=0364
has 0 "$exit_ours" -device isa-debug-exit,iobase=0xf0,iosize=8
has 0 "$exit_ours" -device '{"driver":"isa-debug-exit","iobase":244}'
has 0 "$exit_ours" -global isa-debug-exit.iobase=0xf4 -device isa-debug-exit
has 0 "$exit_ours" -global driver=isa-debug-exit,property=iobase,value=0xf4 -device isa-debug-exit
has 0 "$exit_ours" -readconfig "$work/exit.cfg"
has 0 "$exit_ours" -readconfig "$work/global.cfg" -device isa-debug-exit
has 1 "$exit_ours" -device isa-debug-exit
has 1 "$exit_ours" -device isa-debug-exit,iobase=0x501,iosize=2
has 1 "$exit_ours" -device isa-debug-exit,iobase=0xf0
has 1 "$exit_ours" -device '{"driver":"isa-debug-exit","iobase":1281}'
has 1 "$exit_ours" -global isa-debug-exit.iobase=0xf4 -device isa-debug-exit,iobase=0x501
has 1 "$exit_ours" -append 'isa-debug-exit,iobase=0xf4'
has 1 "$exit_ours" -readconfig "$work/none.cfg"

console_ours='^isa-debugcon,iobase=0xbe8,readback=0xe9,chardev=bx-observer$'
told() {	# SAYS: the last record said it, in one line
	[[ $(grep -c "bootexits: .*$1" "$work/said") -eq 1 ]]
	ok $? "and it says: $1"
}
has 1 "$console_ours" -device isa-debugcon,iobase=0x402,chardev=mine
has 1 "$console_ours" -debugcon stdio
has 0 "$console_ours" -device isa-debugcon,iobase=3048,chardev=mine
told 'isa-debugcon at port 0xbe8: what the observer prints there is not in the trace$'
has 0 "$console_ours" -global isa-debugcon.iobase=0xBE8 -debugcon stdio

has 1 '^pvpanic,' -append 'console=ttyS0 panic=-1'
has 1 '^pvpanic,' -device pvpanic-pci
has 1 '^panic=pause$' -device pvpanic-pci
has 0 '^pvpanic,ioport=0x505' -device pvpanic
has 1 '^panic=pause$' -device pvpanic,ioport=1285,events=1
has 1 'string=sync' -device pvpanic
has 1 '^pvpanic,' -action panic=pause
has 0 '^pvpanic,|string=sync' -action reboot=shutdown,panic=exit-failure
told '-action panic=exit-failure: the guest can.t pause, so the host.s counts'
has 0 'panic=pause|string=sync' -device pvpanic,ioport=0x606
told 'pvpanic at port 0x606: the payload needs it at 0x505'
has 0 'string=sync' -device pvpanic,events=2
told 'with events=1 or 3'
has 0 '^(file|socket),id=bx-' -chardev null,id=bx-x
has 3 'id=bx1-(serial|observer|qmp),' -chardev null,id=bx-x
has 1 'string=sync' -m 64
has 1 'opt/org.bootexits/options' -fw_cfg name=opt/org.bootexits/options,string=selftest
told 'without sync, the host.s counts are not in the trace'
has 1 'opt/org.bootexits/options' -fw_cfg 'opt/org.bootexits/options,string=selftest sync'
! grep -q 'without sync' "$work/said"
ok $? "no complaint if the user's options have sync"
has 1 'string=sync' -append 'a opt/org.bootexits/options b'
has 1 'string=sync' -name opt/org.bootexits/options -append -serial
! grep -q -e -serial "$work/said"
ok $? "what follows -append is a text, and no option"
has 1 '^-daemonize$' -append -daemonize
has 1 '^name=opt/org.bootexits/kernel,string=VM images,, 2/payload$' -kernel 'VM images, 2/payload' -append samples=10
has 0 'opt/org.bootexits/kernel' -kernel images/payload
has 1 '^-serial$' -m 64
has 2 '^-serial$' -serial stdio
grep -q 'bootexits: -serial: what the guest prints there is not in the trace$' "$work/said"
ok $? "record reports the user's own serial port"

# A monitor that answers like QEMU's. It has two vCPUs, and lists them in another order than their numbers'.
cat >"$work/monitor" <<'END'
import json, os, sys, threading, time
qmp = os.fdopen(int(sys.argv[1]), "r+b", buffering=0)
def say(text):
    qmp.write(json.dumps(text).encode() + b"\r\n")
def heard(what):
    message = json.loads(qmp.readline())
    assert message["execute"] == what, message
    return message
say({"QMP": {}})
heard("qmp_capabilities")
say({"return": {}})
vcpus = [{"cpu-index": 0, "qom-path": "/a"}, {"cpu-index": 1, "qom-path": "/b"}]
for vcpu, cpu in zip(vcpus, sys.argv[3:]):
    thread = threading.Thread(target=time.sleep, args=(9,), daemon=True)
    thread.start()
    os.sched_setaffinity(thread.native_id, {int(cpu)})
    vcpu["thread-id"] = thread.native_id
say({"return": vcpus,
     "id": heard("query-cpus-fast")["id"]})
for count in 18446744073709, 7, None:
    say({"event": "GUEST_PANICKED", "data": {"action": "pause"}})
    asked = heard("query-stats")
    assert asked["arguments"]["providers"] == [{"provider": "kvm", "names": ["exits"]}]
    say({"id": asked["id"], "error": {"class": "CommandNotFound"}} if count is None else
        {"id": asked["id"], "return": [
            {"qom-path": path, "provider": "kvm", "stats": [{"name": "exits", "value": count + n}]}
            for path, n in (("/b", 1), ("/a", 0))]})
    heard("cont")
    say({"return": {}})
open(sys.argv[2], "w").write("ok")
END
# shellcheck disable=SC2016 # the script expands it
record -- "$work/qemu" $whole "python3 $work/monitor \$qmp $work/heard; exit 33"
counts=$(jq -c 'select(.host == "host") | [.sync, .exits]' "$trace"; jq -c 'select(.host == "vcpu") | [.sync, .vcpu, .exits]' "$trace")
check "QMP: at each pause the host's counts are asked for, and the guest goes on, without them, too" \
	test -s "$work/heard" -a "$status $(xargs <<< "$counts")" = \
	'0 [0,36893488147419] [1,15] [0,1,18446744073710] [0,0,18446744073709] [1,1,8] [1,0,7]'

apart() {	# EXPECTED CPU...: the trace says this of two vCPUs whose threads run on these CPUs
	local expected=$1
	shift
	record -- "$work/qemu" $whole "python3 $work/monitor \$qmp $work/heard $*; exit 33"
	check "QMP: vCPUs on CPUs ${*:-that are not known}: apart is $expected" test "$status $(jq -c \
		'select(.host == "vcpu" and .sync == 0) | [.vcpu, .apart]' "$trace" | sort | xargs)" = "0 $expected"
}
apart '[0,0] [1,0]'
apart '[0,0] [1,0]' 0 0
if [[ $(nproc) -gt 1 ]]; then
	apart '[0,1] [1,1]' 0 1
fi

# A serial line at the pace of 115,200 baud. It loses, doubles, swaps and breaks lines.
cat >"$work/line" <<'END'
import os, pty, random, subprocess, sys, time, tty
tool, log, trace = sys.argv[1:]
random.seed(5)
lines, sent, hurt = open(log, "rb").read().splitlines(True), [], set()
for i, line in enumerate(lines):
    what = random.choice(["lose", "double", "swap", "break"]) if 4 < i < len(lines) - 3 and i % 5 == 0 else ""
    if what == "break":
        at = random.randrange(3, len(line) - 8)
        line = line[:at] + b"\x80" + line[at + 1:]
        hurt.add(i)
    if what == "lose":
        hurt.add(i)
        continue
    sent += [line, line] if what == "double" else [line]
    if what == "swap":
        sent[-2:] = reversed(sent[-2:])
master, slave = pty.openpty()
tty.setraw(slave)
recorder = subprocess.Popen([tool, "record", "-t", "3600", "-o", trace, "--from-serial", os.ttyname(slave)])
time.sleep(0.5)
for byte in [b"".join(sent)[i:i + 64] for i in range(0, len(b"".join(sent)), 64)]:
    os.write(master, byte)
    time.sleep(64 * 10 / 115200)
status = recorder.wait()
seen = set(line.split(b",")[1] for line in open(trace, "rb") if line.startswith(b'{"guest":"'))
want = set(b'"seq":%d' % i for i in range(len(lines)) if i not in hurt)
print("status", status, "lost", len(want - seen), "more", len(seen - want), "hurt", len(hurt))
END
python3 "$work/line" "$tool" $whole "$trace" >"$work/said" 2>&1
grep -Eq '^status 0 lost 0 more 0 hurt ([5-9]|1[0-9])$' "$work/said"
ok $? "a bad serial line: each record that survived is there"
"$tool" check "$trace" >"$work/checked"
[[ $? -eq 1 ]] && grep -q 'CRC: the record says' "$work/checked" && grep -q 'sequence: .* missing' "$work/checked" &&
	grep -q 'sequence: .* after' "$work/checked"
ok $? "check reports what was lost, doubled, swapped and broken"
"$tool" record -o "$trace" --from-serial - <"$work/part" >"$work/said" 2>&1
[[ $? -eq 1 ]] && last '.why == "the line ended before the guest did"'
ok $? "a line that ends before the guest does: status 1"
"$tool" record -o "$trace" --from-serial - < <(head -c -2 $whole) >"$work/said" 2>&1 && last '.end == "complete"'
ok $? "a line that ends with the last record, and not with a line's end: status 0"
"$tool" record -o "$trace" --from-serial - < <(cat $whole; exec sleep 60) >"$work/said" 2>&1 && last '.end == "complete"'
ok $? "the last record ends it"
limited 60 "$tool" record -o "$trace" --from-serial - < <(cat $whole; exec yes) >"$work/said" 2>&1 && last '.end == "complete"'
ok $? "the last record also ends it if the line goes on"
SECONDS=0
"$tool" record -t 1 -o "$trace" --from-serial - < <(cat "$work/part"; echo $BASHPID >"$work/pid"; exec sleep 3600) >"$work/said" 2>&1
check "a line that falls silent: timeout" test "$?" -eq 124 -a "$SECONDS" -lt 3000
kill "$(<"$work/pid")"
"$tool" record -t 1 -o "$trace" --from-serial - </dev/zero >"$work/said" 2>&1
[[ $? -eq 124 ]]
ok $? "a line that never falls silent: timeout"

# The progress of the boot: one line on a terminal, elsewhere a line now and then
script -qec "stty cols 80; '$tool' record -o '$work/p.trace' -- '$work/qemu' $whole 'sleep 3; exit 33'" /dev/null \
	</dev/null >"$work/said" 2>&1
grep -aq $'\r\033\\[K *[0-9]* s  [a-z]*: [0-9,]* guest exits, [0-9,]*/s, [0-9.]* s of guest time' "$work/said"
ok $? "on a terminal there is a line that says where the boot is"
# shellcheck disable=SC2016 # the script expands it
"$tool" record -o "$work/p.trace" -- "$work/qemu" "$work/part" "sleep 20; tail -n +41 $root/$whole >>\$log; exit 33" >"$work/said" 2>&1 </dev/null
grep -Eq '^   1[5-9] s  [a-z]+: [0-9,]+ guest exits' "$work/said" && [[ $(wc -l <"$work/said") -eq 2 ]]
ok $? "elsewhere it comes each 15 s"

record -t 3000 -- qemu-system-x86_64 -accel tcg -m 64 -nodefaults -display none -no-reboot -cdrom "$O/bootexits.iso"
[[ $status -eq 4 && ! -e $trace.logs ]] && last '.end == "complete" and .status == 4' &&
	head -n 1 "$trace" | jq -e '.source == "qemu" and .unit == "cycles" and (.exact | not) and
		(.qemu | startswith("QEMU emulator")) and .host_kernel and .command[0] == "qemu-system-x86_64" and
		(.files[] | select(.path | endswith("bootexits.iso")) | .sha256 | length) == 64' >"$work/jq"
ok $? "QEMU itself, with no KVM: the payload skips, status 4, a whole trace"
"$tool" check "$trace" >"$work/said"
[[ $? -eq 4 ]]
ok $? "check reads that trace"
# beside_own NAME ARGUMENT...: QEMU takes the user's devices together with ours, and the payload ends it
beside_own() {
	record -t 3000 -- qemu-system-x86_64 -accel tcg -m 64 -nodefaults -display none -no-reboot -kernel "$O/bootexits.elf" "${@:2}"
	[[ $status -eq 4 ]] && last '.end == "complete"'
	ok $? "QEMU itself with $1: status 4 (is $status), a whole trace"
}
beside_own "an isa-debug-exit at 0x501, and another pvpanic" -device isa-debug-exit,iobase=0x501,iosize=2 -device pvpanic-pci
beside_own "its only isa-debug-exit at 0xf4, of one byte" -device '{"driver":"isa-debug-exit","iobase":244,"iosize":1}'
beside_own "a pvpanic at 0x606" -device pvpanic,ioport=0x606
beside_own "a pvpanic at 0x505, by -readconfig" -readconfig "$work/pvpanic.cfg"
beside_own "a debug console, and a chardev that is called as ours" -debugcon null -chardev null,id=bx-serial

mkdir "$work/VM images, 2"
cp "$O/bootexits.elf" "$work/VM images, 2/payload %s new"
record -t 3000 -- qemu-system-x86_64 -accel tcg -m 64 -nodefaults -display none -no-reboot \
	-kernel "$work/VM images, 2/payload %s new" -append samples=10
[[ $status -eq 4 ]] && last '.status == 4'
ok $? "QEMU itself with a file's name that looks like options"

! pgrep -f "$work/qemu" >"$work/said"
ok $? "no process is left"

done_testing
