#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: prove tests/guest/modules.t         O=DIRECTORY: where the parts were built (default build)
#
# If a file that is loaded with the payload is wrong, one record says so, and nothing is booted. This holds for any
# header that a kernel may have. Files that are right go to memory that they may use.
# Exit status: 0 all passed, 1 some failed.
set -uo pipefail
. "$(dirname "$0")/../lib/tap.sh"
. scripts/common.sh

files=$work/files
runs=()
refused=()
declare -A option message

diagnose() {	# print the records of the run that was checked last
	[[ -z ${run-} ]] || { records "$run"; said "$run"; }
}

# spoil NAME FROM [OFFSET BYTES]...: make a copy with these bytes in it, given as hexadecimal digits
spoil() {
	local to=$files/$1

	cp "$files/$2" "$to"
	shift 2
	while [[ $# -gt 0 ]]; do
		perl -e 'print pack "H*", shift' "$2" | dd of="$to" bs=1 seek=$(($1)) conv=notrunc status=none
		shift 2
	done
}

# refuses NAME MEMORY MODULES OPTION MESSAGE: add a run whose files must be refused with OPTION and MESSAGE
refuses() {
	runs+=("$1 $2 $3")
	refused+=("$1")
	option[$1]=$4
	message[$1]=$5
}

# refuses_header NAME OPTION MESSAGE OFFSET BYTES...: the same for our kernel, with these bytes changed
refuses_header() {
	spoil "$1" kernel "${@:4}"
	refuses "$1" 64 "$1,initrd" "$2" "$3"
}

# said RUN: print the line that the kernel prints on COM1
said() {
	awk -v run="$1" '/^# run / { here = $3 == run } here && $1 == "kernel"' "$logs/serial.log" | tr -d '\r'
}

number() {	# RUN KEY: print that number of the line, which has it in hexadecimal
	local digits

	digits=$(said "$1" | sed -n "s/.* $2=\([0-9a-f]*\) .*/\1/p")
	echo $((0x${digits:-0}))
}

mkdir "$files"
cp "$O/lab/$KVER/vmlinuz" "$files/"
echo initrd > "$files/initrd"
seq 500 > "$files/text"
check "a kernel of one KiB is made" nasm -f bin -o "$files/kernel" tests/l2/kernel.asm
check "a kernel that sends interrupts to all CPUs is made" nasm -f bin -o "$files/strays" tests/l2/kernel.asm \
	-DSTRAYS="$(contract LEAF_MARK),$(contract PHASE_USERSPACE)"
head -c 4000000 "$files/vmlinuz" > "$files/half"

# Fields of the header by their offsets in the file: Documentation/x86/boot.rst of Linux
small="is too small for this kernel and its initrd"
truncated="is truncated: shorter than its header says"
damaged="is damaged: its alignment is no power of two"
long="has a command line that is too long"
more="is followed by more files: one is wanted"
refuses text 64 text,initrd kernel "is not a bzImage"
refuses short 64 initrd,initrd kernel "is not a bzImage"
refuses nothing 64 empty,initrd kernel "is not a bzImage"
refuses one 64 kernel initrd "is missing: load a kernel and its initrd"
refuses no-initrd 64 kernel,empty initrd "is empty"
refuses three 64 kernel,initrd,initrd initrd "$more"
refuses four 64 kernel,initrd,initrd,initrd initrd "$more"
refuses long-line 64 "kernel $(printf '%01888d' 0),initrd" kernel "$long"
refuses half 64 half,initrd kernel "$truncated"
refuses memory-14 14 vmlinuz,initrd memory "$small"
refuses memory-40 40 vmlinuz,initrd memory "$small"
refuses_header no-flag kernel "is not a bzImage" 0x1fe 0000
refuses_header no-magic kernel "is not a bzImage" 0x202 00
refuses_header old kernel "is too old: its boot protocol is below 2.10" 0x206 0902
refuses_header low kernel "is a zImage, which loads low: a bzImage is wanted" 0x211 00
refuses_header setup_sects-255 kernel "$truncated" 0x1f1 ff
refuses_header syssize-2 kernel "$truncated" 0x1f4 ffffffff
refuses_header syssize-wraps kernel "$truncated" 0x1f4 c0ffff0f
refuses_header syssize-0 kernel "$truncated" 0x1f4 00000000
head -c 1024 "$files/syssize-0" > "$files/setup"
refuses setup-alone 64 setup,initrd kernel "$truncated"
refuses_header alignment-0 kernel "$damaged" 0x230 00000000 0x260 00002000
refuses_header alignment-3 kernel "$damaged" 0x230 03000000
refuses_header init_size-64M memory "$small" 0x260 00000004
refuses_header init_size-4G memory "$small" 0x260 ffffffff
refuses_header pref_address-4G memory "$small" 0x258 f0ffffff
refuses_header both-4G memory "$small" 0x258 f0ffffff 0x260 ffffffff
refuses_header alignment-2G memory "$small" 0x230 00000080
refuses_header pref_address-8G memory "$small" 0x258 0000000002000000
refuses_header initrd_addr_max-1M memory "$small" 0x22c 00001000
refuses_header initrd_addr_max-0 memory "$small" 0x22c 00000000
refuses_header cmdline_size-0 kernel "$long" 0x238 00000000
refuses_header fixed-where-we-are memory "$small" 0x234 00 0x258 00001000

spoil anywhere kernel 0x258 00000000
spoil initrd_addr_max kernel 0x22c ffffff02
runs+=("good 64 kernel one two,initrd" "anywhere 64 anywhere,initrd" "below 64 initrd_addr_max,initrd"
	"line 64 kernel $(printf '%01887d' 0),initrd")
printf '%s\n' "${runs[@]}" > "$files/runs"
lab modules -e console_port="$(contract PORT_CONSOLE)" \
	"$root/tests/l1/modules.sh" "$O/bootexits.elf" "$files"/*

# The tracer counted the boot up to here, and its log is whole.
says() {	# RUN: it has exactly these records, in this order, and no kernel ran
	local tags

	tags=$(records "$1" | awk '$3 != "reason" { printf "%s ", $3 }')
	[[ $(verdict "$1") == 1 && $tags == 'hello host usage first phase dropped verdict end ' ]] &&
		records "$1" usage | grep -qF " option=\"${option[$1]}\" msg=\"${message[$1]}\" " &&
		records "$1" phase | grep -q ' name=bootloader ' && [[ -z $(said "$1") ]]
}
for run in "${refused[@]}"; do
	says "$run"
	ok $? "$run is refused: ${option[$run]} ${message[$run]}"
done
"$O/bootexits" check "$logs/serial.log" > "$work/output"
grep -E ': [^ ]+: [0-9]+ records, ' "$work/output" | grep -vE ': (dashes|strays): ' > "$work/logs"
check "each log is whole" test "$(grep -c ' 0 defects' "$work/logs")/$(wc -l < "$work/logs")" = \
	"$((${#runs[@]} + 2))/$((${#runs[@]} + 2))"

# places RUN AT: the kernel is at AT, and the initrd, which is ours and the user's 7 bytes, is in free memory
places() {
	run=$1
	[[ $(verdict "$run") == 0 && $(number "$run" at) -eq $2 &&
		$(number "$run" bytes) -eq $((7 + $(stat -c %s "$O/payload/init/init.cpio"))) &&
		$(number "$run" initrd) -ge $(($2 + 0x10000)) && $(($(number "$run" initrd) % 4096)) -eq 0 ]]
	ok $? "$run: kernel at $2"
}
places good $((0x1000000))
places anywhere $((0x200000))
places below $((0x1000000))
check "the initrd ends where the header says that it has to" \
	test "$(number below initrd)" -le $((0x3000000 - $(number below bytes)))
run=good
says=$(records good | awk '{ printf "%s ", $3 }')
check "good: the payload says what it boots" test "$says" = 'hello host first linux alone verdict end '
ours='bootexits\.self\.payload=[0-9]+ bootexits\.self\.bootloader=[0-9]+ rdinit=/bootexits/init'
check "the kernel gets its arguments, and ours" grep -Eq " arguments=$ours one two$" <(said good)
run=dashes
check "our arguments are not among those for init" grep -q \
	' arguments=bootexits.observer nr_cpus=1 rdinit=/bootexits/init one -- two three$' <(said dashes)
run=line
check "the longest line arrives" grep -Eq " arguments=$ours 0{1887}$" <(said line)

run=strays-observer
check "the observer survives each interrupt three times" test "$(verdict strays)" = 0
says=$(records $run | awk '$3 != "reason" && $3 != "part" { printf "%s ", $3 }')
check "the observer goes on to the end" grep -q '^hello host first linux observer .*samples .*observed dropped verdict end $' <<< "$says"

check "no tracer: verdict skip" test "$(verdict stock)" = 4
check "and nothing is booted" test "$(records stock | awk '{ printf "%s ", $3 }')$(said stock)" = 'hello skip verdict end '

done_testing
