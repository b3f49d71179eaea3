#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: prove tests/guest/exitstat.t
#
# exitstat in a Linux guest. Known exits are counted to the unit. The numbers agree with those that a course's ten-line
# program and the cpuid tool read.
# shellcheck disable=SC2016 # perl's variables, and a command for eval
set -uo pipefail
. "$(dirname "$0")/../lib/tap.sh"
. scripts/common.sh

mkdir -p "$work/guest"/{bin,dev,etc,proc}
cp /bin/busybox "$O/exitstat" "$work/guest/bin/"
ln -s busybox "$work/guest/bin/sh"
cp tests/l2/exitstat.sh "$work/guest/init"
chmod +x "$work/guest/init"
check "the guest's programs compile" eval '
	gcc -O1 -static -o "$work/guest/bin/known" tests/l2/known.c &&
	gcc -O1 -static -o "$work/guest/bin/ten" tests/l2/ten.c'
if cpuid_tool=$(command -v cpuid); then
	cp "$cpuid_tool" "$work/guest/bin/cpuid-tool"
	ldd "$cpuid_tool" | grep -o '/[^ ]*' | while read -r library; do
		install -D "$library" "$work/guest$library"
	done
fi
pack_cpio "$work/guest" > "$work/guest.cpio"

lab exitstat "$root/tests/l1/exitstat.sh" "$O/lab/$KVER/vmlinuz" "$work/guest.cpio" "$O/exitstat"

# out STEP [stdout|stderr|status]: print the output or status of that step of the guest's
out() {
	awk -v name="$1.${2-stdout}" '{ sub(/\r+$/, "") } /^@ / { here = $2 == name; next } here' \
		"$logs/serial.log"
}

# json STEP EXPRESSION: print its value; $j is the step's JSON, and n(REASON, KEY) a number of a reason
json() {
	out "$1" "${3-stdout}" | perl -MJSON::PP -0777 -ne '
		BEGIN { $expression = shift }
		$j = decode_json($_);
		sub n { my ($name, $key) = @_;
			my ($r) = grep { $_->{name} eq $name } @{$j->{reasons}};
			return $r ? $r->{$key} : 0 }
		sub sum { my ($key) = @_; my $s = 0; $s += $_->{$key} for @{$j->{reasons}}; return $s }
		print eval $expression, "\n"; die $@ if $@' "$2"
}

more() {	# STEP REASON: print how many more net exits of that reason it has than `known 0 0`
	echo $(($(json "$1" "n('$2', 'net')" stderr) - $(json none "n('$2', 'net')" stderr)))
}

check "no tracer: status 4, each time" test "$(grep -c '^absent status=4 ' "$logs/host.log")" = 4
check "one line says that there is no tracer" test \
	"$(grep -c 'said=exitstat: this machine has no exit tracer (.*)$' "$logs/host.log")" = 4
check "the guest came to its end" test "$(verdict guest)" = 0 -a -n "$(out end | head -1; echo x)"

check "1,000 CPUIDs are 1,000 exits more: $(more cpuids cpuid)" test "$(more cpuids cpuid)" = 1000
check "and no io: $(more cpuids io)" test "$(more cpuids io)" = 0
check "500 port reads are 500 exits more: $(more ports io)" test "$(more ports io)" = 500
check "and no CPUID: $(more ports cpuid)" test "$(more ports cpuid)" = 0
for step in none cpuids ports true; do
	check "$step: the reasons add up to the total, net and gross, and all clocks do" \
		test "$(json $step 'join " ", map { $j->{$_} == sum($_) } qw(exits net kvm user idle preempted)' \
		stderr)" = '1 1 1 1 1 1'
	check "$step: net is the total without exitstat's own" \
		test "$(json $step '$j->{net} + $j->{own} == $j->{exits}' stderr)" = 1
done
for step in before after; do
	check "$step: the reasons add up to the total, and all clocks do" \
		test "$(json $step 'join " ", map { $j->{$_} == sum($_) } qw(exits kvm user idle preempted)')" \
		= '1 1 1 1 1'
done

between() {	# NUMBER: it lies between the first total and the last
	test "$1" -gt "$(json before '$j->{exits}')" -a "$1" -lt "$(json after '$j->{exits}')"
}
ten=$(out ten | sed -n 's/^\([0-9]*\) exits, [1-9][0-9]* cycles$/\1/p')
check "ten lines of C read the same total: $ten" between "${ten:-0}"
if [[ -n $cpuid_tool ]]; then
	eax=$(out cpuid | sed -n 's/.* eax=\(0x[0-9a-f]*\) .*/\1/p')
	check "cpuid -l 0x4fffffff reads it: $((eax))" between "$((eax))"
else
	skip "cpuid -l 0x4fffffff reads it" "the package cpuid is not installed"
fi

check "the text has a line for cpuid" grep -Eq '^cpuid( +[0-9.,%]+){4}$' <(out text)
check "the text of run has it, too, on standard error" grep -Eq '^cpuid( +[0-9,]+){6}$' <(out run stderr)
check "run says that it counts other processes, too" grep -q 'whole VM, all of its processes' <(out run stderr)
check "run leaves standard output to the command" test "$(out status)" = out -a -z "$(out run)"

for expected in status=7 signal=137 missing=127 no-program=126 usage=2 no-phase=2 \
	watch=0 interrupted=0 mark=0 unprivileged=0 full=1; do
	check "exit status: $expected" test "$(out "${expected%=*}" status)" = "${expected#*=}"
done
check "watch -n 3 prints three lines" test "$(out watch | grep -c '^ *[0-9.]*  *[0-9,]*  *[0-9,]*  [ a-z_]* [0-9]')" = 3

for step in before after mark; do
	out $step >"$work/keys-$step.json"
done
for step in cpuids true; do
	out $step stderr >"$work/keys-$step.json"
done
check "the JSON's keys are those of docs/json.md" tests/tool/keys.py --but=each_vcpu exitstat "$work"/keys-*.json
check "mark tells its entry" test "$(json mark '$j->{entry} . " " . $j->{name}')" = '0 initramfs'
check "an unprivileged user marks, too" grep -q '^entry 1: userspace' <(out unprivileged)
out log > "$work/log"
check "exitstat log prints both marks" test \
	"$(grep -o ' phase entry=[01] id=[0-9]* name=[a-z]*' "$work/log" | tr -d '\n')" \
	= ' phase entry=0 id=80 name=initramfs phase entry=1 id=96 name=userspace'
check "the log's total is the one that mark printed" grep -q \
	"entry=0 .* total=$(json mark '$j->{total}') " "$work/log"
check "bootexits check finds no fault in it" "$O/bootexits" check "$work/log"
check "exitstat says that a full log is full" grep -q '^exitstat: the phase log is full' <(out full stderr)

done_testing
