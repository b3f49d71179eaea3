#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: prove tests/house/study.t           O=DIRECTORY: where the tool was built (default build)
#        UPDATE=1 tests/house/study.t        write the report as the new golden file
#
# `make study` without its boots. The matrix is right. Boots that were interrupted or failed run again, and no others.
# The report of a few traces in tests/data/study is the golden one.
# Exit status: 0 all passed, 1 some failed.
set -uo pipefail
. "$(dirname "$0")/../lib/tap.sh"
tool=$O/bootexits
small=$root/tests/data/study

# says STATUS PATTERN COMMAND...: it ends with STATUS, and prints one line, which matches PATTERN
says() {
	local want=$1 pattern=$2 got
	shift 2
	"$@" > "$work/out" 2> "$work/err"
	got=$?
	[[ $got -eq $want && $(wc -l < "$work/err") -eq 1 ]] && grep -q -e "$pattern" "$work/err"
	ok $? "${*##*/}: status $want (is $got), says '$pattern'"
	[[ $got -eq $want ]] || sed 's/^/# /' "$work/err"
}

# The matrix
field() {	# NUMBER: print that column, a line a boot, without blanks at its ends
	grep -v '^#' "${2:-measure/study/matrix}" | grep . | cut -d'|' -f "$1" | sed 's/^ *//; s/ *$//'
}
field 1 > "$work/names"
export O=$work/none
check "every line of the matrix can be run" measure/study.sh -n
check "study.sh -n says how each boot is run" test "$(measure/study.sh -n 2>&1 | wc -l)" = "$(wc -l < "$work/names")"
check "each boot has a name of its own" test -z "$(sort "$work/names" | uniq -d)"
check "the boot that a boot is compared with is in the matrix" test -z "$(comm -13 <(sort "$work/names") <(field 3 | grep -vx -e - | sort -u))"
check "study.sh -l lists them" diff "$work/names" <(measure/study.sh -l)

things() {	# NAME: print the settings of a boot, a word a line
	local guest how cmdline variables

	IFS='|' read -r _ _ _ guest how cmdline variables < <(grep "^$1 *|" measure/study/matrix)
	xargs -n 1 <<< "guest=${guest// /} how=${how// /} $cmdline"
	tr ';' '\n' <<< "$variables" | sed 's/^ *//; s/ *$//'
}
# Print the keys of the settings that differ. A disk and its root= count as one, and so do an observer's vCPU and its
# option.
differing() {	# NAME AGAINST
	local keys

	keys=$(diff <(things "$1" | sort) <(things "$2" | sort) | sed -n 's/^[<>] //p' |
		sed -E 's/^(root=.*|ro)$/disk/; s/^options=.*/vcpus/; s/=.*//' | sort -u)
	[[ $keys != *guest* ]] || keys=${keys/disk/}
	xargs <<< "$keys"
}
while IFS='|' read -r name axis against; do
	[[ $axis != together && $against != - ]] || continue
	[[ $(differing "$name" "$against" | wc -w) -eq 1 ]] || echo "$name: $(differing "$name" "$against")"
done < <(paste -d'|' "$work/names" <(field 2) <(field 3)) > "$work/several"
check "a boot differs from the one it is compared with in one thing" diff /dev/null "$work/several"

export STUDY=$work/docs
mkdir "$STUDY"
wrong() {	# PATTERN LINE: a matrix of this line is refused, with a message that matches PATTERN
	echo "$2" > "$STUDY/matrix"
	says 2 "$1" measure/study.sh -n
}
wrong 'no such variable: colour=red' 'a | x | - | small | cd | quiet | vcpus=2;colour=red'
wrong '6 columns, not 7' 'a | x | - | small | cd | quiet'
wrong 'no such guest: large' 'a | x | - | large | cd | quiet |'
wrong 'neither cd nor direct: tape' 'a | x | - | small | tape | quiet |'
wrong 'is there twice' $'a | x | - | small | cd | quiet |\na | x | - | small | cd | quiet |'
says 2 'no such boot' measure/study.sh -n b

# Runs, with a stand-in for the tool that only notes its calls
export O=$work/o L1_SUITE=bookworm
mkdir -p "$O"/{lab/6.1,guest,study,programs/l1-bookworm}
touch "$O/lab/6.1/vmlinuz" "$O/guest/initrd.gz" "$O/bootexits.elf"
cat > "$O/bootexits" <<'FAKE'
#!/bin/bash
while [[ $1 != -o ]]; do shift; done
name=$(basename "$2" .new)
echo "$name $LANE $KVER" >> "$O/calls"
echo '{"trace":1}' > "$2"
if [[ -e $O/hang ]]; then echo $$ >> "$O/pids"; exec sleep 1000; fi
[[ ! -e $O/fail-$name ]] || { echo "it fails"; exit 1; }
echo '{"end":"complete"}' >> "$2"
FAKE
chmod +x "$O/bootexits"
for name in a b c d; do
	echo "$name | x | - | small | direct | quiet | $([[ $name != c ]] || echo 'lane=intel;kver=6.12')"
done > "$STUDY/matrix"
traces() {
	find "$O/study" -name "*.trace*" -o -name "*.new*" -o -name "*.files" | sed "s:.*/::" | sort | xargs
}

