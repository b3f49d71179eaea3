#!/bin/sh
# The payload's options whose effect shows only with a tracer

. /l1.sh
load_kvm patched exit_trace=1
with() {	# NAME OPTIONS
	run "$1" -kernel /files/bootexits.elf -append "$2"
}

with samples samples=20
with stream "mode=stream samples=20"
with interval "samples=20 interval=100"
with until until=3500
with too-many samples=1100
with crash crash=ud
with refused sampels=20
unload_kvm
