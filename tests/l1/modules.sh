#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# QEMU loads files with the payload that are not a kernel and its initrd. /files/runs has a line for each run: NAME
# MEMORY MODULES, where MODULES is the argument of QEMU's -initrd.

. /l1.sh
: "${console_port:?is not set; use lab.sh -e}"
cd /files || exit
: > empty

# A guest that hangs is ended, and gets no verdict.
mkdir /tmp/bin
cat > /tmp/bin/qemu-system-x86_64 <<'QEMU'
#!/bin/sh
exec timeout 20 /usr/bin/qemu-system-x86_64 "$@"
QEMU
chmod +x /tmp/bin/qemu-system-x86_64
path=$PATH
PATH=/tmp/bin:$PATH
command -v timeout > /dev/null && [ -x /usr/bin/qemu-system-x86_64 ]

load_kvm patched exit_trace=1
while read -r name memory modules; do
	run "$name" -m "$memory" -kernel bootexits.elf -initrd "$modules"
done < runs
# A run with an observer, whose records do not matter here, and with words for init
run dashes -smp 2 -kernel bootexits.elf -initrd "kernel one -- two three,initrd" \
	-chardev null,id=console -device isa-debugcon,iobase="$console_port",chardev=console
# A run whose observer is sent all that Linux may send to all CPUs, and more
: > /tmp/observer
run strays -smp 2 -kernel bootexits.elf -initrd "strays,initrd" -chardev file,id=console,path=/tmp/observer \
	-device isa-debugcon,iobase="$console_port",chardev=console
mark_run strays-observer
cat /tmp/observer > /dev/ttyS1
unload_kvm

load_kvm stock
run stock -kernel bootexits.elf -initrd "kernel one,initrd"
unload_kvm
PATH=$path
