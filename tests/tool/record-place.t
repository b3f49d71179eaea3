#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2016,SC2094 # a script expands it; jq is a file, and a program
# usage: prove tests/tool/record-place.t      O=DIRECTORY: where the tools are built (default build)
#
# What a recording leaves. A trace replaces the one before only if it has a record. The one before is kept, and each
# trace has its logs. A trace is called complete, and passed, only if its records say so. What a guest writes has a
# bound.
# Exit status: 0 all passed, 1 some failed.
set -uo pipefail
. "$(dirname "$0")/../lib/tap.sh"
tool=$O/bootexits
full=$root/tests/data/full.log
cd "$work" || exit 1

diagnose() {
	cat said
	ls -la
	tail -qn 1 ./*.trace ./*.failed
}

cp "$root/tests/lib/fake-qemu.sh" qemu
head -n 40 "$full" >part
echo "no record, but text" >text

record() {	# ARGUMENT...: record into b.trace; sets status
	status=0
	timeout -s KILL 3600 "$tool" record -o b.trace "$@" >said 2>&1 </dev/null || status=$?
}

state() {	# print checksums of all files here, except *.failed
	find . ! -path ./said ! -name '*.failed' ! -path '*.failed.*' -newer /dev/null -type f -exec md5sum {} + | sort -k 2
}

# A recording that is cut, with no other trace before
record -- ./qemu part 'exit 0'
[[ $status -eq 1 && $(xargs < <(ls -d b.*)) == "b.trace b.trace.logs" && $(xargs < <(ls b.trace.logs)) == "observer.log serial.log" ]] &&
	cmp part b.trace.logs/serial.log
ok $? "a recording that is cut: a trace, and its logs in NAME.logs"
modes=$(stat -c '%a' b.trace b.trace.logs b.trace.logs/* | xargs)
check "other users can't read these ($modes)" test "$modes" = "600 700 600 600"

# stays NAME STATUS ARGUMENT...: this recording ends with STATUS, and changes neither the trace nor its logs
stays() {
	local name=$1 want=$2 before

	shift 2
	before=$(state)
	record "$@"
	[[ $status -eq $want && $(state) == "$before" ]]
	ok $? "$name: status $want (is $status), and the trace and its logs are as they were"
}
stays "no such command" 3 -- ./no-qemu
stays "an option that is misspelt" 3 -- qemu-system-x86_64 -acel kvm
stays "no such file" 3 -- qemu-system-x86_64 -cdrom none.iso
stays "a scenario that is misspelt" 3 --lab -- linxu
stays "a verdict and no record" 1 -- sh -c 'exit 33'
stays "no log" 3 --from-log none.log
stays "no port" 3 --from-serial /dev/none
stays "an option of record's" 2 --max-sice 3 -- ./qemu part 'exit 0'
stays "text and no record" 1 -- ./qemu text 'exit 1'
check "a message says that the trace is truncated" grep -q '^b.trace.failed: 0 records, .*truncated' said
cmp text b.trace.failed.logs/serial.log && jq -es 'any(.[]; .text == "no record, but text")' b.trace.failed >jq
ok $? "and what was captured is in NAME.failed and its logs"
stays "the same, longer" 124 -t 1 -- ./qemu text 'exec sleep 1000'
check "it replaces the failed one before" grep -q 'timeout' b.trace.failed
rm -r b.trace.failed*

# One older trace is kept.
cp b.trace first
record -- ./qemu "$full" 'exit 33'
[[ $status -eq 0 && $(xargs < <(ls -d b.*)) == "b.trace b.trace.old b.trace.old.logs" ]] && cmp first b.trace.old &&
	cmp part b.trace.old.logs/serial.log
ok $? "the next recording: the one before is NAME.old, with its logs"
cp b.trace second
record -- ./qemu part 'exit 0'
[[ $(xargs < <(ls -d b.*)) == "b.trace b.trace.logs b.trace.old" ]] && cmp second b.trace.old
ok $? "and the one before that is gone, with its logs"
chmod 640 b.trace
record --from-log "$full"
check "--from-log: the same, and the mode of the old one stays" \
	test "$status $(stat -c %a b.trace b.trace.old | xargs)" = "0 640 640"
mkdir b.trace.logs
echo "the user's" >b.trace.logs/notes
record -- ./qemu part 'exit 0'
cmp part b.trace.logs/serial.log && cat b.trace.old.logs/notes >said
ok $? "logs that have more in them than record makes: they are moved, and nothing in them is removed"
record -- ./qemu "$full" 'exit 0'
logs=$(sed -n 's/.*what was captured is also in \(.*\)$/\1/p' said)
cmp "$full" "$logs/serial.log" && cat b.trace.old.logs/notes >said
ok $? "nor if there is no room for others: record says where its own are, $logs"
rm -r b.trace*
mkdir b.trace.old
record -- ./qemu part 'exit 0'
cp b.trace first
record -- ./qemu "$full" 'exit 33'
made=$(sed -n 's/.*the new trace is beside it: //p' said)
[[ $status -eq 3 ]] && cmp first b.trace && "$tool" check "$made" >jq; [[ $? -eq 1 ]] && grep -q "not all was written: Is a directory" said &&
	[[ $(grep -c '^{"guest"' "$made") -eq $(grep -c ^bx "$full") ]]
ok $? "NAME.old can't be made: status 3 (is $status), the old one stays, and the new one, too, as $made"
rm -r b.trace*

# says STATUS END WHY LOG CODE: the records in LOG and QEMU's status CODE give STATUS, END and WHY
says() {
	record -- ./qemu "$4" "exit $5"
	[[ $status -eq $1 ]] && tail -n 1 b.trace | jq -e ".end == \"$2\" and .status == $1 and (.why // \"\" | test(\"$3\"))" >jq
	ok $? "${4##*/} and QEMU's status $5: status $1 (is $status), $2 $3"
	rm -rf b.trace*
}
grep -v ' verdict ' "$full" >verdictless
grep -v ' end ' "$full" >endless
{ cat "$full"; sed 's/^bx [0-9]* end .*//' "$full"; } >twice
says 0 complete '' "$full" 33
says 1 complete '' "$root/tests/data/fail.log" 35
says 4 complete '' "$root/tests/data/skip.log" 37
says 1 complete '' "$root/tests/data/fail.log" 33
says 1 complete '' "$full" 35
says 4 complete '' "$full" 37
says 4 complete '' "$root/tests/data/skip.log" 33
says 1 truncated "no record came from the guest" /dev/null 33
says 1 truncated "no record came from the guest" text 37
says 1 truncated "the guest's verdict is missing" verdictless 33
says 1 truncated "the guest's last record is missing" endless 33
says 1 truncated "the guest's last record is missing" endless 37
says 1 truncated "." twice 33

