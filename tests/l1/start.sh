#!/bin/sh
# The payload starts in each of its ways, under traced KVM.

. /l1.sh
ovmf=/usr/share/OVMF/OVMF_CODE_4M.fd
load_kvm patched exit_trace=1
run iso-seabios -cdrom /files/bootexits.iso
run iso-ovmf -cdrom /files/bootexits.iso -m 128 \
	-drive if=pflash,format=raw,readonly=on,file=$ovmf
run kernel-pc -kernel /files/bootexits.elf
run kernel-microvm -machine microvm -kernel /files/bootexits.elf
run pvh-microvm -machine microvm -kernel /files/bootexits-pvh.elf
run pvh-qboot -machine microvm -bios /usr/share/qemu/qboot.rom -kernel /files/bootexits-pvh.elf
run rom -bios /files/bootexits.rom
unload_kvm
