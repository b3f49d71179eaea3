#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: make-logs.sh [-h] DIRECTORY
#
# Writes the golden logs of tests/tools.t to DIRECTORY.  Checksums come from
# an implementation of its own, so that it and the reader check each other.
# Totals are written by hand, and so are the counts that must add up to them.
# Exit status: 0 written, 2 usage.
set -euo pipefail

if [[ $# -ne 1 || $1 == -h ]]; then
	sed -n 's/^# \{0,1\}//; 3,8p' "$0"
	[[ ${1-} == -h ]] && exit 0
	exit 2
fi
out=$1

# crc TEXT: CRC-16/XMODEM, four hexadecimal digits
crc() {
	local text=$1 i bit byte sum=0
	for ((i = 0; i < ${#text}; i++)); do
		printf -v byte %d "'${text:i:1}"
		((sum ^= byte << 8, 1))
		for ((bit = 0; bit < 8; bit++)); do
			((sum = sum & 0x8000 ? (sum << 1 ^ 0x1021) & 0xffff : sum << 1, 1))
		done
	done
	printf %04x "$sum"
}

# seal: number the records of stdin and add their checksums; "!TEXT" is
# passed on as TEXT, "!restart" begins a new run
seal() {
	local line seq=0
	while IFS= read -r line; do
		case $line in
		'!restart') seq=0 ;;
		'!'*) printf '%s\r\n' "${line#!}" ;;
		*)
			line="bx $((seq++)) $line"
			printf '%s *%s\r\n' "$line" "$(crc "$line")"
			;;
		esac
	done
}

# mark ENTRY ID NAME TOTAL SELF SLOT:CODE:REASON:COUNT:COST...: a phase record
# and its reasons; COST: kvm cycles of one exit
mark() {
	local entry=$1 id=$2 name=$3 total=$4 self=$5 reason kvm=0
	local slot code what count cost
	shift 5
	for reason; do
		IFS=: read -r slot code what count cost <<<"$reason"
		((kvm += count * cost, 1))
	done
	echo "phase entry=$entry id=$id name=$name vcpu=0 tsc=$((900000000 + total * 4000)) total=$total kvm=$kvm user=$((total * 700)) idle=$((total * 9)) preempted=0 self=$self"
	for reason; do
		IFS=: read -r slot code what count cost <<<"$reason"
		echo "reason entry=$entry slot=$slot code=$code name=$what count=$count kvm=$((count * cost)) user=0 idle=0 preempted=0"
	done
}

svm_host='host abi_major=1 abi_minor=0 vendor=svm features=15 vcpus=1 slots=192 epoch=1 from_start=1 incomplete=0 tsc_khz=1000000'

good() {
	echo 'hello proto=1 version=1.0 start=multiboot2'
	echo "$svm_host"
	echo 'first total=16210 cycles=48000000 tsc=964840000'
	echo 'calibrate what=poll n=16 exits=16'
	echo 'sample n=0 tsc=964850000 total=16211 cycles=48002700'
	mark 0 16 firmware 12345 1 16:16:write_cr0:20:3100 96:96:interrupt:5:2400 \
		114:114:cpuid:98:2725 120:120:hlt:12:4000 123:123:io:9000:3700 \
		124:124:msr:310:2900 168:1024:npf:2900:5200
	mark 1 32 bootloader 16210 2 16:16:write_cr0:50:3100 96:96:interrupt:12:2400 \
		114:114:cpuid:106:2725 120:120:hlt:12:4000 123:123:io:12700:3700 \
		124:124:msr:310:2900 168:1024:npf:3020:5200
	mark 2 48 payload 17310 1042 16:16:write_cr0:50:3100 96:96:interrupt:17:2400 \
		114:114:cpuid:1166:2725 120:120:hlt:12:4000 123:123:io:12720:3700 \
		124:124:msr:310:2900 168:1024:npf:3035:5200
	echo 'sync try=1 entry=2 after=17312'
	echo 'selftest name=cpuid n=100 expect=100 got=100 ok=1'
	echo 'fuzz n=1000 bad=0 seed=1'
	echo 'dropped samples=0 marks=0'
	echo 'verdict result=pass'
	echo 'end records=35'
}

# A boot with no GRUB on a tracer that was switched on late; five interrupts
# around the pause, and an exit that no hardware made.
interrupts() {
	echo 'hello proto=1 version=1.0 start=pvh'
	echo 'host abi_major=1 abi_minor=0 vendor=vmx features=15 vcpus=2 slots=192 epoch=3 from_start=0 incomplete=0 tsc_khz=2000000'
	mark 0 32 bootloader 600 1 1:1:EXTERNAL_INTERRUPT:10:1500 \
		10:10:CPUID:40:1300 28:28:CR_ACCESS:8:1700 \
		30:30:IO_INSTRUCTION:500:2600 48:48:EPT_VIOLATION:40:4100 \
		177:0:emulation_required:2:9000
	mark 1 48 payload 800 160 1:1:EXTERNAL_INTERRUPT:20:1500 \
		10:10:CPUID:230:1300 28:28:CR_ACCESS:8:1700 \
		30:30:IO_INSTRUCTION:500:2600 48:48:EPT_VIOLATION:40:4100 \
		177:0:emulation_required:2:9000
	mark 2 48 payload 803 161 1:1:EXTERNAL_INTERRUPT:21:1500 \
		10:10:CPUID:231:1300 28:28:CR_ACCESS:8:1700 \
		30:30:IO_INSTRUCTION:501:2600 48:48:EPT_VIOLATION:40:4100 \
		177:0:emulation_required:2:9000
	mark 3 144 custom 1000 161 1:1:EXTERNAL_INTERRUPT:21:1500 \
		10:10:CPUID:231:1300 28:28:CR_ACCESS:8:1700 \
		30:30:IO_INSTRUCTION:698:2600 48:48:EPT_VIOLATION:40:4100 \
		177:0:emulation_required:2:9000
	echo 'sync try=1 entry=1 after=807'
	echo 'sync try=2 entry=2 after=805'
	echo 'verdict result=pass'
	echo 'end records=34'
}

skip() {
	echo 'hello proto=1 version=1.0 start=multiboot1'
	echo 'skip msg="no tracer: leaf 0x4fffff00 has no signature"'
	echo 'verdict result=skip'
	echo 'end records=4'
}

# bench_run NAME RECORDS BENCH:MIN:MEDIAN...; stock KVM has no host record
bench_run() {
	local name=$1 records=$2 bench what min median
	shift 2
	printf '%s\n' "!# run $name" '!restart' \
		'hello proto=1 version=1.0 start=multiboot1'
	[[ $name != on* ]] || echo "$svm_host"
	for bench; do
		IFS=: read -r what min median <<<"$bench"
		echo "bench name=$what n=1000 min=$min median=$median"
	done
	printf '%s\n' 'verdict result=pass' "end records=$records"
}

bench() {
	bench_run stock 5 cpuid-0:2685:2685 cpuid-4fffffff:2874:2874
	bench_run off 5 cpuid-0:2687:2687 cpuid-4fffffff:2876:2876
	bench_run on 7 cpuid-0:2725:2731 cpuid-4fffffff:2780:2780 mark:10450:10460
	bench_run on-2vcpu 6 cpuid-0:2725:2725 cpuid-4fffffff:2811:2811
}

# One of each defect that good checksums leave.
defects() {
	echo 'note text="comes before hello"'
	echo 'hello proto=2 version=2.0 start=rom'
	echo 'host abi_major=2 abi_minor=0 vendor=tcg features=15 vcpus=1 slots=192 epoch=1 from_start=1 incomplete=0 tsc_khz=1000000'
	mark 0 16 firmware 10 11 30:30:IO:10:1
	mark 2 32 bootloader 9 1 30:30:IO:9:1
	echo 'reason entry=7 slot=1 code=1 name=lost count=1'
	echo 'reason entry=0 slot=192 code=1 name=high count=1'
	echo 'reason entry=0 slot=30 code=30 name=twice count=1'
	echo 'reason entry=0 slot=x code=30 name=text count=1'
	echo 'sync try=0 entry=0 after=11'
	echo 'sync try=1 entry=9 after=11'
	echo 'fuzz n=10 bad=1 seed=1'
	echo 'panic vector=13 name=#GP error=0 eip=1048576 cr2=0'
	echo 'verdict result=maybe'
	echo 'verdict result=pass'
	echo 'end records=99'
	echo 'note text="comes after the end"'
}

# Unknown tags and keys, and what other programs put on the same line.
garbage() {
	local i=0 line long
	printf -v long '%9000s' ''
	printf 'SeaBIOS (version 1.16.2)\r\nBooting from DVD/CD...\r\n'
	printf '\033[2J\033[1;1H'
	while IFS= read -r line; do
		case $((i++)) in
		2) printf 'grub> \0\001\377 bx hello there %s\r\n' "${long// /x}" ;;
		4) printf '\0\0\0%s\r\n' "${line%$'\r'}"; continue ;;
		5) printf '[    0.000000] Linux version 6.1\r%s oops\r\n' "${line%$'\r'}"; continue ;;
		6) printf '%s\n' "${line%$'\r'}"; continue ;;
		7) printf '%s' "${line%$'\r'}"; continue ;;
		esac
		printf '%s\n' "$line"
	done < <(good | sed -e '3i thermometer celsius=41' -e 's/^calibrate /&model="x y" /' -e 's/end records=35/end records=36/' | seal)
}

