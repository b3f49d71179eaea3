#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: prove tests/tool/compare.t        O=DIRECTORY: where to build (default build)
#        UPDATE=1 tests/tool/compare.t     write the output as the new golden files
#
# `bootexits compare' with golden logs. tests/tool/tools.t has the other subcommands.
# Exit status: 0 all passed, 1 some failed.
set -uo pipefail
. "$(dirname "$0")/../lib/tap.sh"
. "$root/tests/lib/golden.sh"
export SAN=0

check "the tool builds" make -s -C tools all

case_of compare-equal 0 compare --vcpu 0 full.log single.log
case_of compare-same 0 compare full.log full.log
case_of compare-differ 1 compare --vcpu 0 full.log slower.log
case_of compare-moved 1 compare single.log moved.log
case_of compare-json 1 compare --vcpu all --json full.log slower.log
case_of compare-truncated 1 compare full-truncated.log full.log
case_of compare-force 1 compare --force full.log three.log
case_of compare-abi 1 compare --force odd.log abi.log
case_of compare-hold 0 compare --vcpu all -f 'total>+0' --fail-on 'kernel.io < -3%' -f 'kernel.io>-2%' \
	-f 'cpuid<-3020' -f 'kernel.all >= 0' -f 'kernel.cpuid<=-1501' full.log single.log
case_of compare-hold-one 0 compare -f 'total.all!=+0' single.log moved.log
# Values exactly at the limit, in exits and in percent, and a phase that only one log has
case_of compare-breach 1 compare -f 'total>+0' -f 'kernel.cpuid>1%' -f 'kernel.cpuid>=+1%' \
	-f 'kernel>=3' -f 'kernel>3' -f 'bootloader>=0' -f 'firmware>+0' -f 'rom.io<=1' \
	-f 'cpuid!=-1234' -f 'cpuid!=4' -f 'cpuid<=3' -f 'cpuid!=3' single.log slower.log
# From 0 exits to some, the percentage has no bound. From 0 to 0 it is 0 %.
case_of compare-from-none 1 compare --force -f 'kernel.EXTERNAL_INTERRUPT>9223372036854775807%' \
	-f 'kernel.EXTERNAL_INTERRUPT<9223372036854775807%' -f 'payload.EXTERNAL_INTERRUPT>=+0%' \
	-f 'payload.EXTERNAL_INTERRUPT>0%' full.log three.log
# Reasons with a phase's name, with the same name as another one, with dots, and with another name in B
case_of compare-names 1 compare -f 'userspace!=0' -f 'total.userspace>=10' -f 'userspace.userspace>=10' \
	-f 'port<0' -f 'io>=0' -f 'kernel.inter.rupt>=0' -f 'init.ramfs.inter.rupt>=0' odd.log moved.log
case_of compare-gates-json 1 compare --json -f 'total>+0' -f 'kernel.cpuid>1%' -f 'rom.io>1%' \
	single.log slower.log
case_of compare-gates-truncated 1 compare -f 'kernel>0' full-truncated.log full.log
case_of compare-gates-ends 1 compare -f 'total>+0' -f 'io>+0' full.log full-truncated.log
case_of compare-gates-vcpu 0 compare --vcpu 0 -f 'total!=0' -f 'io!=0' full.log single.log

# Time with the same statistics, time of all vCPUs, and the largest differences
case_of compare-by-total 1 compare --by total -f 'total.total>+10000000' -f 'kernel.cpuid.kvm>+60750 and significant' \
	-f 'kernel.cpuid.kvm>=+60750 and significant' -f 'user>0' before after
case_of compare-all 1 compare --vcpu all --min 30% full.log single.log
case_of compare-delta 1 compare --sort delta --top 4 --min 0.5% single.log slower.log

# Several boots a side, several sides, and both. Some medians are halves, and gates see that.
case_of compare-medians 1 compare before after
case_of compare-medians-json 1 compare --json -f 'kernel.cpuid>22' -f 'kernel>0.142%' before after
case_of compare-medians-gates 1 compare -f 'kernel>22' -f 'kernel>0.142%' -f 'kernel>0.143%' \
	before after
case_of compare-sides 1 compare -f 'total>+0' -f 'rom>0' -f 'userspace.io<-0.133%' -f 'userspace.io<-0.134%' \
	single.log moved.log slower.log after
case_of compare-few 1 compare 'before/[12].log' 'after/[56].log' before
case_of compare-lacks 1 compare -f 'firmware>0' -f total.all!=0 -f userspace!=0 before '[bs][il]*[eo]*.log' 'full*.log'

status_of 2 'compare needs two sides' compare full.log
status_of 2 'not exits, ms, kvm, user or total: time' compare --by time full.log full.log
status_of 2 'not boot or delta: size' compare --sort size full.log full.log
status_of 2 'not a number of rows: x' compare --top x full.log full.log
for least in x -1% 1%% 1x %; do
	status_of 2 "not a percentage: $least" compare --min="$least" full.log full.log