# A guest that never stops writing
for command in 'cat /dev/zero >>$log' 'yes x | tr x "\377" >>$log' 'yes "a line" >>$log'; do
	record -m 1M -- ./qemu "$full" "$command"
	[[ $status -eq 1 && $(stat -c %s b.trace) -lt $((9 << 20)) ]] && grep -q 'truncated: larger than --max-size' said &&
		"$tool" check b.trace >jq; [[ $? -eq 1 ]] && ! grep -q JSON jq && grep -q 'larger than --max-size' jq
	ok $? "$command: status 1 (is $status), and the trace has an end"
	rm -rf b.trace*
done
timeout 3600 "$tool" record -m 64K -o b.trace --from-serial - < <(grep -v ' end ' "$full"; exec yes) >said 2>&1
[[ $? -eq 1 && $(stat -c %s b.trace) -lt $((4 << 20)) ]] && grep -q 'truncated: larger than --max-size' said
ok $? "a port that never ends: the trace has a bound, too"
yes "a line" | head -c 100000 | cat "$full" - >long
record -m 64K --from-log long
check "a log that is there already has no bound" test $status -eq 0
for size in 0 K 1T -5 5000000000 4.5M ''; do
	"$tool" record "--max-size=$size" -- ./qemu part 'exit 33' >said 2>&1
	check "--max-size=$size: status 2" test $? -eq 2
done
rm -rf b.trace*

