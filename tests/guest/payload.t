#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: prove tests/guest/payload.t         O=DIRECTORY: where to build (default build)
#
# The payload without KVM, under plain TCG. Each way to start it ends with the verdict skip. It names the option that
# it refuses. After a panic it reports. Every line is intact.
# Exit status: 0 all passed, 1 some failed.
set -uo pipefail
. "$(dirname "$0")/../lib/tap.sh"
ovmf=/usr/share/OVMF/OVMF_CODE_4M.fd
options="name=opt/org.bootexits/options,string"

diagnose() {	# print the guest's output
	[[ ! -e $work/log ]] || cat "$work/log"
}

# boot ARGUMENT...: run QEMU; the lines of the payload go to $work/log, and $status is QEMU's
boot() {
	rm -f "$work/serial"
	limited 60 qemu-system-x86_64 -accel tcg -cpu "${cpu-max}" -m 64 -nodefaults -display none \
		-no-reboot -device isa-debug-exit,iobase=0xf4,iosize=4 \
		-serial "file:$work/serial" "$@" 2>"$work/stderr"
	status=$?
	grep -a '^bx ' "$work/serial" | tr -d '\r' >"$work/log"
}

# intact: all lines are in sequence, with the right CRC and CR LF, from `hello' to `end'
intact() {
	perl -ne '
		sub crc {
			my $crc = 0;
			for my $byte (unpack "C*", shift) {
				$crc ^= $byte << 8;
				$crc = ($crc << 1 ^ ($crc & 0x8000 ? 0x1021 : 0)) & 0x1ffff & 0xffff for 1 .. 8;
			}
			return sprintf "%04x", $crc;
		}
		next unless /^bx /;
		/^(bx (\d+) (\w+)(.*)) \*([0-9a-f]{4})\r\n$/ or die "form: $_";
		crc($1) eq $5 or die "CRC: $_";
		$2 == $lines++ or die "sequence: $_";
		$3 eq "hello" or die "first: $_" if $lines == 1;
		$end = $3 eq "end" && $4 eq " records=$lines";
		END { $? ||= !$end }' "$work/serial"
}

# ends STATUS PATTERN...: the guest ended with STATUS, and has a line for each PATTERN, in this order
ends() {
	local want=$1 pattern after=0 line

	shift
	[[ $status -eq $want ]] && intact || return 1
	for pattern; do
		line=$(grep -nE -m 1 "$pattern" <(tail -n +$((after + 1)) "$work/log")) || return 1
		after=$((after + ${line%%:*}))
	done
}

# skips START ARGUMENT...: started in this way, it says that there is no tracer, and prints no number
skips() {
	local start=$1

	shift
	boot "$@"
	ends 37 "hello .* start=$start " 'skip msg="' 'result=skip' && [[ $(wc -l <"$work/log") -eq 4 ]]
}

address_of() {	# SYMBOL
	printf %d "0x$(nm "$O/payload/obj/bootexits.elf" | awk -v symbol="$1" '$3 == symbol { print $1 }')"
}

if ! { make -s -C payload O="$O" && make -s -C iso O="$O"; } >"$work/make" 2>&1; then
	cat "$work/make" >&2
	exit 1
fi
elf=$O/bootexits.elf
pvh=$O/bootexits-pvh.elf
iso=$O/bootexits.iso
rom=$O/bootexits.rom

make -q -C payload O="$O" && make -q -C iso O="$O"
ok $? "a second make has nothing to do"
check "the ELF has at most 64 KiB, with what it gives to Linux" test "$(stat -c %s "$elf")" -le 65536
check "the ROM has 64 KiB" test "$(stat -c %s "$rom")" -eq 65536
{ make -s -C payload O="$work/again" && make -s -C iso O="$work/again"; } >"$work/make" 2>&1 &&
	cmp "$iso" "$work/again/bootexits.iso" && cmp "$rom" "$work/again/bootexits.rom"
ok $? "another build gives the same bytes"

skips multiboot1 -M pc -kernel "$elf"
ok $? "-kernel, pc"
skips multiboot1 -M microvm -kernel "$elf"
ok $? "-kernel, microvm"
skips multiboot1 -M microvm -bios qboot.rom -kernel "$elf"
ok $? "-kernel, microvm, qboot"
# QEMU prefers multiboot1: this one is without that header.
skips pvh -M pc -kernel "$pvh"
ok $? "PVH, pc"
skips pvh -M microvm -bios qboot.rom -kernel "$pvh"
ok $? "PVH, microvm, qboot"
skips rom -M pc -bios "$rom"
ok $? "-bios, pc"
skips rom -M microvm -bios "$rom"
ok $? "-bios, microvm"
skips multiboot2 -M pc -cdrom "$iso"
ok $? "ISO, SeaBIOS"
check "ISO: GRUB writes nothing on the serial line" test "$(tr -d '\r\n' <"$work/serial" | head -c 5)" = "bx 0 "
if [[ -e $ovmf ]]; then
	skips multiboot2 -M q35 -m 128 -cdrom "$iso" -drive "if=pflash,format=raw,readonly=on,file=$ovmf"
	ok $? "ISO, OVMF"