done
status_of 2 "sort, --top and --min can't be used with --json" compare --json --top 3 full.log full.log
status_of 2 'no boot has a phase or a reason kernel.io.ms' compare -f 'kernel.io.ms>0' full.log full.log
status_of 2 'no boot has a phase or a reason kernel.idle' compare -f 'kernel.idle>0' full.log full.log
status_of 1 '^total *all *4,000.000 *? *? *?$' compare --force --by ms full.log hostless.log
status_of 1 'breach: kernel.ms is not known for all boots' compare --force -f 'kernel.ms>0' full.log hostless.log
"$O/bootexits" record -o "$work/base.trace" --from-log tests/data/single.log 2>"$work/err"
jq -c 'if .guest == "phase" and .entry >= 3 then .tsc += 100000500 else . end' "$work/base.trace" >"$work/longer.trace"
status_of 1 '^milliseconds: these differ$' compare --by ms "$work"/{base,longer}.trace
check "the kernel's phase took 100.0005 ms more" grep -qx 'kernel  *all  *1,500.000  *1,600.001  *+100.001  *+6.7%' "$work/out"
for gate in 'kernel.ms>100' 'kernel.ms>6%' 'ms>=+100' 'total.ms>100.000' 'kernel.all.ms!=100.001' 'kernel.ms<100.001'; do
	status_of 1 "^breach: ${gate%%[<>\!]*} +100.001 (+[26].[57]%) " compare -f "$gate" "$work"/{base,longer}.trace
done
status_of 0 '^2 gates hold$' compare -f 'kernel.ms>100.001' -f 'ms>2.6%' "$work"/{base,longer}.trace
"$O/bootexits" compare --json --by ms -f 'kernel.ms>0.5' "$work"/{base,longer}.trace >"$work/json"
check "JSON has each nanosecond" jq -e '[.by, .unit, .total.a, .total.b, .total.difference, .gates[0].difference, .gates[0].unit, .gates[0].limit] ==
	["ms", "ms", 4000, 4100.0005, 100.0005, 100.0005, "ms", 0.5]' "$work/json"
# If a reason has a measure's name, that name means the reason, unless the gate says more.
sed '/"reason"/s/"name":"io"/"name":"ms"/; /"reason"/s/"name":"npf"/"name":"kvm"/' tests/data/full.trace >"$work/measures.trace"
status_of 1 '^breach: kernel.ms 0 (0.0%) >= +0$' compare -f 'kernel.ms>=0' "$work/measures.trace" "$work/measures.trace"
status_of 2 'this names a reason, and exits have no decimals' compare -f 'kernel.ms>0.5' "$work/measures.trace" "$work/measures.trace"
"$O/bootexits" compare --json -f 'kernel.kvm>=0' -f 'kernel.all.kvm>=0' "$work/measures.trace" "$work/measures.trace" >"$work/json"
check "kernel.kvm is a reason's exits, kernel.all.kvm is time" jq -e \
	'.gates | map([.reason, .by, .unit]) == [["kvm", "exits", "exits"], [null, "kvm", "cycles"]]' "$work/json"
for vcpu in '' -1 x 0x 18446744073709551616; do
	status_of 2 "not a vCPU's number, and not all" compare --vcpu "$vcpu" full.log full.log
done
status_of 3 'single.log: there is no vCPU 1' compare --vcpu 1 full.log single.log
status_of 3 'the log has no parts, so nothing of vCPU 1' compare --vcpu 1 interrupts.log three.log
status_of 3 'svm and vmx have no reasons in common: use --force' compare full.log three.log
status_of 3 'killed.trace: was attached to late, so its first phase is not whole: use --force' compare killed.trace attached.trace
status_of 0 'kernel *all  *30,909  *30,909' compare --force attached.trace attached.trace
status_of 3 'hostless.log: its host record is missing, so its vendor is unknown' compare full.log hostless.log
status_of 3 'hostless.log: its host record is missing' compare hostless.log hostless.log
status_of 1 'records or clocks are missing, so some are unknown' compare --force full.log headless.log
status_of 1 '^initramfs *all *4,500 *? *? *?$' compare --force full.log headless.log
status_of 1 'breach: initramfs is not known for all boots' compare --force -f 'initramfs>0' -f 'userspace!=0' full.log headless.log
status_of 3 'ABI 1 and ABI 2 may number reasons differently: use --force' compare odd.log abi.log
for gate in '' total 'total>' '>1' 'total=1' 'total==1' 'total=>1' 'total>>1' 'total>x' 'total>1x' \
	'total>+-1' 'total>+' 'total>1%%' 'total>1.5' 'total>1.2345%' 'total>1.%' 'total>.5%' 'total>1.5.5%' 'total>1.-5%' \
	'total>99999999999999999999' ' >1'; do
	status_of 2 'not a gate' compare --fail-on "$gate" full.log full.log
