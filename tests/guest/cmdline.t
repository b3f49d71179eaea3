#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: prove tests/guest/cmdline.t         O=DIRECTORY: where the parts were built (default build)
#        TABLE=all prove tests/guest/cmdline.t
#
# Linux's command line. The payload must read words as Linux does: for all short lines it is compared with next_arg()
# of linux-source. Each ninth line of tests/guest/lines/table, or with TABLE=all each one, reaches a kernel by -kernel,
# by the ISO and by fw_cfg, without KVM. One more line boots Linux (tests/guest/lines.t: all of the table), and one comes
# from a user's own GRUB configuration.
# Exit status: 0 all passed, 1 some failed.
# shellcheck disable=SC2016 # the dollars are to stay
set -uo pipefail
. "$(dirname "$0")/../lib/tap.sh"
. tests/guest/lines/lines.sh

tar -xJOf "$O/kernel/$KVER/usr/src/linux-source-$KVER.tar.xz" --occurrence=1 "linux-source-$KVER/lib/cmdline.c" |
	sed -n '/^char \*next_arg/,/^}/p' > "$work/next_arg.inc"
check "Linux's own next_arg() is there" grep -q in_quote "$work/next_arg.inc"
check "the payload's reading builds beside it" gcc -O2 -g -fsanitize=address,undefined -fno-sanitize-recover -Wall -Wextra -Werror \
	-I"$work" -I. -Dmemcpy=lib_memcpy -Dmemset=lib_memset -o "$work/words" \
	tests/guest/lines/words.c payload/lib/words.c payload/linux/cmdline.c payload/lib/lib.c
check "in a million lines both find the same words, and ours come out as they must" "$work/words"
sed 's/^/# /' "$work/output" | tail -n 3

check "the payload with its own tracer, and an init that prints what it got, are built" lines_build
check "a kernel that prints its arguments is built" nasm -f bin -o "$work/tiny" tests/l2/kernel.asm
while IFS= read -r line; do
	lines_carry "$line" < /dev/null
done < <(grep -v '^#' tests/guest/lines/table | if [[ ${TABLE-} == all ]]; then cat; else awk 'NR % 9 == 1'; fi)
lines_carry "systemd.run='/bin/echo hi' url=http://h/p /* \$x \$(O) %s%n #c \\\\\\\" {a;b|c} rdinit=/sbin/init e=\"open -- f"
lines_check 'console=ttyS0 foo="bar -- qux" dyndbg="file f.c +p" rdinit="/my init"  a\x20b two,three -- x "y  z"'

# A user's own configuration: GRUB escapes its words.
cat > "$work/grub.cfg" << 'CFG'
set timeout=0
menuentry linux {
	multiboot2 /boot/bootexits.elf
	module2 --nounzip /boot/vmlinuz quiet dyndbg="file f.c +p" 'x="a  b"' it\'s a\\x20b back\\\\slash \"quoted\" rdinit=/sbin/init
	module2 --nounzip /boot/initrd
}
CFG
quoted='quiet "dyndbg=file f.c +p" x="a  b" it'"'"'s a\x20b back\\slash "quoted" rdinit=/sbin/init'
xorriso -report_about SORRY -indev "$work/build/lines.iso" -outdev "$work/own.iso" -boot_image any replay \
	-map "$work/grub.cfg" /boot/grub/grub.cfg > "$work/xorriso" 2>&1 && by_itself "$quoted" && boot own -cdrom "$work/own.iso"
arrives own "$quoted"
ok $? "GRUB's escapes are undone"

# The file with the command line, as QEMU takes it
printf 'of a file\0' > "$work/file"
boot module -kernel "$work/build/bootexits.elf" -initrd "$work/vmlinuz,$work/file bootexits.cmdline,$work/initrd" &&
	by_itself "of a file" && arrives module "of a file"
ok $? "QEMU takes the file with the command line, too, wherever it stands"

# The ISO's make: what it refuses, and what it makes again
iso() {	# VARIABLE=VALUE...
	make -s -C iso linux O="$work/build" NAME=made KERNEL="$work/vmlinuz" INITRD="$work/initrd" "$@"
}
refused() {	# SAYS NAME VARIABLE=VALUE...
	local status=0

	iso "${@:3}" > "$work/said" 2>&1 || status=$?
	[[ $status -ne 0 && $(grep -c '^iso: ' "$work/said") -eq 1 ]] && grep -q "^iso: $1" "$work/said" && [[ ! -e $work/build/made.iso ]]
	ok $? "$2 is refused in one line"
}
refused 'CMDLINE= has more than one line' "a newline" CMDLINE=$'a\nb'
refused "ALONE=1: GRUB's linux command escapes" "ALONE=1 with quotes" ALONE=1 CMDLINE='a="b c"'
refused "there is no KERNEL=/no such/%s" "a kernel that isn't there" KERNEL='/no such/%s'
refused "there is no INITRD=/no/#such" "an initrd that isn't there" INITRD='/no/#such'
name="$work/100% %s+\$x #1 a=b:c,d'\"e\\f"
cp "$work/vmlinuz" "$name"
cp "$work/initrd" "$name.gz"
iso KERNEL="$name" INITRD="$name.gz" CMDLINE='a$b' > "$work/said" 2>&1 &&
	cmp "$work/vmlinuz" "$work/build/iso/made/vmlinuz" && [[ $(tr -d '\0' < "$work/build/iso/made/cmdline") == 'a$b' ]]
ok $? "files have names of all kinds"
before=$(stat -c %y "$work/build/made.iso")
CMDLINE='a$b' iso > "$work/said" 2>&1 && [[ $(stat -c %y "$work/build/made.iso") == "$before" ]]
ok $? "other names of the same files, and the same line: nothing is made"
CMDLINE='a$c' iso > "$work/said" 2>&1 && [[ $(stat -c %y "$work/build/made.iso") != "$before" ]]
ok $? "another line: a new ISO"

# The top Makefile passes all of them on, from its command line and from the environment.
cat > "$work/shown.mk" << 'MAKE'
outer:
	@$(MAKE) -s -f Makefile -f $(SHOWN) shown
shown:
	@printf '%s\n' "$$KERNEL" "$$INITRD" "$$DISK" "$$CMDLINE"
MAKE
export SHOWN=$work/shown.mk
text='a  $b $(O) $$ %s%n #c \\" x=y:z,'"'"'//*{}'
printf '%s\n' "/k $text" "i $text" "d $text" "$text" > "$work/wanted"
make -s -f Makefile -f "$SHOWN" outer KERNEL="/k $text" INITRD="i $text" DISK="d $text" CMDLINE="$text" 2>&1 | diff "$work/wanted" - > "$work/said"
ok $? "make run VARIABLE=TEXT"
KERNEL="/k $text" INITRD="i $text" DISK="d $text" CMDLINE="$text" make -s -f Makefile -f "$SHOWN" outer 2>&1 | diff "$work/wanted" - > "$work/said"
ok $? "VARIABLE=TEXT make run"

CMDLINE=' quiet  rdinit=/sbin/init x={a;b} $c #d ' iso ALONE=1 > "$work/said" 2>&1 && cpus=1 boot alone -cdrom "$work/build/made.iso"
ok $? "ALONE=1: GRUB boots Linux by itself"
[[ $(text alone && echo .) == 'BOOT_IMAGE=/boot/vmlinuz  quiet  rdinit=/sbin/init x={a;b} $c #d .' ]]
ok $? "each blank of its line arrives"

done_testing
