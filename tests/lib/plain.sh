# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Sourced after tap.sh by the tests that boot Linux in plain TCG, alone or with a payload that is given a tracer
# (tests/guest/lines/tracer.h).
# shellcheck disable=SC2034,SC2154 # the tests use line; tap.sh sets work and root

plain=$work/plain
line='console=ttyS0 panic=-1 reboot=t no_timer_check'

# plain_payload [VARIABLE=VALUE...]: build it
plain_payload() {
	make -s -C payload O="$plain" "$plain/bootexits.elf" CC="gcc -include $root/tests/guest/lines/tracer.h" "$@"
}

# plain_boot ARGUMENT...: run QEMU with these; the guest's output goes to $work/serial
plain_boot() {
	limited 60 qemu-system-x86_64 -accel tcg -m 256 -nodefaults -display none -no-reboot \
		-serial "file:$work/serial" "$@" < /dev/null
}