done
# says WHAT GATE: the message names WHAT as this gate's fault
says() {
	status_of 2 "not a gate: $2: $1" compare --fail-on "$2" full.log full.log
}
says "it has no operator. Put the gate in quotes: 'total>+0'" total
says 'the operator must be >, >=, <, <= or !=$' 'total==1'
says 'it has no name before the operator' '>1'
says 'its name is too long' "$(printf 'x%.0s' {1..160})>1"
says 'it has no number after the operator' 'total>+'
says 'its number is too large' 'total>9223372036854775808'
says 'only a percentage and ms may have decimals' 'total>1.5'
says 'a number may have up to three decimals' 'total>1.2345%'
for rest in %% ' and' ' andsignificant' ' and significantly' ' significant' '% or significant' ' and significant and significant'; do
	says 'only % and .and significant. may follow the number' "total>1$rest"
done
status_of 1 '^breach: total +3 (+0.0%) > +0%$' compare -f '	total	>  0	%  ' single.log slower.log
status_of 3 'LICENSE: truncated, or neither a trace nor a log' compare full.log ../../LICENSE
for name in bogus kernel.bogus bogus.io kernel. .io io.kernel Kernel; do
	status_of 2 "no boot has a phase or a reason $name: use a name of the table, or PHASE.REASON\$" \
		compare -f 'total>0' -f "$name>0" full.log full.log
	check "and nothing else" test "$(wc -l <"$work/err") $(wc -c <"$work/out")" = '1 0'
done
status_of 1 'full-truncated.log: [0-9]* defects, see' compare -f 'kernel>0' full-truncated.log full.log
status_of 3 'no phases' compare single.log skip.log
status_of 3 '4 runs, not one' compare bench.log full.log
status_of 3 'No such file' compare full.log missing.log

# Which files of a directory are boots
sides=$work/sides
mkdir -p "$sides"/{none,saved,lab,labs/1,labs/2} "$sides/od[d]"
cp tests/data/before/[12].log "$sides/saved"
cp tests/data/before/3.log "$sides/od[d]"
for dir in lab labs/1 labs/2; do
	cp tests/data/single.log "$sides/$dir/observer.log"
	cp tests/data/full.host "$sides/$dir/host.log"
	cp tests/data/skip.log "$sides/$dir/serial.log"
	echo 'not a log of a boot' >"$sides/$dir/console.log"
done
cp "$sides"/lab/{host,console}.log "$sides/saved"

# boots_of DIRECTORY FILE...: compare takes these files of it
boots_of() {
	local dir=$1
	shift
	"$O/bootexits" compare --json "$sides/$dir" "$sides/lab" |
		python3 -c 'import json, sys; print(*json.load(sys.stdin)["sides"][0]["files"], sep="\n")' >"$work/out"
	printf '%s\n' "${@/#/$sides/$dir/}" | diff - "$work/out" >&2
	ok $? "$dir: its boots are $*"
}
boots_of saved 1.log 2.log
boots_of lab observer.log
boots_of labs 1/observer.log 2/observer.log
boots_of 'od[d]' 3.log
status_of 0 'B: .*: 2 boots' compare "$sides/lab" "$sides/labs/[12]"
cp tests/data/before/1.log "$sides/labs/a.trace"
boots_of labs a.trace
status_of 3 'none: no .*trace' compare full.log "$sides/none"
status_of 3 'none/\*.log: No such file' compare full.log "$sides/none/*.log"
status_of 3 'skip.log: no phases' compare single.log 'sk[i]p*.log'
input=tests/data/single.log status_of 0 'guest exits: equal' compare - single.log

# What may be chance. With 4 boots a side, p is 2/70. For the best of 4 rows this is not below 0.05.
fours=("before/[1-4].log" "after/[1-4].log")
status_of 1 '^kernel  *cpuid .* +17 to +28  *[*]0.004$' compare before after
status_of 1 '^[*]: significant, by Holm' compare before after
status_of 1 '^kernel  *cpuid .* 0.029$' compare "${fours[@]}"
check "4 boots a side are too few for 4 rows, and 5 aren't" \
	grep -qx 'too few boots for any row of B to be significant: you need 5 on each side' "$work/out"
! grep -q '[*]' "$work/out"
ok $? "no row is marked"
# told JQ SIDE...: JQ is true for the JSON of these sides
told() {
	(cd tests/data && "$O/bootexits" compare --json "${@:2}") >"$work/json" 2>"$work/err"
	jq -e "$1" "$work/json" >"$work/out"
	ok $? "compare ${*:2}: $1"
}
told '.total.sides[1] | .p == 0.004329 and .p_holm == 0.017316 and .significant' before after
told '.total.sides[1] | .p == 0.0285714 and .p_holm == 0.114286 and (.significant | not)' "${fours[@]}"
told '.total.sides[1].shift == {estimate: 22, low: 17, high: 28, confidence: 0.969697}' before after
told '.total.sides[1].shift | .low == 17 and .high == 26 and .confidence == 0.9' 'before/[135].log' 'after/[146].log'
told '.total.sides[1].shift == {estimate: -22, low: -28, high: -17, confidence: 0.969697}' after before
status_of 1 ' shift  90% interval ' compare 'before/[135].log' 'after/[146].log'
told '.total.sides | map(.mad) == [1, 3.5]' before after
told '.total.sides | map(.mad) == [null, 3.5]' single.log after
told '.phases[0].sides[1] | .p == 1 and .p_holm == 1 and .significant == false and .shift.high == 0' before after
told '.total.sides[1] | .p == null and .p_holm == null and .significant == null and .shift == null' single.log slower.log
told '.copies == []' before after