says 3 'lock is missing: make study-parts' measure/study.sh
echo 'seabios 1.16.2-1 0123abcd' > "$O/programs/l1-bookworm/lock"
touch "$O/fail-b"
"measure/study.sh" > "$work/said" 2>&1
check "a boot that fails: status 1 (is $?)" test $? -eq 1
check "the other boots have their traces, and the failed one has a file of another name" \
	test "$(traces)" = 'a.trace b.new c.trace d.trace'
check "the failed boot's last words are shown" grep -q 'study-boot: b: status 1: it fails' "$work/said"
check "the study names L1's packages" grep -qx 'seabios 1.16.2-1' "$O/study/packages"
check "each boot has its lane and kernel" test "$(sort "$O/calls" | xargs)" = 'a amd 6.1 b amd 6.1 c intel 6.12 d amd 6.1'
rm "$O/fail-b" "$O/calls"
check "a second run makes the boots that are left" measure/study.sh
check "and only that" test "$(cat "$O/calls")" = 'b amd 6.1'
check "then all traces are whole, and nothing else is there" test "$(traces)" = 'a.trace b.trace c.trace d.trace'
check "a third run has nothing to do" test -z "$(measure/study.sh 2>&1)"
check "if you name one boot, it replaces its trace" measure/study-boot.sh a

rm -f "$O/study"/*.trace "$O/calls"
touch "$O/hang"
set -m	# a process group of its own; a test in the background ignores Ctrl-C
env --default-signal=INT measure/study.sh > "$work/said" 2>&1 &
pid=$!
set +m
for ((i = 0; i < 6000; i++)); do
	[[ $({ wc -l < "$O/pids"; } 2> /dev/null) -lt 2 ]] || break
	kill -0 $pid || break
	sleep 0.1
done
says 3 'another study' measure/study.sh a
kill -INT -- -$pid
wait $pid
check "Ctrl-C: status 130 (is $?)" test $? -eq 130
check "no half trace has a whole one's name" test -z "$(cd "$O/study" && ls -- *.trace 2> /dev/null)"
check "no boot goes on" test -z "$(xargs ps -o pid= -p < "$O/pids")"
rm "$O/hang"
check "the same command goes on" measure/study.sh
check "that run ends with all traces" test "$(traces)" = 'a.trace b.trace c.trace d.trace'
rm "$O/guest/initrd.gz" "$O/study/a.trace"
"measure/study-boot.sh" a 2> "$work/err"
check "a part that is missing: status 3 (is $?)" test $? -eq 3
check "it says what to do" grep -q 'initrd.gz is missing: make study-parts' "$work/err"

# The report
cp "$small"/{matrix,settings,study.md.in} "$STUDY"
rm -rf "$O/study"
mkdir "$O/study"
ln -sf "$tool" "$O/bootexits"
cp "$small"/*.trace "$O/study"
says 3 'ports-direct.trace is missing: make study' measure/study-report.sh
ports='{"console":"host","at":1,"text":"kvm_pio { port: cf8, rw: 1 } hitcount: 1200"}
{"console":"host","at":2,"text":"kvm_pio { port: cfc, rw: 0 } hitcount: 34"}
{"console":"host","at":2,"text":"kvm_pio { port: cf, rw: 0 } hitcount: 5"}
{"console":"serial","at":3,"text":"ten bytes."}'
{ sed '$d' "$small/direct.trace"; echo "$ports"; tail -n 1 "$small/direct.trace"; } > "$O/study/ports-direct.trace"
says 3 'packages is missing: make study' measure/study-report.sh
echo 'seabios 1.16.2-1' > "$O/study/packages"
measure/study-report.sh > "$work/study.out" 2> "$work/err"
check "the report of four traces is made: status 0 (is $?)" test $? -eq 0 -a ! -s "$work/err"
[[ -z ${UPDATE-} ]] || cp "$work/study.out" tests/data/study.out
check "it is the golden one" diff -u tests/data/study.out "$work/study.out"
unknown() {	# FIGURE PATTERN
	echo "{{$1}}" > "$STUDY/study.md.in"
	says 1 "$2" measure/study-report.sh
}
unknown 'exit cd' 'no such figure: {{exit cd}}'
unknown 'exits dc' 'no such boot: dc'
unknown 'exits cd kernal' 'no boot has a phase kernal'
unknown 'exits cd kernel oi' 'no boot has a reason oi'
unknown 'ports cd cf8' 'cd has no hits on'
unknown 'changes firmware' 'no boot of axis firmware'
unknown 'package qemu' 'no such package: qemu'
sed -i 's/| cd-ahci | cd-ahci |/| cd-ahci | ahci-cd |/' "$STUDY/settings"
unknown 'savings' 'no such rule: ahci-cd'
cp "$small"/{settings,study.md.in} "$STUDY"
sed -i '/"sync"/s/"exits":\([0-9]*\)/"exits":1\1/' "$O/study/cd.trace"
says 1 "cd is damaged or differs from the host's count" measure/study-report.sh

# docs/study.md
cut -s -d'|' -f 2 docs/study.md | tr -d '\140 ' > "$work/written"
check "docs/study.md has every boot of the matrix" test -z "$(sort -u "$work/written" | comm -13 - <(sort "$work/names"))"
check "each figure of it is filled in" test -z "$(grep -o '{{[^}]*}}' docs/study.md)"

done_testing
