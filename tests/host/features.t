#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: prove tests/host/features.t
#        UPDATE=1 tests/host/features.t      write the output as the new golden files
#
# The virtualization features of a CPU, from one table. bootexits-features reads saved dumps of many CPUs.
# virt_features.ko runs in L1, on TCG's CPUs with SVM, on a CPU without SVM, and in a guest whose MSRs fault.
# tests/host/features-intel.t does the same on a CPU with VMX.
set -uo pipefail
. "$(dirname "$0")/../lib/tap.sh"
. scripts/common.sh
. tests/lib/features.sh
data=tests/data/features
export LANE=amd

# golden NAME STATUS ARGUMENT...: the tool prints NAME.out, with that status
golden() {
	local name=$1 want=$2 got
	shift 2
	"$tool" "$@" > "$work/out" 2> "$work/err"
	got=$?
	[[ -z ${UPDATE-} ]] || cp "$work/out" "$data/$name.out"
	diff -u "$data/$name.out" "$work/out" | sed 's/^/# /'
	[[ ${PIPESTATUS[0]} -eq 0 && $got -eq $want && ! -s $work/err ]]
	ok $? "$name: status $want (is $got) and output"
}

as_cpus() {	# FILE...: print one dump of all, in which each file's CPU has a number of its own
	awk '/^cpu / { $2 = n++ } { print }' "$@"
}

# refused STATUS PATTERN ARGUMENT...: the tool prints one line, on stderr, and nothing else; stdin may have a dump
refused() {
	local want=$1 pattern=$2 got
	shift 2
	"$tool" "$@" > "$work/out" 2> "$work/err"
	got=$?
	[[ $got -eq $want && $(wc -l < "$work/err") -eq 1 && ! -s $work/out ]] &&
		grep -q -e "$pattern" "$work/err"
	ok $? "bootexits-features $*: status $want (is $got), says $pattern"
}

check "the tool and the module build" eval "make -s -C tools all && make -s -C capabilities O='$O'"
check "a second make builds nothing" \
	test -z "$(make --no-print-directory -C capabilities O="$O" | grep -v 'Nothing to be done')"

for dump in hw-core2-t9600 hw-i7-2600k hw-i7-7800x hw-ryzen-9800x3d \
	made-newest made-faults made-odd made-disabled; do
	golden $dump 0 --replay $data/$dump.dump
done
golden made-differ 1 --replay $data/made-differ.dump
golden made-disabled-json 0 --json --replay $data/made-disabled.dump
check "--cpu reports that CPU only" test \
	"$("$tool" --cpu 5 --replay $data/made-differ.dump | sed -n 's/^CPU \(.*\):.*/\1/p')" = 5
golden p4 4 --replay $data/bochs-p4_prescott_celeron_336.dump
golden made-old 4 --replay $data/made-old.dump
as_cpus $data/bochs-{core,broadwell,tiger}*.dump > "$work/vmx"
golden bochs-vmx 1 --replay "$work/vmx"
as_cpus $data/bochs-{athlon,phenom,ryzen,trinity,turion,zambezi}*.dump > "$work/svm"
golden bochs-svm 1 --replay "$work/svm"