# A gate that holds only for more than chance
mkdir "$sides"/{some,others}
cp tests/data/before/[13].log "$sides/some"
cp tests/data/before/[245].log "$sides/others"
for i in 1 3 5; do
	cp "tests/data/after/$i.log" "$sides/others/after$i.log"
	cp "tests/data/after/$((i + 1)).log" "$sides/some/after$((i + 1)).log"
done
status_of 1 "^breach: kernel +22.5 (+0.1%) > +22, Holm's p 0.0043\$" compare -f 'kernel > 22 and significant' before after
status_of 0 '^1 gate holds$' compare -f 'kernel>23 and significant' before after
status_of 1 '^breach: total ' compare -f 'total!=0' "$sides"/{some,others}
status_of 0 "^not significant: total -11.5 (-0.0%) != +0, Holm's p 0.93\$" compare -f 'total!=0 and significant' "$sides"/{some,others}
check "and it holds" grep -qx '1 gate holds' "$work/out"
status_of 1 "Holm's p 0.0087$" compare -f 'kernel>22 and significant' -f 'total>22 and significant' -f 'userspace.io>0 and significant' -f 'total>1' before after
told '.gates | map([.and_significant, .breached, .p, .p_holm, .significant]) == [[true, true, 0.004329, 0.004329, true], [false, true, null, null, null]]' \
	-f 'total>0 and significant' -f 'total>0' before after
status_of 3 'A and B have too few boots to tell what is chance: you need 4 on each side$' compare -f 'total>0 and significant' single.log slower.log
check "and nothing else" test "$(wc -l <"$work/err") $(wc -c <"$work/out")" = '1 0'
status_of 1 '^breach: total ' compare -f 'total>0 and significant' "${fours[@]}"
status_of 3 'A and B have too few boots to tell what is chance: you need 5 on each side$' \
	compare -f 'total>0 and significant' -f 'cpuid>0 and significant' "${fours[@]}"
status_of 1 '^breach: firmware: only A has that phase$' compare -f 'firmware>0 and significant' before slower.log

# Copies of a boot do not count as boots.
mkdir "$sides"/{copies,moved,cut,linked,twice}
for i in 1 2 3 4 5; do
	cp tests/data/single.log "$sides/copies/$i.log"
	cp tests/data/slower.log "$sides/moved/$i.log"