else
	skip "ISO, OVMF" "no $ovmf"
fi
cpu=qemu64 skips multiboot1 -M pc -kernel "$elf"
ok $? "a CPU of another vendor"

boot -M pc -kernel "$elf" -append "host-only sync"
ends 33 "hello .* start=multiboot1 " '^bx 1 alone msg="host-only: ' 'result=pass'
ok $? "host-only: without a tracer it still marks, says so, and passes"

shown() {	# print the text screen at the end: the characters of its cells, without attributes
	rm -f "$work/serial"
	{
		until grep -q ' end ' "$work/serial" 2> /dev/null; do sleep 0.2; done
		echo "pmemsave 0xb8000 4000 \"$work/screen\""
		sleep 0.5
		echo quit
	} | limited 60 qemu-system-x86_64 -accel tcg -cpu max -m 64 -nodefaults -display none \
		-device VGA -serial "file:$work/serial" -monitor stdio -cdrom "$iso" > /dev/null
	perl -0777 -ne 'print map { chr($_ & 255) } unpack "v*"' "$work/screen" | fold -w 80
}
shown | grep '^this machine has no exit tracer *$' > /dev/null
ok $? "the screen shows the outcome, too"

boot -M pc -kernel "$elf" -append "samples=5 colour=red bogus"
ends 35 'usage option="colour" msg="is no option"' 'result=fail'
ok $? "an unknown option is named and refused"
for word in samples=0 samples=x until= interval=18446744073709551616 mode=fast serial=0x10000 \
	selftest=1 bench=cpuid-2 fuzz=0 seed=0 crash=mc; do
	boot -M pc -kernel "$elf" -append "$word"
	ends 35 "usage option=\"${word%%=*}\" msg=\"wants " 'result=fail'
	ok $? "$word is refused"
done
boot -M pc -bios "$rom" -fw_cfg "$options=bogus"
ends 35 'usage option="bogus"'
ok $? "fw_cfg's options reach the ROM"
boot -M pc -cdrom "$iso" -fw_cfg "$options=bogus"
ends 35 'usage option="bogus"'
ok $? "fw_cfg's options reach the ISO"
# QEMU puts the file's name in front of the options, and the name may be anything.
mkdir "$work/VM images"
long=$work/$(printf 'with-tracing/%.0s' {1..9})bootexits
mkdir -p "${long%/*}"
for name in "VM images/bootexits.elf" "VM images/a samples=x.elf" payload "100%s+,b=1#c\$d" "$long"; do
	cp "$elf" "$work/$name" 2> /dev/null || cp "$elf" "$name"
	(cd "$work" && boot -M pc -kernel "$name" -append "outb=1 bogus" && ends 35 'usage option="bogus" msg="is no option"')
	ok $? "-kernel ${name/#"$work"/...}: a name, and no option"
done
boot -M pc -kernel "$pvh" -append bogus
ends 35 'usage option="bogus"'
ok $? "PVH's command line is read"
boot -M pc -kernel "$elf" -append 'a"b'
ends 35 'usage option="a[?]b"'
ok $? "a quote in an option can't break its line"
boot -M pc -serial "file:$work/second" -kernel "$elf" -append serial=0x2f8
mv "$work/second" "$work/serial" && tr -d '\r' <"$work/serial" >"$work/log"
ends 37 'result=skip'
ok $? "serial= chooses the port"

for crash in de:0 ud:6 gp:13 pf:14; do
	name=${crash%:*}
	boot -M pc -kernel "$elf" -append "crash=$name"
	ends 35 "panic vector=${crash#*:} name=${name^^} .* eip=$(address_of "crash_at_$name") " \
		'result=fail'
	ok $? "crash=$name is reported with its address"
done
grep -q 'cr2=1073741824 ' "$work/log"
ok $? "a page fault tells its address"

boot -M pc -kernel "$elf" -append bench
ends 33 'name=cpuid-0 n=32 min=[1-9]' 'name=cpuid-4fffffff n=32 ' 'name=msr ' 'name=port-kernel ' 'name=port-user ' 'name=port-write ' \
	'name=fault-mmio ' 'name=fault-ram ' 'name=hlt ' 'name=hlt-timer ' 'result=pass'
ok $? "bench runs without the tracer"
! grep -qE 'skip|host|exits=|vmcall' "$work/log"
ok $? "bench passes, and does not skip; without KVM it makes no hypercall"
boot -M pc -kernel "$elf" -append bench=msr
ends 33 'name=msr ' 'result=pass' && [[ $(grep -c ' bench ' "$work/log") -eq 1 ]]
ok $? "bench= chooses one operation"
boot -M pc -kernel "$elf" -append "fuzz=20000 seed=7"
ends 33 'fuzz n=20000 bad=0 seed=7 ' 'result=pass'
ok $? "fuzz survives without the tracer"

done_testing