each_dump() {	# COMMAND...: it succeeds for each dump, which it gets as its last argument
	local dump
	for dump in "$data"/*.dump; do
		"$@" "$dump" || { echo "$dump"; return 1; }
	done
}
sourced() {
	head -n 1 "$1" | grep -q '^# Source: '
}
check "each dump's comment names its source" each_dump sourced
dumped_again() {	# the dump that --dump writes gives the same report
	"$tool" --replay "$1" > "$work/1"
	"$tool" --dump --replay "$1" | "$tool" --replay - > "$work/2"
	sed 's/not in the dump/not there/' "$work/1" | cmp - <(sed 's/not in the dump/not there/' "$work/2")
}
check "a dump of a dump gives the same report" each_dump dumped_again
json_like_text() {	# the JSON has as many bits of each state as the text, by a parser that is not ours
	"$tool" --json --replay "$1" > "$work/json"
	perl -MJSON::PP -0777 -ne '
		my $kind = decode_json($_)->{kinds}[0];
		my %count;
		$count{$_->{state} // "number"}++ for map { @{$_->{bits}} } @{$kind->{groups}};
		print "$_ $count{$_}\n" for sort keys %count;' "$work/json" > "$work/1" || return 1
	"$tool" --replay "$1" > "$work/2"
	awk '/^CPU / && cpus++ { exit } /^  bits? / { count[$NF ~ /^[0-9]/ ? "number" : $NF]++ }
		END { for (state in count) print state, count[state] }' "$work/2" | sort | cmp - "$work/1"
}
check "the JSON parses, and has the bits of the text" each_dump json_like_text

for model in $(sed -n 's/^model \([^ ]*\) .*/\1/p' $data/bochs.rules | uniq); do
	check "Bochs's $model is as its source says, bit by bit" like_source "$model" $data/bochs-"$model".dump
done

refused 3 '^bootexits-features: no-such-file: No such' --replay no-such-file
refused 3 '^bootexits-features: -: it has no CPU' --replay - < /dev/null
refused 3 '^bootexits-features:-:2: "mrs" is not cpu' --replay - <<< $'cpu 0\nmrs 0x480 1'
refused 3 '^bootexits-features:-:1: "cpu NUMBER" must come first' --replay - <<< 'msr 0x480 0x1'
refused 3 '^bootexits-features:-:2: "1z" is not a number' --replay - <<< $'cpu 0\nmsr 0x480 1z'
refused 3 '^bootexits-features:-:2: "" is not a number' --replay - <<< $'cpu 0\ncpuid 1 0 1 2 3'
refused 3 '^bootexits-features:-:2: 0x100000000 is more' --replay - <<< $'cpu 0\ncpuid 0 0 0x100000000 0 0 0'
refused 3 '^bootexits-features:-:2: "5" is one word too many' --replay - <<< $'cpu 0\nmsr 0x480 0x1 5'
refused 3 '^bootexits-features:-:3: msr 0x480 a second' --replay - <<< $'cpu 0\nmsr 0x480 1\nmsr 0x480 1'
refused 3 '^bootexits-features:-:2: CPU 0 a second' --replay - <<< $'cpu 0\ncpu 0'
refused 3 'CPU 0 has no cpuid 0x0 or 0x1' --replay - <<< 'cpu 0'
refused 3 'there is no CPU 6' --cpu 6 --replay $data/made-differ.dump
"$tool" --cpu x 2> /dev/null
check "a wrong argument: status 2" test $? = 2
"$tool" --json --dump 2> /dev/null
check "--json and --dump: status 2" test $? = 2

make -s -C tools asan > "$work/make" 2>&1
ok $? "the tool builds with sanitizers"
for dump in "$data"/*.dump "$work/vmx" "$tool" /dev/null; do
	for option in --dump --json --cpu=0; do
		"$tool-san" $option --replay "$dump" 2>&1 > /dev/null | grep -E 'Sanitizer|runtime error' >> "$work/san"
	done
done
check "no sanitizer complains about any dump" test ! -s "$work/san"

features_lab features
runs_alike
check "TCG: after 100 loads and unloads, nothing is left" grew_less_than 50

# QEMU 7.2's target/i386/cpu.c: TCG_SVM_FEATURES
L1_CPU=max L1_CPUS=2 features_lab features-max -e cycles=1
runs_alike
check "TCG: the features are those of QEMU's source" \
	test "$(section report | sed -n '/^SVM features (/,/^SVM control/p' | awk '$NF == "yes" { print $3 }' | xargs)" \
	= "NP VGIF NestedVirtVmcbAddrChk"
check "two CPUs are read" grep -qx '2 CPUs, all alike' <(section report)

make_guest() {	# make $work/guest.cpio: the module, msr.ko, the tool, and an init that runs them
	mkdir -p "$work/guest"/{bin,dev,sys}
	cp /bin/busybox "$tool" "$work/guest/bin/"
	ln -s busybox "$work/guest/bin/sh"
	cp "$O/features/$KVER/virt_features.ko" "$O/lab/$KVER/modules/msr/msr.ko" "$work/guest/"
	install tests/l2/features.sh "$work/guest/init"
	pack_cpio "$work/guest" > "$work/guest.cpio"
}
check "a guest is packed" make_guest
lab features-hidden tests/l1/features-hidden.sh "$O/lab/$KVER/vmlinuz" "$work/guest.cpio"
for name in report dump; do
	section $name > "$work/$name"
done
if grep -q 'Failed to set nested state' "$logs/console.log"; then
	skip "a guest with VMX in CPUID and no MSR of it" "L1's QEMU, of Debian 13, gives no guest VMX on SVM"
else
	check "a guest with VMX in CPUID and no MSR of it: all 21 are not readable" \
		test "$(grep -c '^  IA32_[^:]*: not readable$' "$work/report")" = 21
	check "in that guest no bit is reported" test -z "$(grep '^  bit' "$work/report")"
	check "the tool finds the same in that guest" eval "'$tool' --replay '$work/dump' | cmp - '$work/report'"
fi

L1_CPU=qemu64,-svm features_lab features-none
said() {	# LINE: the kernel's log has it, once for each way in which insmod loads a file
	test "$(section log | sort -u)" = "$1"
}
check "neither VMX nor SVM: insmod fails with ENODEV" grep -q '^insmod status=19 ' "$logs/host.log"
check "the kernel's log says so" said "no CPU here has VMX or SVM: nothing to report"
check "the tool says so, and has status 4" without_msr 4 "neither VMX nor SVM"
check "nothing is left in debugfs" test -z "$(grep '^left' "$logs/host.log")"

done_testing
