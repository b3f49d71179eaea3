#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: prove tests/tool/symbols.t          O=DIRECTORY: where to build (default build)
#        UPDATE=1 tests/tool/symbols.t       write the output as the new golden files
#
# --symbols: files of each kind, the offset of KASLR, phases, and files that are wrong or hostile. symbols.trace is
# advise.trace, with the leads of another boot. symbols.map has the functions of Linux that this boot's RIPs are in.
# Exit status: 0 all passed, 1 some failed.
set -uo pipefail
. "$(dirname "$0")/../lib/tap.sh"
. "$root/tests/lib/golden.sh"
export SAN=0

check "the tool builds" make -s -C tools all

case_of symbols-sites 0 report --no-chart --sites 4 --symbols symbols.map symbols.trace
case_of symbols-lines 0 report --no-chart --phase kernel --symbols symbols.map symbols.trace
case_of symbols-folded 0 export --format=folded --symbols symbols.map symbols.trace
case_of symbols-csv 0 export --symbols symbols.map symbols.trace

data=$root/tests/data
trace=$data/symbols.trace
json() {	# FILTER ARGUMENT...: report --json's output by jq
	"$O/bootexits" report --json "${@:2}" | jq -e "$1" >/dev/null
}
note() {	# NAME PATTERN ARGUMENT...: report's JSON has such a note
	"$O/bootexits" report --json "${@:3}" >"$work/json" 2>"$work/err"
	jq -r '.runs[0].notes[]' "$work/json" | grep -q -e "$2"
	ok $? "$1: says $2"
}
sum='[.runs[0].phases[] | .reasons[].sites // [] | .[] | select(.symbol)] | length'

# The exits of folded stacks, CSV and Chrome are those of the report
"$O/bootexits" report --json "$trace" | jq .runs[0].total.exits >"$work/total"
"$O/bootexits" export --format=folded --symbols "$data/symbols.map" "$trace" 2>/dev/null |
	awk '{ sum += $NF } END { print sum }' >"$work/folded"
"$O/bootexits" export --symbols "$data/symbols.map" "$trace" 2>/dev/null | awk -F , 'NR > 1 { sum += $NF } END { print sum }' >"$work/csv"
"$O/bootexits" export --format=chrome --symbols "$data/symbols.map" "$trace" 2>/dev/null >"$work/chrome"
check "folded stacks have all exits, $(<"$work/total")" cmp "$work/total" "$work/folded"
check "so does CSV" cmp "$work/total" "$work/csv"
check "Chrome's slices have functions" jq -e '[.traceEvents[] | select(.name == "kernel" and .cat == "phase")][0].args.functions |
	.rtc_cmos_read == 126 and .native_cpuid == 476 and .several > 2000' "$work/chrome"
check "Chrome's data tell the offset" jq -e ".otherData.runs[0].symbols[0].offset == $((0x25e00000))" "$work/chrome"
check "JSON: a site has its symbol" json '[.runs[0].phases[].reasons[].sites // [] | .[] | select(.symbol == "rtc_cmos_read+0x7")][0].exits == 63' \
	--symbols "$data/symbols.map" "$trace"
"$O/bootexits" advise --json --symbols "$data/symbols.map" "$trace" 2>/dev/null >"$work/advise"
check "advise --json has symbols" jq -e '[.advice[].of[] | select(.symbol == "reserve_ibft_region+0x2d" or .symbol == "several")] | length > 0' "$work/advise"
check "without --symbols nothing has one" json "($sum) == 0 and .runs[0].symbols == null" "$trace"
"$O/bootexits" html --symbols "$data/symbols.map" -o "$work/page" "$trace" 2>/dev/null
check "the page has symbols" grep -q '"symbol":"rtc_cmos_read+0x7"' "$work/page"

