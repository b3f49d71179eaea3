#!/bin/sh
# The user's own init of init.t's guest. It runs twice. In the initramfs it prints what it finds, and switches the root.
# In the new root, as stage2, it writes utmp as a getty does. Lines that begin with @ are for the test.

/bin/busybox --install -s /bin
export PATH=/bin
[ -c /dev/kmsg ] || mknod /dev/kmsg c 1 11

# Lines go through the kernel's log, which polls the serial port. In the lab, a nested guest may take an interrupt while
# it has interrupts off. The port's interrupt would then wait for ever for a lock of the code that it interrupted.
say() {	# WORDS...
	printf '<0>@ %s\n' "$*" > /dev/kmsg
}

marks() {	# WHEN
	say "marks $1 $(exitstat log | sed -n 's/.* phase .* name=\([a-z]*\) .*/\1/p' | tr '\n' ' ')"
}

utmp() {	# TYPE: append a record of that type
	# shellcheck disable=SC2059 # the type is an octal byte
	printf "\\00$1\\000" >> /run/utmp
	dd if=/dev/zero bs=382 count=1 >> /run/utmp 2> /dev/null
}

if [ "$0" = /my/init ]; then
	say "first pid=$$ path=$0 args=$*"
	mount -t proc proc /proc
	say "command $(tr '\000' ' ' < /proc/1/cmdline)"
	say "environment $(tr '\000' '\n' < /proc/1/environ | sort | tr '\n' ' ')"
	say "mounts $(cut -d ' ' -f 2 < /proc/mounts | tr '\n' ' ')"
	say "ours $(cd /bootexits && echo *)"
	say "root $(cd / && echo *)"
	# shellcheck disable=SC2012 # the kernel made these names
	say "files $(ls -l /proc/1/fd | sed -n "s,.*-> \\(/.*\\),\\1,p" | sort -u | tr '\n' ' ')"
	marks initramfs
	mount -t tmpfs run /run
	mount -t tmpfs root /newroot
	mkdir -p /newroot/bin /newroot/dev /newroot/proc /newroot/run
	cp /bin/busybox /bin/exitstat /newroot/bin
	cp "$0" /newroot/bin/stage2
	ln -s busybox /newroot/bin/sh
	mount -t devtmpfs dev /dev
	for dir in dev proc run; do
		mount -o move /$dir /newroot/$dir
	done
	marks mounted
	exec switch_root /newroot /bin/stage2
fi

marks switched
say "watcher $(tr '\000' ' ' < "$(grep -lx bootexits /proc/[0-9]*/comm | sed s,comm$,cmdline,)")"
mount -t tmpfs run /run
: > /run/utmp
utmp 5
marks utmp
sleep 0.3
utmp 6
say "after"
sleep 1000
