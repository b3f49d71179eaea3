# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Sourced after tap.sh by the tests that boot Linux in plain TCG, behind a payload that is given a tracer
# (tests/lines/tracer.h), or alone.
# shellcheck disable=SC2034,SC2154 # line is of those who source it; work and root are of tap.sh

plain=$work/plain
line='console=ttyS0 panic=-1 reboot=t no_timer_check'

# plain_payload [VARIABLE=VALUE...]: build it
plain_payload() {
	make -s -C payload O="$plain" "$plain/bootexits.elf" CC="gcc -include $root/tests/lines/tracer.h" "$@"
}

# plain_boot ARGUMENT...: of QEMU; what the guest prints is in $work/serial
plain_boot() {
	limited 60 qemu-system-x86_64 -accel tcg -m 256 -nodefaults -display none -no-reboot \
		-serial "file:$work/serial" "$@" < /dev/null
}