done
# copied FILE ARGUMENT...: compare names FILE as a copy of a boot, and prints no p
copied() {
	status_of 1 "^the same boot: .*$1" compare "${@:2}"
	! grep -qE '^phase.*( p| shift)' "$work/out" && grep -q '^copies of a boot say nothing about chance, so B has no p$' "$work/out"
	ok $? "and there is no p"
	told '[.total.sides[1] | .p, .p_holm, .significant, .shift] == [null, null, null, null] and (.copies[0] | length > 1)' "${@:2}"
}
copied '/1.log, .*/2.log, .*/3.log, .*/4.log, .*/5.log$' "$sides"/{copies,moved}
status_of 3 "copies of a boot can't tell what is chance: leave them out" compare -f 'total>0 and significant' "$sides"/{copies,moved}
check "and nothing else" test "$(wc -l <"$work/err") $(wc -c <"$work/out")" = '1 0'
copied 'before/1.log, .*single.log$' before single.log
cp tests/data/before/*.log "$sides/cut"
head -n 20 tests/data/before/2.log >"$sides/cut/6.log"
copied 'cut/2.log, .*cut/6.log$' "$sides/cut" after
sed '/entry=1 /d' tests/data/before/2.log >"$sides/cut/6.log"
copied 'cut/2.log, .*cut/6.log$' "$sides/cut" after
cp tests/data/before/*.log "$sides/linked"
ln -s 3.log "$sides/linked/$(printf '7\033[2J').log"
copied 'linked/3.log, .*/7?\[2J.log$' "$sides/linked" after
cp tests/data/before/*.log "$sides/twice"
"$O/bootexits" record -o "$sides/real-4.trace" --lab --from-log tests/data/before/4.log 2>"$work/err"
sed '1s/"exact":true/"exact":false/' "$sides/real-4.trace" >"$sides/twice/9.log"
copied 'twice/4.log, .*/9.log$' "$sides/twice" after

# What a trace's metadata say. trace NAME LOG [SED]: make a trace of LOG, and change its metadata
trace() {
	"$O/bootexits" record -o "$sides/$1.trace" --lab --from-log "tests/data/$2.log" 2>"$work/err"
	sed -i -e '1s/^{/{"lane":"amd",/' ${3:+-e "1$3"} "$sides/$1.trace"
}
trace exact single
trace again single
trace slower slower
trace intel single 's/"amd"/"intel"/'
trace real single 's/"exact":true/"exact":false/'
trace cycles single 's/"instructions"/"cycles"/'
mkdir "$sides"/{exacts,loose}
for i in 1 2 3; do
	cp "$sides/exact.trace" "$sides/exacts/$i.trace"
	cp "$sides/exact.trace" "$sides/loose/$i.trace"
done
cp "$sides/slower.trace" "$sides/loose/4.trace"
status_of 0 'guest exits: equal' compare "$sides"/{exact,again}.trace
status_of 1 '^total  *cpuid  *2,000  *2,003  *+3  *+0.2%  *exact$' compare "$sides"/{exact,slower}.trace
status_of 1 '^breach: total +3 ' compare -f 'total>+0' "$sides"/{exact,slower}.trace
status_of 1 '^breach: total +3 (+0.0%) > +0, exact$' compare -f 'total>+0 and significant' "$sides"/{exact,slower}.trace
status_of 1 '^total  *cpuid  *2,000  *0  *2,003  *+3  *+0.2%  *exact$' compare "$sides"/{exacts,slower.trace}
! grep -q too.few "$work/out"
ok $? "no line says that boots are too few"
status_of 1 '^total  *cpuid  *2,003  *2,000  *0  *-3  *-0.1%$' compare "$sides"/{slower.trace,loose}
status_of 1 '^total  *cpuid  *2,000  *2,003  *+3  *+0.2%$' compare single.log "$sides/slower.trace"
status_of 3 'intel.trace: lane is intel, but in .*exact.trace it is amd: use --force' compare "$sides"/{exact,again,intel}.trace
status_of 3 'exact.trace: exact is yes, but in .*real.trace it is no: use --force' compare "$sides"/{real,exact}.trace
status_of 3 'cycles.trace: unit is cycles, but in .* it is instructions: use --force' compare "$sides"/{exact,cycles}.trace
check "in one line" test "$(wc -l <"$work/err") $(wc -c <"$work/out")" = '1 0'
status_of 0 'guest exits: equal' compare --force "$sides"/{exact,intel,real,cycles}.trace
status_of 0 'guest exits: equal' compare single.log "$sides/intel.trace"

# What a boot was made of. made NAME LOG [FILTER]: make a trace of a boot in the lab, and change its metadata by jq
parts='{lane: "amd", kver: "6.1", emulator: "QEMU 7.2", emulator_sha256: "e0", emulator_firmware: {"pvh.bin": "p0"}, command: ["lab/lab.sh", "-p", "-e", "hist=0", "linux",
	"build/linux.iso"], l1: {suite: "bookworm", lock: "k0", packages: [["libc6", "2.36-9", "c0"], ["libglib2.0-0", "2.74.6-2", "d0"],
	["libudev1", "252.38-1", "f0"]]}, files: [{path: "build/lab/6.1/vmlinux", bytes: 3, sha256: "a0"}, {path: "build/lab/6.1/l1.cpio",
	bytes: 4, sha256: "b0"}, {path: "build/kvm/6.1/kvm.ko", bytes: 5, sha256: "a1"}, {path: "lab/l1/l2.sh", bytes: 6, sha256: "a2"},
	{path: "build/linux.iso", bytes: 7, sha256: "a3"}]}'
lib='.l1.lock = "k1" | .l1.packages[1][1] = "2.74.6-3" | .l1.packages[2] = ["libz", "1", "z0"] | .files[1].sha256 = "b1"'
old='del(.l1, .emulator_sha256, .emulator_firmware) | .files |= map(select(.path | test("lab/l1/") | not))'
iso='.files[4].sha256 = "i1"'
ko='.files[2].sha256 = "i2"'
made() {
	"$O/bootexits" record -o "$work/logs.trace" --lab --from-log "tests/data/$2.log" 2>"$work/err"
	jq -c "if .trace then . + $parts | ${3:-.} else . end" "$work/logs.trace" >"$sides/$1.trace"
}
# differs NAME [LINE]...: compare base with a trace that has the same counts, except for the guest's three CPUIDs. These
# lines come before all others. No row is called exact, neither in the text nor in JSON.
differs() {
	local name=$1
	shift
	"$O/bootexits" compare "$sides"/{base,"$name"}.trace >"$work/out"
	[[ $? -eq 1 && $(sed -n "3,$(($# + 2))p" "$work/out") == "$(printf '%s\n' "$@")" ]] && ! grep -q '\<exact\>' "$work/out"
	ok $? "$name: the first line is $1, and nothing is exact"
	sed 's/^/# /' <(head -n 6 "$work/out")
	"$O/bootexits" compare --json "$sides"/{base,"$name"}.trace >"$work/json"
	jq -e '[.. | .exact? | values] | length > 2 and (any | not)' "$work/json" >"$work/out"
	ok $? "$name: nothing is exact in JSON, either"
}
# tested NAME LINE: here what differs is under test, so the rows stay exact
tested() {
	status_of 1 '^total  *cpuid  *2,000  *2,003  *+3  *+0.2%  *exact$' compare "$sides"/{base,"$1"}.trace
	[[ $(sed -n 3p "$work/out") == "$2" && $(sed -n 4p "$work/out") == 'guest exits: these differ' ]]
	ok $? "$1: the first line is: $2"
}
that='a difference below may come from that, not from what you test'
either='a difference below may come from either'
made base single
made again slower
status_of 1 '^total  *cpuid  *2,000  *2,003  *+3  *+0.2%  *exact$' compare "$sides"/{base,again}.trace
check "if boots were made alike, nothing more is said" test "$(sed -n 3p "$work/out")" = 'guest exits: these differ'
made lib slower "$lib"
differs lib 'L1 differs: libglib2.0-0 2.74.6-2 / 2.74.6-3, libudev1 252.38-1 / none, libz none / 1' "$that"
"$O/bootexits" compare --json "$sides"/{base,lib}.trace >"$work/json"
jq -e '.differs == [{side: "B", part: "l1", within: false, under_test: false, what: ["libglib2.0-0 2.74.6-2 / 2.74.6-3",
	"libudev1 252.38-1 / none", "libz none / 1"]}]' "$work/json" >"$work/out"