# The trace's first line
meta() {	# FILTER: it is true for the first line
	head -n 1 b.trace | jq -e "$1" >jq
}
mkdir bin
printf '#!/bin/sh\n[ "$1" != --version ] || { echo "QEMU emulator version 1.2.3"; exit; }\nexec "%s" "$@"\n' "$work/qemu" >bin/qemu-system-x86_64
# A stand-in for sudo, which may not be installed: it has a version of its own
printf '#!/bin/bash\n[ "$1" != --version ] || { echo "Sudo version 9"; exit; }\nexec "$@"\n' >bin/sudo
chmod +x bin/*
PATH=$work/bin:$PATH
for wrapper in "" "nice -n 1" "taskset -c 0" "sudo" "env A=b" "sudo nice"; do
	# shellcheck disable=SC2086 # its words
	record -- $wrapper qemu-system-x86_64 "$full" 'exit 33'
	meta '.qemu == "QEMU emulator version 1.2.3"'
	ok $? "'$wrapper qemu-system-x86_64': QEMU's version"
done
printf '#!/bin/bash\necho run >>ran\nexec "%s" "$@"\n' "$work/qemu" >start-vm
chmod +x start-vm
record -- ./start-vm "$full" 'exit 33'
[[ $status -eq 0 && $(<ran) == run ]] && meta 'has("qemu") | not'
ok $? "a script of the user's is run once"
printf '#!/bin/sh\necho run >>kvm-ran\n' >bin/kvm
chmod +x bin/kvm
record -- ./start-vm "$full" 'exit 33' -accel kvm
[[ $status -eq 0 && ! -e kvm-ran ]] && meta 'has("qemu") | not'
ok $? "-accel kvm is no program"
printf '#!/bin/bash\n[ "$1" != --version ] || exec sleep 1000\nexec "%s" "$@"\n' "$work/qemu" >bin/qemu-system-x86_64
record -- qemu-system-x86_64 "$full" 'exit 33'
check "a QEMU that does not tell its version is not waited for" test $status -eq 0
truncate -s 100G disk.img
record -- ./qemu "$full" 'exit 33' -drive file=disk.img,format=raw -cdrom text
meta '(.files[] | select(.path == "disk.img") | .bytes == 107374182400 and .mtime and (has("sha256") | not)) and
	(.files[] | select(.path == "text") | .sha256 | length == 64)'
ok $? "a disk of 100 GB is told by its size and its time, and not read"
echo hunter2 >pw
words=(-object secret,id=s,data=hunter2 -object '{"qom-type":"secret","id":"t","data":"hunter2"}' -object secret,id=u,file=pw
	-spice password=hunter2,port=1 -drive file=https://me:hunter2@there/x,media=cdrom -device isa-applesmc,osk=hunter2
	-fw_cfg name=opt/io.systemd.credentials/a,string=hunter2 -smbios type=11,value=io.systemd.credential:a=hunter2
	-drive file=rbd:pool/image:id=admin:key=hunter2 -object secret,data=hunter2,,and,,hunter2,id=v
	-blockdev '{"driver":"ssh","server":{"host":"x"},"password":"hunter2","node-name":"n"}'
	-drive driver=https,file.password=hunter2,file.cookie=hunter2 -global isa-applesmc.osk=hunter2,,hunter2
	-drive 'file=json:{"driver":"https",,"password" : "hunter2\"hunter2",,"url":"x"},media=cdrom'
	-global driver=isa-applesmc,property=osk,value=hunter2 -global driver=cfi.pflash01,property=secure,value=on)
record -- ./qemu "$full" 'exit 33' "${words[@]}"
[[ $(grep -c hunter2 b.trace) -eq 0 ]] && meta '(.command | index("secret,id=s,data=***") and index("password=***,port=1") and
	index("secret,data=***,id=v") and index("file=https://me:***@there/x,media=cdrom") and
	index("file=json:{\"driver\":\"https\",,\"password\" : \"***\",,\"url\":\"x\"},media=cdrom") and
	index("driver=cfi.pflash01,property=secure,value=on")) and (any(.files[]; .path == "pw") | not)'
ok $? "secrets of the command line are not in the trace"
check "secrets are not on its page, either" sh -c "'$tool' html -o page.html b.trace; ! grep hunter2 page.html"
mapfile -t many < <(seq -f '-long-option-%.0f-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx' 6000)
for words in "${many[*]}" "$(head -c 100000 /dev/zero | tr '\0' '\1')"; do
	# shellcheck disable=SC2086 # many words in one round, one word in the other
	record -- ./qemu "$full" 'exit 33' $words
	meta '.cut and .qemu == null and .host_kernel' && "$tool" check b.trace >said
	ok $? "a command line of ${#words} bytes: it is cut, and the rest of the first line is there"
done

# With any name of a trace, record's messages have no control characters, and a line stays a line.
bad=$'\e[31m\a\r\n\x9b\u202e\x7f'
named() {	# NAME: the trace's name without .trace; prints record's message for each way to end
	"$tool" record -o "$1.trace" -- ./qemu text 'exit 1'
	"$tool" record -o "$1.trace" -- ./qemu part 'exit 0'
	rm -rf "$1.trace.old"
	mkdir "$1.trace.old"
	"$tool" record -o "$1.trace" -- ./qemu "$full" 'exit 33'
	"$tool" record -o "$1.trace" -- ./qemu text "rm -r '$1.trace'; mkdir '$1.trace'; exit 1"
	"$tool" record -o "$1/b.trace" -- ./qemu part 'exit 0'
	"$tool" record -m "$1" -o "$1.trace" -- ./qemu part 'exit 0'
	"$tool" record -- "$1"
} </dev/null
named plain >plain 2>&1
named "$bad" >said 2>&1
[[ $(wc -l <plain) -ge 12 && $(wc -l <plain) -eq $(wc -l <said) ]] && ! LC_ALL=C grep -aqP '[\x00-\x08\x0b-\x1f\x7f-\x9f]' said
ok $? "with any name, a terminal gets text only"

done_testing
