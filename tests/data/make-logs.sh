#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: make-logs.sh [-h] DIRECTORY
#
# Writes the golden logs of tests/tool/tools.t and tests/tool/compare.t to DIRECTORY. It has its own code for checksums, so that
# it and the reader check each other. Totals are written by hand, and so are the counts that must add up to them.
#
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

svm_host='host abi_major=1 abi_minor=1 vendor=svm features=15 vcpus=1 slots=192 epoch=1 from_start=1 incomplete=0 tsc_khz=1000000'

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

# A boot without GRUB, on a tracer that was switched on late. There are five interrupts around the pause, and an exit
# that no hardware made.
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

# ended: print standard input, the verdict pass, and the end record
ended() {
	local nr=2

	while IFS= read -r line; do
		((++nr))
		printf '%s\n' "$line"
	done
	printf '%s\n' 'verdict result=pass' "end records=$nr"
}

# mark_of ENTRY ID NAME VCPU TSC TOTAL SELF SLOT:CODE:REASON:COST:COUNT[+COUNT...]...:
# a phase record, its reasons and their parts; a COUNT for each vCPU
mark_of() {
	local entry=$1 id=$2 name=$3 vcpu=$4 tsc=$5 total=$6 self=$7 reason kvm=0 sum n i
	local slot code what cost counts parts=() each

	shift 7
	for reason; do
		IFS=: read -r slot code what cost counts <<<"$reason"
		((kvm += (counts) * cost, 1))
	done
	echo "phase entry=$entry id=$id name=$name vcpu=$vcpu tsc=$tsc total=$total kvm=$kvm user=$((total * 700)) idle=0 preempted=0 self=$self"
	for reason; do
		IFS=: read -r slot code what cost counts <<<"$reason"
		((sum = counts))
		echo "reason entry=$entry slot=$slot code=$code name=$what count=$sum kvm=$((sum * cost)) user=$((sum * 700)) idle=0 preempted=0"
		IFS=+ read -ra each <<<"$counts"
		for ((i = 0; i < ${#each[@]} && ${#each[@]} > 1; i++)); do
			n=${each[i]}
			((!n)) || parts+=("part entry=$entry vcpu=$i slot=$slot count=$n kvm=$((n * cost)) user=$((n * 700)) idle=0 preempted=0")
		done
	done
	[[ ${#parts[@]} -eq 0 ]] || printf '%s\n' "${parts[@]}"
}

# A boot of Linux on vCPU 0, observed from vCPU 1.
full() {
	echo 'hello proto=1 version=1.1 start=multiboot2'
	echo "${svm_host/vcpus=1/vcpus=2}"
	echo 'first total=10990 cycles=31000000 tsc=899000000'
	echo 'linux version="6.1.0-56-amd64 (debian-kernel@lists.debian.org) #1 SMP" major=2 minor=15 kernel=8247232 initrd=1234567'
	echo 'observer vcpu=1 interval=1000'
	mark_of 0 16 firmware 0 800000000 10000 1 114:114:cpuid:2700:10+0 \
		123:123:io:2500:9000+0 168:1024:npf:4000:990+0
	mark_of 1 32 bootloader 0 900000000 11000 5 114:114:cpuid:2700:15+0 \
		123:123:io:2500:9700+0 168:1024:npf:4000:1285+0
	mark_of 2 48 payload 0 1000000000 12400 1090 114:114:cpuid:2700:1100+20 \
		123:123:io:2500:9760+200 168:1024:npf:4000:1300+20
	echo 'samples n=0 tsc=1001000000 others=12170 own=245 gap=1000500 d=1000123:5,98000000:1500,100000000:2500'
	echo 'samples n=4 tsc=1400000000 others=19000 own=640 gap=1000600 d=300000000:3000,400000000:2000,390000000:3900'
	mark_of 3 64 kernel 0 2500000000 32000 1091 96:96:interrupt:2400:1000+500 \
		114:114:cpuid:2700:1400+1520 120:120:hlt:3000:600+1450 \
		123:123:io:2500:20000+500 168:1024:npf:4000:5000+30
	echo 'samples n=8 tsc=2501000000 others=28010 own=4010 gap=2100700 d=250000000:2300,240000000:2000'
	mark_of 4 80 initramfs 0 3000000000 38000 1092 96:96:interrupt:2400:1200+600 \
		114:114:cpuid:2700:1500+2020 120:120:hlt:3000:900+1950 \
		123:123:io:2500:23500+900 168:1024:npf:4000:5400+30
	echo 'samples n=11 tsc=3001000000 others=32520 own=5510 gap=1000500'
	echo 'samples n=12 tsc=3200000000 others=35000 own=5720 gap=1000400 d=300000000:4000,490000000:5400'
	mark_of 5 96 userspace 0 4000000000 52000 1093 96:96:interrupt:2400:1900+600 \
		114:114:cpuid:2700:2000+3020 120:120:hlt:3000:1600+1950 \
		123:123:io:2500:31000+1900 168:1024:npf:4000:8000+30
	echo 'sync try=0 entry=5 after=53000'
	echo 'observed polls=3000 kept=15 gap=2100700'
	echo 'dropped samples=0 marks=0'
}

# The same boot on one vCPU, as an init program prints it; MORE cpuids in the kernel
single() {
	local more=$1

	echo 'hello proto=1 version=1.1 start=linux'
	echo "$svm_host"
	mark_of 0 16 firmware 0 800000000 10000 1 114:114:cpuid:2700:10 \
		123:123:io:2500:9000 168:1024:npf:4000:990
	mark_of 1 32 bootloader 0 900000000 11000 5 114:114:cpuid:2700:15 \
		123:123:io:2500:9700 168:1024:npf:4000:1285
	mark_of 2 48 payload 0 1000000000 12160 1090 114:114:cpuid:2700:1100 \
		123:123:io:2500:9760 168:1024:npf:4000:1300
	mark_of 3 64 kernel 0 2500000000 $((28000 + more)) 1091 96:96:interrupt:2400:1000 \
		114:114:cpuid:2700:$((1400 + more)) 120:120:hlt:3000:600 \
		123:123:io:2500:20000 168:1024:npf:4000:5000
	mark_of 4 80 initramfs 0 3000000000 $((32500 + more)) 1092 96:96:interrupt:2400:1200 \
		114:114:cpuid:2700:$((1500 + more)) 120:120:hlt:3000:900 \
		123:123:io:2500:23500 168:1024:npf:4000:5400
	mark_of 5 96 userspace 0 4000000000 $((44500 + more)) 1093 96:96:interrupt:2400:1900 \
		114:114:cpuid:2700:$((2000 + more)) 120:120:hlt:3000:1600 \
		123:123:io:2500:31000 168:1024:npf:4000:8000
	echo "sync try=0 entry=5 after=$((44502 + more))"
	echo 'dropped samples=0 marks=0'
}

# detail: add to a log what a tracer of revision 1.2 has with all parameters on: the time of each vCPU, a latency for
# each of its slots, and the exits of each phase and slot at two sites. LOST exits of one slot of vCPU 0 have no site.
# Counts are those of the marks. The time in the guest is made up.
detail() {
	sed -e 's/abi_minor=1/abi_minor=2/' -e 's/features=15/features=255/' | awk -v lost="${1-0}" '
		function value(key) {
			match($0, " " key "=[^ ]+")
			return RSTART ? substr($0, RSTART + length(key) + 2, RLENGTH - length(key) - 2) : ""
		}
		function clocks() { return value("kvm") + value("user") + value("idle") + value("preempted") }
		function known(vcpu, slot) {
			if (!((vcpu, slot) in index_of)) {
				index_of[vcpu, slot] = nr++
				vcpu_of[nr - 1] = vcpu
				slot_of[nr - 1] = slot
			}
			return index_of[vcpu, slot]
		}
		function site(entry, i, code, count, rip) {
			if (count)
				printf "site entry=%d vcpu=%d slot=%d code=%s count=%d rip=%s\n", entry,
					vcpu_of[i], slot_of[i], code, count, rip
		}
		{ line[NR] = $0 }
		/^host / { vcpus = value("vcpus") }
		/^phase / && vcpus == 1 { spent[value("entry"), 0] = clocks() }
		/^part / { spent[value("entry"), value("vcpu")] += clocks() }
		/^part / || (/^reason / && vcpus == 1) {
			vcpu = value("vcpu") + 0
			count[value("entry"), known(vcpu, value("slot"))] = value("count")
			last = value("entry")
		}
		END {
			for (n = 1; n <= NR; n++) {
				$0 = line[n]
				if (/^dropped /)
					details()
				if (!/^phase /) {
					print
					continue
				}
				entry = value("entry")
				for (v = guest = elapsed = 0; v < vcpus; v++) {
					guest += inside = (entry + 1) * 1000000 + v * 5
					elapsed += inside + spent[entry, v]
					times[v] = "in_guest=" inside " elapsed=" inside + spent[entry, v]
				}
				sub(/ self=/, " in_guest=" guest " elapsed=" elapsed "&")
				print
				for (v = 0; vcpus > 1 && v < vcpus; v++)
					print "times entry=" entry " vcpu=" v " " times[v]
			}
		}
		function details() {
			for (i = 0; i < nr; i++)
				printf "latency vcpu=%d slot=%d count=%d b=9:1,11:%d,14:1\n", vcpu_of[i],
					slot_of[i], count[last, i] + 2, count[last, i] - 1
			for (entry = 0; entry <= last; entry++)
				for (i = 0; i < nr; i++) {
					exits = count[entry, i] - count[entry - 1, i]
					less = exits > lost && !i && !entry ? lost : 0
					site(entry, i, slot_of[i] == 123 ? 1016 : 0, int(exits / 3), 1048576)
					site(entry, i, slot_of[i] == 168 ? "4276092928" : 3320,
						exits - int(exits / 3) - less, "18446744071562067968")
				}
			if (lost)
				printf "lost vcpu=%d slot=%d count=%d\n", vcpu_of[0], slot_of[0], lost
		}'
}

# Linux on vCPUs 0 and 1, observed from vCPU 2. The log says what the observer could not keep.
three() {
	echo 'hello proto=1 version=1.1 start=pvh'
	sed 's/svm/vmx/; s/vcpus=1/vcpus=3/' <<<"$svm_host"
	echo 'linux version=6.12.1 major=2 minor=15 kernel=1 initrd=0'
	echo 'observer vcpu=2 interval=0'
	mark_of 0 48 payload 0 100000000 500 300 10:10:CPUID:1300:320+10+20 \
		30:30:IO_INSTRUCTION:2600:150+0+0
	echo 'samples n=0 tsc=101000000 others=481 own=30 gap=600000 d=5000000:19'
	mark_of 1 64 kernel 1 200000000 1500 301 1:1:EXTERNAL_INTERRUPT:1500:60+40+100 \
		10:10:CPUID:1300:400+150+250 30:30:IO_INSTRUCTION:2600:400+100+0
	mark_of 2 96 userspace 0 300000000 2500 302 1:1:EXTERNAL_INTERRUPT:1500:160+140+200 \
		10:10:CPUID:1300:450+200+450 30:30:IO_INSTRUCTION:2600:500+250+150
	echo 'observed polls=400 kept=2 gap=700000'
	echo 'dropped samples=7 marks=1'
}

# One of each defect that parts and samples may have.
boot_defects() {
	echo 'hello proto=1 version=1.1 start=multiboot2'
	echo "${svm_host/vcpus=1/vcpus=2}"
	echo 'linux version=6.1.0 major=2 minor=15 kernel=1 initrd=1'
	echo 'observer vcpu=1 interval=1000'
	mark_of 0 16 firmware 0 1000000 10 1 30:30:read_dr:1:6+4
	echo 'part entry=0 vcpu=0 slot=30 count=1'
	mark_of 1 32 bootloader 0 2000000 20 12 30:30:read_dr:1:15+3 31:31:other:1:0+2 |
		sed 's/vcpu=1 slot=31 count=2/vcpu=1 slot=31 count=1/'
	mark_of 2 48 payload 0 3000000 30 15 30:30:read_dr:1:12+16 31:31:other:1:2+0
	mark_of 3 64 kernel 0 4000000 40 15 30:30:read_dr:1:20+20 | sed '/^part/s/kvm=20/kvm=21/'
	mark_of 4 80 initramfs 0 5000000 50 16 30:30:read_dr:1:50
	echo 'part entry=9 vcpu=0 slot=30 count=1'
	echo 'part entry=3 vcpu=0 slot=192 count=1'
	echo 'part entry=3 vcpu=2 slot=30 count=1'
	echo 'samples n=0 tsc=1000 others=10 own=5 gap=10 d=10:1,,10:1'
	echo 'samples n=4 tsc=2000 others=20 own=6 gap=10 d=10:1,0:1,0:1'
	echo 'samples n=9 tsc=3000 others=30 own=6 gap=10 d='
	echo 'samples n=11 tsc=4000 others=29 own=5 gap=99 d=10:1x'
	echo 'samples n=13 tsc=5000 others=40 own=7 gap=10 d=18446744073709551615:1'
	echo 'samples n=15 tsc=x others=40 own=7 gap=10'
	echo 'observed polls=9 kept=99 gap=50'
	echo 'dropped samples=2 marks=0'
}

# Samples without an observer, an observer that is not there, and one that never ends
lone() {
	echo 'hello proto=1 version=1.1 start=multiboot2'
	echo "$svm_host"
	[[ $1 == samples ]] || echo 'observer vcpu=1 interval=1000'
	[[ $1 == observer ]] || echo 'samples n=0 tsc=1000 others=10 own=5 gap=10'
}

skip() {
	echo 'hello proto=1 version=1.0 start=multiboot1'
	echo 'skip msg="no tracer: leaf 0x4fffff00 has no signature"'
	echo 'verdict result=skip'
	echo 'end records=4'
}

# bench_run NAME RECORDS BENCH:MIN:MEDIAN...: stock KVM has no host record
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

# One of each defect that good checksums do not catch.
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
	echo 'restart began=0'
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

full_host() {
	echo 'host sync=0 exits=52121 exits_fd=52121'
	echo 'vcpu sync=0 vcpu=0 exits=44501'
	echo 'vcpu sync=0 vcpu=1 exits=7620'
	hist 0 0x60:2510 0x72:5050 0x78:3570 0x7b:32961 0x400:8030
}

good_host >"$out/good.host"
full_host >"$out/full.host"
full_host | sed -e 's/count=5050/count=5049/' -e 's/count=3570/count=3571/' \
	-e 's/count=2510/count=2499/' -e 's/count=32961/count=32972/' >"$out/full-fewer.host"
interrupts_host >"$out/interrupts.host"
good_host | sed 's/exits=17311/exits=17310/' >"$out/fewer.host"
good_host | sed 's/exits_fd=17311/exits_fd=17312/' >"$out/fd.host"
good_host | sed -e 's/count=310/count=309/' -e '$a hist sync=1 reason=0x61 count=1' >"$out/reasons.host"
good_host | sed 's/sync=1/sync=2/' >"$out/other-sync.host"

bench_host() {	# it also has a run that is not in bench.log
	printf 'run name=%s\nbench name=boot n=1 min=%s median=%s idle=62322368\n' stock 12286595330 12286595330 \
		on 12348028306 12348028306 perf 13000000000 13000000000
}
bench_host >"$out/bench.host"

good | seal >"$out/good.log"
interrupts | seal >"$out/interrupts.log"
skip | seal >"$out/skip.log"
defects | seal >"$out/defects.log"
bench | seal >"$out/bench.log"
garbage >"$out/garbage.log"
full_host | sed 's/count=2510/count=2511/' >"$out/full-more.host"
full | ended | seal >"$out/full.log"
full | detail | ended | seal >"$out/detailed.log"
single 0 | detail 4 | ended | seal >"$out/detailed-lost.log"
# The host marked while vCPU 0 ran.
single 0 | detail 4 | sed -e '/^phase entry=3 /s/vcpu=0\(.*\)in_guest=./vcpu=65535\1in_guest=9/' \
	-e "/^site entry=3 vcpu=0 slot=114 code=0 /s/count=1/count=9/" | ended | seal >"$out/host-mark.log"
full | detail | sed -e '/^phase entry=0 /s/in_guest=2000005/in_guest=2000006/' \
	-e '/^part entry=2 vcpu=0 slot=114/s/idle=0/idle=1/; /^reason entry=2 slot=114/s/idle=0/idle=1/' \
	-e '/^times entry=3 vcpu=1/s/entry=3/entry=9/' -e '/^times entry=4 /d' \
	-e '/^site entry=0 vcpu=0 slot=123 code=1016/s/count=3000/count=2999/' \
	-e '/^site entry=1 vcpu=0 slot=123 code=1016/s/entry=1/entry=9/' \
	-e '/^site entry=3 vcpu=0 slot=96 code=0/s/slot=96/slot=192/' \
	-e '/^site entry=5 vcpu=0 slot=168 code=0/s/vcpu=0/vcpu=2/' \
	-e '/^latency vcpu=0 slot=114/s/count=2002/count=2000/' -e '/^latency vcpu=0 slot=123/s/b=.*/b=11:5,32:1/' \
	-e '/^latency vcpu=0 slot=168/s/slot=168/slot=192/' -e '/^latency vcpu=1 slot=168/s/vcpu=1/vcpu=2/' |
	ended | seal >"$out/detail-defects.log"
# A ring buffer has lost the beginning. A bad line was the host record.
full | ended | seal | sed 1,43d >"$out/headless.log"
full | ended | seal | sed '/^bx 1 host /d' >"$out/hostless.log"
# The TSC was set back, and counters are less than before.
full | sed '/^phase entry=3 /s/tsc=2500000000/tsc=950000000/' | ended | seal >"$out/back.log"
full | sed '/^phase entry=3 /s/kvm=89004000/kvm=33203999/' | ended | seal >"$out/less.log"
three | ended | seal >"$out/three.log"
single 0 | ended | seal >"$out/single.log"
single 3 | sed -e 's/^\(phase entry=0 .*name=\)firmware/\1rom/' | ended | seal >"$out/slower.log"
single 0 | sed -e '/entry=5 slot=114/s/count=2000/count=2010/' \
	-e '/entry=5 slot=123/s/count=31000/count=30990/' | ended | seal >"$out/moved.log"
mkdir -p "$out"/{before,after}
sides=(0 4 2 7 3)		# two sides of compare: a median of 3, and one of 25.5
for ((i = 0; i < 5; i++)); do
	single "${sides[i]}" | ended | seal >"$out/before/$((i + 1)).log"
done
sides=(20 31 22 26 29 25)
for ((i = 0; i < 6; i++)); do
	single "${sides[i]}" | ended | seal >"$out/after/$((i + 1)).log"
done
odd() {	# single's boot, with odd names of its reasons and of a phase
	single 0 | sed -e 's/name=cpuid /name=userspace /' -e 's/name=\(hlt\|io\|npf\) /name=port /' \
		-e 's/name=interrupt /name=inter.rupt /' -e 's/name=initramfs /name=init.ramfs /'
}
odd | ended | seal >"$out/odd.log"
odd | sed 's/abi_major=1/abi_major=2/' | ended | seal >"$out/abi.log"
# Names that a shell, gnuplot, XML, HTML, JavaScript or CSV could take for more than a name
# shellcheck disable=SC2016 # the names must not expand
hostile() {
	full | sed -e 's|name=firmware |name="<script>alert(1)</script>" |' \
		-e 's|name=bootloader |name=a"b`touch${IFS}pwned`\\n |' \
		-e 's|name=payload |name="</script><!--" |' -e 's|name=kernel |name=END |' \
		-e 's|name=initramfs |name="`touch pwned` $(touch pwned)" |' \
		-e 's|name=io |name="{/Symbol a}^2_x @m \&amp; %s" |' -e 's|name=npf |name=END |' \
		-e "s|name=cpuid |name=\"'+system('touch pwned')+'\" |" -e 's|name=hlt |name=</script><b>\\" |' \
		-e 's|name=interrupt |name=__proto__ |' -e 's|^linux version="[^ ]*|linux version="<img\\`touch${IFS}pwned`|'
}
hostile | ended | seal >"$out/hostile.log"
# Each number is the largest that there is, on a clock of 1 kHz.
huge() {
	local max=18446744073709551615 rest
	rest="kvm=$max user=$max idle=$max preempted=$max"
	cat <<-END
		hello proto=1 version="1.0" start="multiboot2"
		host abi_major=1 abi_minor=1 vendor=svm features=0 vcpus=2 slots=192 epoch=1 from_start=1 incomplete=0 tsc_khz=1
		phase entry=0 id=16 name=firmware vcpu=0 tsc=9223372036854775807 total=$max $rest in_guest=$max elapsed=$max self=$max
		reason entry=0 slot=123 code=123 name=io count=$max $rest
		part entry=0 vcpu=0 slot=123 count=$max $rest
		times entry=0 vcpu=0 in_guest=$max elapsed=$max
		phase entry=1 id=32 name=bootloader vcpu=0 tsc=$max total=$max $rest in_guest=$max elapsed=$max self=$max
		reason entry=1 slot=123 code=123 name=io count=$max $rest
		part entry=1 vcpu=0 slot=123 count=$max $rest
		times entry=1 vcpu=0 in_guest=$max elapsed=$max
		observer vcpu=1 interval=$max
		samples n=0 tsc=1 others=1 own=$max gap=$max d=1:1,18446744073709551612:18446744073709551612
		observed polls=$max kept=3 gap=$max
		sync try=0 entry=1 after=$max
		verdict result=pass
		end records=16
	END
}
huge | seal >"$out/huge.serial"
full | sed '/^phase entry=5/,$d' | seal | head -c -20 >"$out/full-truncated.log"
boot_defects | ended | seal >"$out/boot-defects.log"
{
	lone samples | ended
	printf '%s\n' '!restart'
	lone observer | ended
} | seal >"$out/lone.log"
{
	printf '%s\n' '!# run "a\b";c'
	full | sed -e 's/name=\(hlt\|npf\) /name=unknown /' -e 's/name=initramfs /name=kernel /' | ended
	printf '%s\n' '!restart' '!# run "a\b";c'
	three | ended
} | seal >"$out/names.log"
good | sed '$d' | sed '/^verdict/d' | seal | head -c -20 >"$out/truncated.log"
sed 's/^\(bx 9 .* count=\)12 /\1 13 /' "$out/good.log" >"$out/crc.log"
sed '/^bx 12 /d' "$out/good.log" >"$out/gap.log"
good | sed 's/^\(reason entry=1 .*name=io count=\)12700/\112699/' | seal >"$out/sum.log"
good | sed -e 's/got=100 ok=1/got=99 ok=0/' -e 's/result=pass/result=fail/' | seal >"$out/fail.log"
{
	good | sed '/^selftest/,$d'
	printf '%s\n' '!restart' && skip
} | seal >"$out/reboot.log"
