# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Sourced after tap.sh by the tests of command lines. They boot Linux without KVM, with a payload that answers its own
# questions to a tracer (tracer.h). There are two CPUs, and one is the observer's.
# shellcheck disable=SC2154 # tap.sh sets work and others

vmlinuz=$work/vmlinuz

# lines_build: build the payload, and an initrd whose init prints what it was given
lines_build() {
	local to=$work/initramfs

	mkdir -p "$to/sbin" "$to/dev"
	gcc -O2 -static -Wall -Wextra -Werror -D_GNU_SOURCE -o "$to/init" tests/guest/lines/init.c &&
		ln -s ../init "$to/sbin/init" && ln -s init "$to/my init" &&
		(cd "$to" && find . | sort | cpio --quiet -H newc -o) > "$work/initrd" &&
		cp "$O/lab/$KVER/vmlinuz" "$work/" &&
		make -s -C payload O="$work/build" "$work/build/bootexits.elf" CC="gcc -include $root/tests/guest/lines/tracer.h"
}

diagnose() {	# print the result of each way
	local name

	for name in alone kernel iso fw_cfg own module; do
		[[ ! -e $work/$name.said ]] || { echo "$name: $(text "$name" 2> /dev/null)"; tail -n 2 "$work/$name.said"; }
	done
}

# boot NAME ARGUMENT...: the init's output goes to $work/NAME, that of the kernel of tests/l2 to $work/NAME.serial
boot() {
	local name=$1

	rm -f "$work/$name" "$work/$name.serial"
	# There is no PIT: QEMU without KVM gives its interrupts to an APIC that is off, as the observer's is for a
	# moment. With -icount, Linux finds its timer on a busy machine, too, but can't start two CPUs of its own.
	limited 120 qemu-system-x86_64 -M pc,pit=off -accel tcg -icount shift=3,sleep=off -cpu max -smp "${cpus-2}" -m 256 -nodefaults -display none -no-reboot \
		-debugcon "file:$work/$name" -serial "file:$work/$name.serial" -device isa-debug-exit,iobase=0xf4,iosize=4 -chardev null,id=observer \
		-device isa-debugcon,iobase=0xbe8,chardev=observer "${@:2}" > "$work/$name.said" 2>&1
	[[ $? -eq 33 ]]
}

by_itself() {	# LINE
	cpus=1 boot alone -kernel "$work/vmlinuz" -initrd "$work/initrd" -append "$1"
}

by_kernel() {	# LINE
	boot kernel -kernel "$work/build/bootexits.elf" -initrd "$vmlinuz ${1//,/,,},$work/initrd"
}

by_iso() {	# LINE
	CMDLINE=$1 KERNEL=$vmlinuz INITRD=$work/initrd make -s -C iso linux O="$work/build" NAME=lines > "$work/iso.said" 2>&1 &&
		boot iso -cdrom "$work/build/lines.iso"
}

by_fw_cfg() {	# LINE
	printf %s "$1" > "$work/line"
	boot fw_cfg -kernel "$work/build/bootexits.elf" -initrd "$vmlinuz,$work/initrd" \
		-fw_cfg "name=opt/org.bootexits/cmdline,file=$work/line"
}

# text NAME: print the command line that Linux got, or the kernel of tests/l2
text() {
	# shellcheck disable=SC2059
	printf "$(sed -n 's/^line //p' "$work/$1" | sed 's/../\\x&/g')"
	[[ -s $work/$1 ]] || sed -zn 's/.*\nkernel [^\n]* arguments=\(.*\)\r\n/\1/p' "$work/$1.serial" | tr -d '\0'
}

# users NAME: print the same without our words, which have to be there
users() {
	local ours='bootexits.observer nr_cpus=1 ' init='rdinit=/bootexits/init ' line quote

	line=$(text "$1" && echo .)
	[[ $line == "$ours"* ]] || return 1
	line=${line#"$ours"}
	for quote in '' '"'; do
		line=${line/"${init}${quote}bootexits.rdinit="/"${quote}rdinit="}
	done
	line=${line#"$init"}	# it is there if the user's line has no rdinit=
	[[ $line != *"$init"* && $line != *bootexits.rdinit* ]] && printf %s "${line%.}"
}

given() {	# NAME: print the init's arguments and variables
	grep -E '^(argument|variable) ' "$work/$1"
}

# arrives NAME LINE: it arrives byte for byte, the init gets the same as by itself, and Linux has one CPU only
arrives() {
	local got

	got=$(users "$1" && echo .) && [[ $got == "$2." ]] && given "$1" | diff - <(given alone) > /dev/null &&
		grep -qx 'cpus 1' "$work/$1"
}

# lines_carry LINE: it reaches the kernel of tests/l2, which has no init, byte for byte by all three ways
lines_carry() {
	local vmlinuz=$work/tiny wrong=0 way got

	for way in kernel iso fw_cfg; do
		"by_$way" "$1" && got=$(users "$way" && echo .) && [[ $got == "$1." ]] || wrong=1
	done
	ok $wrong "to any kernel: $1"
}

# lines_check LINE: test it by all three ways
lines_check() {
	local way

	by_itself "$1" &
	by_kernel "$1"
	wait $!
	by_iso "$1" &
	by_fw_cfg "$1"
	wait $!
	[[ $(text alone && echo .) == "$1." && -n $(given alone) ]]
	ok $? "by itself, Linux has: $1"
	for way in kernel iso fw_cfg; do
		arrives "$way" "$1"
		ok $? "by $way"
	done
}