# KASLR
move() {	# OFFSET: print symbols.map, with its addresses moved
	perl -pe 'BEGIN { $by = shift } s/^([0-9a-f]{16})/sprintf "%016x", hex($1) + $by/e' "$1" "$data/symbols.map"
}
move $((0x25e00000)) | sed 1d >"$work/moved.map"
note "kallsyms of that boot" "Linux was not moved: only so all 27 RIPs" --symbols "$work/moved.map" "$trace"
check "it gives the same symbols" diff <("$O/bootexits" export --symbols "$work/moved.map" "$trace" 2>/dev/null) tests/data/symbols-csv.out
"$O/bootexits" export --symbols "$data/symbols.map@0x25e00000" "$trace" >"$work/given" 2>"$work/err"
check "so does @OFFSET, and nothing needs to be told" test "$(cmp "$work/given" tests/data/symbols-csv.out && cat "$work/err")" = ""
"$O/bootexits" export --symbols "$data/symbols.map@0x25c00000" "$trace" 2>/dev/null >"$work/other"
check "another @OFFSET is taken at its word" test -s "$work/other" -a "$(cmp -s "$work/given" "$work/other"; echo $?)" = 1
sed '/_sinittext/,$d' "$data/symbols.map" >"$work/page.map"
note "a Linux that fits nowhere" "not used: at no offset are all 27 RIPs in its code" --symbols "$work/page.map" "$trace"
check "no site has its symbols" json "([.runs[0].phases[].reasons[].sites // [] | .[].symbol // \"several\"] | unique == [\"several\"])" \
	--symbols "$work/page.map" "$trace"
jq -c 'select(.guest != "site" or .entry < 3 or .slot == 114)' "$trace" >"$work/few.trace"
note "a boot with few RIPs" "not used: [0-9]* offsets of KASLR are possible by [1-3] RIPs; add @OFFSET" --symbols "$data/symbols.map" "$work/few.trace"
jq -c 'select(.guest != "site" or .entry < 3)' "$trace" >"$work/none.trace"
note "a boot without RIPs in Linux" "not used: no RIP of a site is in Linux" --symbols "$data/symbols.map" "$work/none.trace"
sed '1s/ PREEMPT_DYNAMIC//' "$data/symbols.map" >"$work/build.map"
note "another build" "not used: it is of another Linux than the boot's 6.1.0" --symbols "$work/build.map" "$trace"
sed '1s/6\.1\.0-57/6.1.0-5/' "$data/symbols.map" >"$work/release.map"
note "a file without Linux's version" "are in its code; the file doesn't say of which Linux it is" --symbols "$work/moved.map" "$trace"
note "another release" "not used: it is of another Linux than the boot's 6.1.0" --symbols "$work/release.map" "$trace"
jq -c 'del(.lead)' "$trace" >"$work/old.trace"
note "a trace of release 1.1" "doesn't say whether one RIP has most exits" --symbols "$data/symbols.map" "$work/old.trace"
check "in it, sites of one exit have symbols" json '[.runs[0].phases[].reasons[].sites // [] | .[] | select(.symbol and .symbol != "several") | .exits] |
	unique == [1]' --symbols "$data/symbols.map" "$work/old.trace"
jq -c 'if .guest == "site" then .lead = 10 * .count else . end' "$trace" >"$work/leads.trace"
check "a lead that can't be gives no symbol" json '[.runs[0].phases[].reasons[].sites // [] | .[] | select(.symbol and .symbol != "several") | .exits] |
	unique == [1]' --symbols "$data/symbols.map" "$work/leads.trace"

# ELF. The same functions, at the same addresses, in an assembler's file
{
	awk '!/^#/ && $2 ~ /[Tt]/ && !seen[$1]++ && $1 < "ffffffff82000000" {
		print ".org 0x" substr($1, 9) " - 0x81000000"; print ".type " $3 ", @function"; print $3 ":" }' "$data/symbols.map"
	echo '.org 0xe01d32; .section .init.text, "ax"'
	awk '!/^#/ && $2 ~ /[Tt]/ && !seen[$1]++ && $1 > "ffffffff83078fff" {
		print ".org 0x" substr($1, 9) " - 0x83079000"; print ".type " $3 ", @function"; print $3 ":" }' "$data/symbols.map"
	printf '.section .rodata; linux_banner: .asciz "%s"\n' "$(sed -n '1s/^# //p' "$data/symbols.map")"
} >"$work/linux.s"
as --64 -o "$work/linux.o" "$work/linux.s"
ld -N -e 0 -o "$work/vmlinux" -Ttext=0xffffffff81000000 --section-start=.init.text=0xffffffff83079000 \
	--section-start=.rodata=0xffffffff82000000 "$work/linux.o" 2>/dev/null