# hist SYNC REASON:COUNT...: KVM's histogram at a pause
hist() {
	local sync=$1 bucket
	shift
	for bucket; do
		echo "hist sync=$sync reason=${bucket%:*} count=${bucket#*:}"
	done
}

good_host() {
	echo 'host sync=1 exits=17311 exits_fd=17311'
	hist 1 0x10:50 0x60:17 0x72:1166 0x78:12 0x7b:12721 0x7c:310 0x400:3035
}

interrupts_host() {
	echo 'run name=boot kernel=6.1.0 vendor=kvm-intel hist=1'
	echo 'host sync=1 exits=803 exits_fd=803'
	hist 1 1:22 10:230 28:8 30:501 48:40
	echo 'host sync=2 exits=804 exits_fd=804'
	hist 2 1:21 10:231 28:8 30:502 48:40
	echo 'hist reason=30 count=9999'
}

good_host >"$out/good.host"
interrupts_host >"$out/interrupts.host"
good_host | sed 's/exits=17311/exits=17310/' >"$out/fewer.host"
good_host | sed 's/exits_fd=17311/exits_fd=17312/' >"$out/fd.host"
good_host | sed -e 's/count=310/count=309/' -e '$a hist sync=1 reason=0x61 count=1' >"$out/reasons.host"
good_host | sed 's/sync=1/sync=2/' >"$out/other-sync.host"

good | seal >"$out/good.log"
interrupts | seal >"$out/interrupts.log"
skip | seal >"$out/skip.log"
defects | seal >"$out/defects.log"
bench | seal >"$out/bench.log"
garbage >"$out/garbage.log"
good | sed '$d' | sed '/^verdict/d' | seal | head -c -20 >"$out/truncated.log"
sed 's/^\(bx 9 .* count=\)12 /\1 13 /' "$out/good.log" >"$out/crc.log"
sed '/^bx 12 /d' "$out/good.log" >"$out/gap.log"
good | sed 's/^\(reason entry=1 .*name=io count=\)12700/\112699/' | seal >"$out/sum.log"
good | sed -e 's/got=100 ok=1/got=99 ok=0/' -e 's/result=pass/result=fail/' | seal >"$out/fail.log"
{
	good | sed '/^selftest/,$d'
	printf '%s\n' '!restart' && skip
} | seal >"$out/reboot.log"