ok $? "lib: JSON says the same"
made suite slower '.l1 = {suite: "trixie", lock: "k2", packages: [range(9) | ["lib\(.)", "1", "t0"]]}'
differs suite 'L1 differs: suite bookworm / trixie, libc6 2.36-9 / none, libglib2.0-0 2.74.6-2 / none, libudev1 252.38-1 / none, and 9 more'
made rebuilt slower '.l1.lock = "k1" | .l1.packages[0][2] = "c1"'
differs rebuilt 'L1 differs: another build of libc6 2.36-9'
made lock slower '.l1.lock = "k1"'
differs lock 'L1 differs: lock file k0 / k1'
made cpio slower '.files[1].sha256 = "b1"'
differs cpio 'L1 differs: l1.cpio' "$that"
made old slower "$old"
status_of 1 ' exact$' compare "$sides"/{base,old}.trace
made old-cpio slower '.files[1].sha256 = "b1" | .files[0].sha256 = "b2" | '"$old"
differs old-cpio 'L1 differs: vmlinux, l1.cpio' "$that"
# Version 1.0 had the lab in scripts/, and named the module that L1 does not load.
before='.files[3].path = "scripts/l1/l2.sh" | .files += [{path: "build/kvm/6.1/kvm-intel.ko", bytes: 1, sha256: "x0"}]'
made before slower "$before"
status_of 1 '^total  *cpuid  *2,000  *2,003  *+3  *+0.2%  *exact$' compare "$sides"/{base,before}.trace
check "a trace of before the lab moved is like one of now" test "$(sed -n 3p "$work/out")" = 'guest exits: these differ'
made before-lab slower "$before"' | .files[3].sha256 = "s1"'
differs before-lab 'the lab differs: l2.sh' "$that"
made none slower 'del(.l1) | .files |= .[4:]'
differs none 'L1 differs: only one trace says what it is made of'
status_of 1 'L1 differs: only one trace says what it is made of' compare "$sides"/{base,slower}.trace
! grep -q '\<exact\>' "$work/out"
ok $? "a log beside a trace of the lab is not called exact"
made seed slower '. + {l1_seed: 7, l1_cpu: "max", l1_ram: 1024}'
differs seed 'L1 differs: L1_SEED 0 / 7, L1_CPU the default / max' "$that"
made kernel slower '.kver = "6.12" | .files[].path |= sub("6.1/"; "6.12/") | .files[0].sha256 = "v2" | .files[2].sha256 = "v3"'
differs kernel 'L1 differs: kernel 6.1 / 6.12' 'KVM differs: kvm.ko' "$that"
made emulator slower '.emulator = "QEMU 10.0" | .emulator_sha256 = "e1"'
differs emulator 'the emulator differs: QEMU 7.2 / QEMU 10.0' "$that"
made patched slower '.emulator_sha256 = "e1"'
differs patched 'the emulator differs: another build of QEMU 7.2' "$that"
made firmware slower '.emulator_firmware["pvh.bin"] = "p1"'
differs firmware 'the emulator differs: its pvh.bin' "$that"
made script slower '.files[3].sha256 = "s1"'
differs script 'the lab differs: l2.sh' "$that"
made iso slower "$iso"
tested iso 'the guest differs: build/linux.iso'
made moved slower '.files[].path |= "/elsewhere/" + . | .command[5] |= "/elsewhere/" + .'
status_of 1 ' exact$' compare "$sides"/{base,moved}.trace
check "the same files elsewhere are the same" test "$(sed -n 3p "$work/out")" = 'guest exits: these differ'
made other slower '.command[5] = "my.iso" | .command[4] = "boot" | .files[4] = {path: "my.iso", bytes: 7, sha256: "i3"}'
tested other 'the guest differs: build/linux.iso / my.iso, linux / boot'
made command slower '.command[3] = "hist=1\u001b[2J" | .command += ["disk.img"] | .files += [{path: "disk.img", bytes: 1, sha256: "i4"}]'
tested command 'the guest differs: none / disk.img, hist=0 / hist=1?[2J'
made ko slower "$ko"
tested ko 'KVM differs: kvm.ko'
made no-ko slower '.files |= map(select(.path | endswith(".ko") | not))'
tested no-ko 'KVM differs: kvm.ko / none'
# KVM of a source tree of the user's, in Debian's kernel or in the tree's own
ksrc='.l1_kernel = "ksrc" | .ksrc = "6.1.9 kvm-2" | del(.files[2]) | .files[0:2] |= map(.path |= sub("6.1/"; "6.1-ksrc/") | .sha256 = if .bytes == 4 then "k0" else .sha256 end)'
made ksrc slower "$ksrc"
tested ksrc "KVM differs: its source Debian's / 6.1.9 kvm-2"
made ksrc-whole slower "$ksrc"' | .files[0].sha256 = "w0"'
differs ksrc-whole 'L1 differs: L1_KERNEL none / ksrc' "KVM differs: its source Debian's / 6.1.9 kvm-2" "$that"
made ksrc-before single "$ksrc"' | .ksrc = "6.1.9 kvm-1" | .files[0].sha256 = "w1"'
status_of 1 '^total  *cpuid  *2,000  *2,003  *+3  *+0.2%  *exact$' compare "$sides"/ksrc-{before,whole}.trace
check "two trees: KVM alone differs" test "$(sed -n 3,4p "$work/out")" = "KVM differs: its source 6.1.9 kvm-1 / 6.1.9 kvm-2
guest exits: these differ"
made ksrc-else single "$ksrc"' | .files[0].sha256 = "w2"'
status_of 1 '^KVM differs: vmlinux$' compare "$sides"/ksrc-{else,whole}.trace
made both slower "$ko | $iso"
differs both 'KVM differs: kvm.ko' 'the guest differs: build/linux.iso' "$either"
made all slower "$ko | $iso | $lib"
differs all 'L1 differs: libglib2.0-0 2.74.6-2 / 2.74.6-3, libudev1 252.38-1 / none, libz none / 1' 'KVM differs: kvm.ko' \
	'the guest differs: build/linux.iso' "$that"