check "an ELF file gives the same symbols" diff <("$O/bootexits" export --symbols "$work/vmlinux" "$trace" 2>"$work/err") tests/data/symbols-csv.out
check "and the same offset" grep -q 'moved by 0x25e00000' "$work/err"
sed -i 's/ PREEMPT_DYNAMIC//' "$work/linux.s" && as --64 -o "$work/linux.o" "$work/linux.s" &&
	ld -N -e 0 -o "$work/vmlinux-9" -Ttext=0xffffffff81000000 --section-start=.init.text=0xffffffff83079000 "$work/linux.o" 2>/dev/null
note "an ELF file of another build" "not used: it is of another Linux" --symbols "$work/vmlinux-9" "$trace"
check "compressed files are unpacked" diff <(gzip -c "$data/symbols.map" | "$O/bootexits" export --symbols - "$trace" 2>/dev/null) \
	tests/data/symbols-csv.out

# Firmware, by phases
cat >"$work/bios.s" <<'END'
	.globl outb
	.type outb, @function
outb:	.fill 16; inside: .fill 16
	.size outb, 32
	.type tail, @function
tail:	.fill 9
END
as --32 -o "$work/bios.o" "$work/bios.s" && ld -m elf_i386 -N -e 0 -Ttext=0xa750 -o "$work/bios.elf" "$work/bios.o" 2>/dev/null
symbol() {	# PHASE: print the symbol at port 0x170
	jq -r ".runs[0].phases[] | select(.name == \"$1\") | .reasons[] | select(.name == \"io\").sites[] | select(.code == 368) | .symbol"
}
"$O/bootexits" report --json --symbols "firmware=$work/bios.elf" "$trace" >"$work/json"
check "a file of the firmware" test "$(symbol firmware <"$work/json")" = outb+0xf
check "is not the boot loader's" test "$(symbol bootloader <"$work/json")" = null
"$O/bootexits" report --json --symbols "$work/bios.elf" "$trace" >"$work/json"
check "without a phase, it is for all" test "$(symbol bootloader <"$work/json")" = outb+0xf
"$O/bootexits" report --json --symbols "firmware=$work/bios.elf" --symbols "bootloader=$work/bios.elf@0xfffffffffffffff8" "$trace" >"$work/json"
check "each phase may have a file of its own" test "$(symbol firmware <"$work/json") $(symbol bootloader <"$work/json")" = "outb+0xf outb+0x17"
printf 'X (Fixed Flash Address, BaseAddress=0x000000a000, EntryPoint=0x000000a010, Type=TE)\n  0x000000a010    Entry\n  0x000000a700    IoRead8\nY (Fixed Flash Address, BaseAddress=0x000000a758, EntryPoint=0x0)\n  0x000000a75e    IoWrite8\n' >"$work/Ovmf.Fv.map"
"$O/bootexits" report --json --symbols "$work/Ovmf.Fv.map" "$trace" >"$work/json"
check "edk2's map" test "$(symbol firmware <"$work/json")" = IoWrite8+0x1
sed -i '/IoWrite8/d' "$work/Ovmf.Fv.map"
"$O/bootexits" report --json --symbols "$work/Ovmf.Fv.map" "$trace" >"$work/json"
check "a function doesn't go on into the next module" test "$(symbol firmware <"$work/json")" = null
printf '  0x0000009000    Far\n' >"$work/far.map"
"$O/bootexits" report --json --symbols "$work/far.map" "$trace" >"$work/json"
check "nor further than 4,096 bytes" test "$(symbol firmware <"$work/json")" = null

