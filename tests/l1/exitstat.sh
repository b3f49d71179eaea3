#!/bin/sh
# exitstat without a tracer, which is in L1 itself, and in a traced guest.

. /l1.sh

for words in '' 'run -- true' 'mark userspace' log; do
	status=0
	# shellcheck disable=SC2086 # words
	said=$(/files/exitstat $words 2>&1) || status=$?
	emit "absent status=$status words=$words said=$said"
done

load_kvm patched exit_trace=1
run guest -m 256 -kernel /files/vmlinuz -initrd /files/guest.cpio \
	-append 'console=ttyS0 quiet printk.time=0 printk.devkmsg=on panic=-1 nokaslr norandmaps tsc=reliable'
unload_kvm