made lane slower '.lane = "intel"'
status_of 1 '^the lane differs: amd / intel$' compare --force "$sides"/{base,lane}.trace
! grep -q '\<exact\>' "$work/out"
ok $? "a forced comparison is not exact"
mkdir "$sides"/{alike,mixed}
cp "$sides/base.trace" "$sides/alike/1.trace"
made alike/2 single
cp "$sides/alike/1.trace" "$sides/mixed"
made mixed/2 single "$iso"
status_of 1 '^total  *cpuid  *2,000  *0  *2,003  *+3  *+0.2%  *exact$' compare "$sides"/{alike,iso.trace}
status_of 1 '^within A: the guest differs: build/linux.iso$' compare "$sides"/{mixed,iso.trace}
[[ $(sed -n 4p "$work/out") == "the guest differs: build/linux.iso" && $(sed -n 5p "$work/out") == "$that" ]] &&
	! grep -q '\<exact\>' "$work/out"
ok $? "a side of two guests is never exact"
status_of 1 '^within C: L1 differs: libglib' compare "$sides"/{alike,iso.trace,'[al][gi][ab]*.trace'}
grep -q '^B: the guest differs' "$work/out" && ! grep -q "^B: $that" "$work/out" && grep -q "^C: $that\$" "$work/out" && grep -q ' exact  ' "$work/out"
ok $? "of three sides each has its own lines, and B is exact"

# A hundred full boots
mkdir "$sides/many"
"$O/bootexits" record -o "$sides/full.trace" --lab --from-log tests/data/full.log 2>"$work/err"
python3 - "$sides/full.trace" >"$sides/many/000.trace" <<'END'
import json, sys
for line in open(sys.argv[1]):
    record = json.loads(line)
    if record.get("samples"):		# 4 records of them: to 7,200 samples
        tsc, others = record["samples"][-1]
        record["samples"] += [[tsc + i, others] for i in range(1, 1800)]
    print(json.dumps(record))
    if record.get("guest") == "linux":	# and 1,500 records
        for i in range(1450):
            print(json.dumps({"console": "serial", "at": 80 * i, "text": "what Linux prints " * 3}))
END
for i in {1..99}; do
	ln "$sides/many/000.trace" "$sides/many/$i.trace"
done
before=$(cpu_seconds)
"$O/bootexits" compare "$sides/many/[0-4]*" "$sides/many/[5-9]*" >"$work/out" 2>"$work/err"
took=$(($(cpu_seconds) - before))
[[ $took -le 5 ]] && grep -q ': 45 boots$' "$work/out" &&
	grep -q ': 55 boots$' "$work/out"
ok $? "100 full boots are compared in at most 5 s of CPU time: $took s"

# scripts/compare.sh does the same.
# script STATUS PATTERN ARGUMENT...
script() {
	local want=$1 pattern=$2 got
	shift 2
	(cd tests/data && "$root/scripts/compare.sh" "$@") >"$work/out" 2>&1
	got=$?
	[[ $got -eq $want ]] && grep -q -e "$pattern" "$work/out"
	ok $? "compare.sh $*: status $want (is $got), says $pattern"
}
script 1 'breach: kernel +22.5 .* > +22$' --fail-on 'total>1%' --fail-on 'kernel>22' before after
script 0 '2 gates hold' --fail-on 'total>1%' --fail-on 'kernel>=23' before after
script 1 'these differ' single.log slower.log
script 2 'two sides' single.log
script 2 '^usage: compare.sh'
script 0 '^usage: compare.sh' -h
O=$work script 3 "compare: $work/bootexits is missing" single.log single.log