# Files and arguments that are wrong
refused() { status_of 3 "$1" report --symbols "${@:2}" "$trace"; }
gcc -shared -nostdlib -o "$work/any.so" -x assembler - <<<'.globl f; f: nop; .type f, @function'
cp "$work/any.so" "$work/stripped" && objcopy -R .dynsym -R .gnu.hash -R .hash -S "$work/stripped" 2>/dev/null
strip -o "$work/bare" "$work/bios.elf"
head -c 300 "$work/bios.elf" >"$work/cut.elf"
printf '0000000000000000 T _stext\n0000000000000000 t x\n' >"$work/hidden"
refused "No such file" "$work/none"
refused "can be loaded anywhere: say where it was, FILE@ADDRESS" "$work/any.so"
refused "is an object file or a module" "$work/bios.o"
refused "is an ELF file without symbols" "$work/bare"
refused "damaged ELF\|without symbols" "$work/cut.elf"
refused "the kernel hides them from you" "$work/hidden"
refused "has no symbols of code" "$trace"
refused "has no symbols of code" /dev/null
refused "Is a directory" "$work"
refused "both have code at 0xa750: give each its phase" "$work/bios.elf" --symbols "firmware=$work/bios.elf"
refused "both have code at 0xffffffff80000000" "$data/symbols.map" --symbols "$work/vmlinux"
status_of 2 "not a list of phases: kernl" report --symbols "kernl=$data/symbols.map" "$trace"
status_of 2 "not an offset: 0x1g" report --symbols "$data/symbols.map@0x1g" "$trace"
status_of 2 "no FILE in" report --symbols "kernel=" "$trace"
status_of 2 "use bootexits export --symbols" report --csv --symbols symbols.map "$trace"
status_of 2 "is for csv without --phases, chrome and folded" export --phases --symbols symbols.map "$trace"
status_of 2 "is for csv without --phases, chrome and folded" export --format=openmetrics --symbols symbols.map "$trace"
status_of 1 "no sites: record it with SITES=1" export --format=folded --symbols symbols.map study/cd.trace
note "a trace without sites" "no sites: KVM kept none" --symbols "$data/symbols.map" tests/data/study/cd.trace

# A name in a file can't be more than a name
sed 's/T rtc_cmos_read/T \x1b[31m;"=a<\/script>\xff\xc2\x9b/' "$data/symbols.map" >"$work/hostile.map"
for format in folded csv chrome; do
	"$O/bootexits" export --format="$format" --symbols "$work/hostile.map" "$trace" >"$work/$format" 2>/dev/null
	! LC_ALL=C grep -q '[^ -~]' "$work/$format"
	ok $? "$format: no byte of a name is a control"
done
check "folded: a semicolon is a colon" grep -q '^kernel;io;?\[31m:"=a</script>???;0x70 (CMOS/RTC) 63$' "$work/folded"
check "csv: a quote is doubled" grep -q '"?\[31m;""=a</script>???+0x7"' "$work/csv"
check "chrome: it is JSON" jq -e . "$work/chrome"
"$O/bootexits" html --symbols "$work/hostile.map" -o "$work/page" "$trace" 2>/dev/null
check "html: no name ends the script" test "$(grep -c 'u003c/script>???+0x7' "$work/page") $(grep -o '</script>' "$work/page" | wc -l)" = "1 2"
sed 's/T rtc_cmos_read/T =1+1/' "$data/symbols.map" >"$work/formula.map"
check "csv: a formula is text" grep -q "\"'=1+1+0x7\"" <("$O/bootexits" export --symbols "$work/formula.map" "$trace" 2>/dev/null)

# Time: 200,000 symbols, and an ELF file of 300 MB
awk 'BEGIN { for (i = 0; i < 200000; i++) printf "%016x t f%d\n", 2130706432 + i * 16, i }' >"$work/many.map"
cat "$data/symbols.map" >>"$work/many.map"
check "200,000 symbols take less than 2 s" limited 2 "$O/bootexits" report --json --symbols "$work/many.map" "$trace"
truncate -s 300M "$work/zeros" && objcopy --add-section .debug_info="$work/zeros" "$work/vmlinux" "$work/large" && rm "$work/zeros"
check "an ELF file of 300 MB takes less than 2 s" limited 2 "$O/bootexits" report --json --symbols "$work/large" "$trace"
rm -f "$work/large"

# With sanitizers
check "the tool builds with sanitizers" make -s -C tools SAN=1 all
for file in "$work"/*.map "$work"/vmlinux "$work"/*.elf "$work"/any.so "$work"/hidden "$work"/bare "$work/Ovmf.Fv.map"; do
	for how in "report --no-chart --sites 9" "export --format=folded" "export --format=chrome" "advise --json"; do
		# shellcheck disable=SC2086 # words
		limited 60 "$O/bootexits-san" $how --symbols "$file@0x0" "$trace" >/dev/null 2>"$work/err"
		[[ $? -le 4 ]] || echo "$file: $how: died" >>"$work/san"
		grep -E 'Sanitizer|runtime error' "$work/err" >>"$work/san"
	done
done
check "no sanitizer complains about any file" test ! -s "$work/san"

done_testing