# A file's name may have any bytes.
odd=$sides/$'\xff\xc3\xa9.log'
cp tests/data/single.log "$odd"
is_told() {	# SUBCOMMAND ARGUMENT...: its JSON has the name, with its invalid bytes replaced
	"$O/bootexits" "$@" "$odd" | python3 -c 'import json, sys; print(json.dumps(json.load(sys.stdin)))' |
		grep -q 'ufffd.u00e9.log"'
	ok $? "$1 --json: a name that is no UTF-8"
}
is_told compare --json "$sides/lab"
is_told report --json

# For a comment, for a CI, and for GitHub
case_of compare-markdown 1 compare --format=markdown --top 3 --sort delta -f 'kernel>22' before after
case_of compare-junit 1 compare --format junit -f 'total>+0' -f 'kernel.cpuid>1%' -f 'rom<0' single.log slower.log full-truncated.log
case_of compare-github 1 compare --format github -f 'total>+0' -f 'kernel.cpuid>9%' single.log slower.log full-truncated.log
case_of compare-github-equal 0 compare --format github full.log full.log
case_of compare-github-hold 0 compare --format github -f 'total>9%' single.log slower.log
case_of compare-junit-equal 0 compare --format junit full.log full.log
for json in --json '--format json'; do
	# shellcheck disable=SC2086 # its words
	"$O/bootexits" compare $json tests/data/full.log tests/data/slower.log >"$work/${json// /}"
done
check "--format json is --json" cmp "$work/--json" "$work/--formatjson"
status_of 2 'not text, json, markdown, junit or github: xml' compare --format xml full.log full.log
status_of 2 "can't be used with --format=junit" compare --format junit --top 3 full.log full.log
# Names that a guest or a user chose mean nothing in any format.
hostile=$'|`x`<b>&"@me#1 [a](b)\\\n::error::x%0A'
mkdir "$work/hostile"
jq -c 'if .name == "io" then .name = "c|p<u>i@d&" else . end' tests/data/study/cd.trace >"$work/hostile/$hostile.trace"
for format in markdown junit github; do
	"$O/bootexits" compare --format $format -f 'total>+0' "$work/hostile/$hostile.trace" tests/data/study/cd-ahci.trace >"$work/out" 2>"$work/err"
	cp "$work/out" "$work/hostile.$format"
done
check "JUnit is XML, whatever a name is" python3 -c 'import sys, xml.etree.ElementTree as e; e.parse(sys.argv[1])' "$work/hostile.junit"
check "GitHub gets only commands of ours" test -z "$(grep -v '^::\(error\|notice\) title=bootexits::' "$work/hostile.github")"
! sed 's/^### //; s/&#64;//g' "$work/hostile.markdown" | grep -E '(^|[^\])[<`@#]' && grep -q 'c\\|p&lt;u&gt;i&#64;d&amp;' "$work/hostile.markdown"
ok $? "in Markdown a name is only a text"

export SAN=1
make -s -C tools all unit >"$work/make" 2>&1
ok $? "the tool builds with sanitizers"
sed 's/^/# /' "$work/make"
sanitized() {	# ARGUMENT...: of compare
	(cd tests/data && limited 60 "$O/bootexits-san" compare "$@") >/dev/null 2>"$work/err"
	[[ $? -le 4 ]] && ! grep -E 'Sanitizer|runtime error' "$work/err"
	ok $? "no sanitizer complains about compare $*"
}
sanitized before after before/1.log single.log slower.log
sanitized --json before after 'before/*' -f 'total>0.5%' -f 'rom<0' slower.log
sanitized before after -f 'total>0.5% and significant' -f 'cpuid<0 and significant'
sanitized --json "$sides"/{copies,moved,some,others}
sanitized --force --vcpu 0 '*.log' good.log
sanitized --force before three.log abi.log full.log odd.log -f 'cpuid!=0.001%'
sanitized --json --force odd.log 'after/*' three.log
sanitized "$sides"/{exacts,slower.trace,loose}
sanitized "$sides"/{exact,intel}.trace
sanitized --force "$sides"/{base,mixed,all.trace,other.trace,command.trace,lane.trace,none.trace,suite.trace}
sanitized --force --json "$sides"/{all.trace,mixed,exact.trace,old.trace}
made strange slower '.l1 = {packages: [1, [], [[]], ["libc6"]]} | .files = [1, {}, {path: 5}, {path: "kvm.ko"}, {path: "/"}, {path: ""}] | .command = "x" | .emulator = 1.5'
sanitized "$sides"/{base,strange,all}.trace
sanitized "$sides"/{strange,base}.trace
for format in markdown junit github; do
	sanitized --format $format before after 'before/*' -f 'total>0.5%' -f 'rom<0' slower.log
	sanitized --format $format --force "$sides"/{all.trace,mixed,exact.trace,old.trace}
done
sanitized before missing.log "$sides/none" '*.nothing'

unit compare
unit shift

done_testing
