#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: prove tests/lab/images.t          O=DIRECTORY: where the parts were built (default build)
#
# What guests are made of. The small guest's image has the same bytes each time. It boots to its login prompt without
# KVM, with L1's kernel and with 6.12. A disk reaches L1, and its file does not change.
# Exit status: 0 all passed, 1 some failed.
set -uo pipefail
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/guest.sh"

check "the small guest is built" lab/images/guest-image.sh
check "a kernel 6.12 is fetched" env "${kernel_6_12[@]}" lab/images/kernel.sh
O=$work/0 lab/images/guest-image.sh 2> /dev/null
(umask 077 && O=$work/1 lab/images/guest-image.sh 2> /dev/null)
cmp "$work/0/guest/initrd.gz" "$work/1/guest/initrd.gz" > "$work/said" 2>&1
ok $? "the small guest twice: the same bytes, whoever builds it"
before=$(stat -c %y "$O/guest/initrd.gz" "$O/kernel/6.12/vmlinuz")
lab/images/guest-image.sh && env "${kernel_6_12[@]}" lab/images/kernel.sh &&
	[[ $(stat -c %y "$O/guest/initrd.gz" "$O/kernel/6.12/vmlinuz") == "$before" ]]
ok $? "built again: nothing is written"

# A process beside init that watches /run/utmp, as a program does that waits for the end of the boot
mkdir "$work/watch"
cat > "$work/watch/watch" <<'WATCH'
#!/bin/sh
/bin/mount -t devtmpfs dev /dev
/bin/mount -t proc proc /proc
(
	cd /proc || exit
	until [ -s 1/root/run/utmp ]; do 1/root/bin/busybox sleep 0.1 2> /dev/null; done
	1/root/bin/busybox hexdump -n 16 -C 1/root/run/utmp
	while read -r _ dir type _; do
		[ "$dir" != / ] || echo "root on $type"
	done < 1/mounts
) &
exec /init
WATCH
chmod +x "$work/watch/watch"
{ cat "$O/guest/initrd.gz"; (cd "$work/watch" && echo watch | cpio --quiet -H newc -o); } > "$work/watched"
boots "the small guest boots by $KVER to a login prompt" 'guest login: .*on tmpfs|on tmpfs.*guest login: ' 60 \
	"$O/lab/$KVER/vmlinuz" "$work/watched" "console=ttyS0 quiet rdinit=/watch"
grep -aq '00000000  06 00 00 00 .*|........ttyS0' "$work/serial"
ok $? "its /run/utmp has a LOGIN_PROCESS on ttyS0"
grep -aq 'root on tmpfs' "$work/serial"
ok $? "the guest's root is not the initramfs"
boots "the small guest boots by 6.12, with no console at all" 'guest login: ' 60 \
	"$O/kernel/6.12/vmlinuz" "$O/guest/initrd.gz" quiet

fails 3 "can't write to" "an image can't be written" env O=/dev/null lab/images/guest-image.sh
! compgen -G "$O/guest/tmp.*" > /dev/null
ok $? "nothing half done is left"

seq 1000000 | head -c 4M > "$work/disk"
cp "$work/disk" "$work/copy"
lab disk -p -d "$work/disk" tests/l1/disk.sh
diagnose() { cat "$logs/host.log"; }
grep -qx "disk came bytes=$((4 << 20)) sum=$(sha256sum < "$work/copy" | cut -d' ' -f1)" "$logs/host.log"
ok $? "the disk reaches L1"
grep -qx "disk written sum=$(head -c 4M /dev/zero | tr '\0' x | sha256sum | cut -d' ' -f1)" "$logs/host.log"
ok $? "L1 writes all of it"
cmp "$work/disk" "$work/copy" > /dev/null
ok $? "the disk's file does not change"
seq 10000 | cmp - "$logs/observer.log" > /dev/null
ok $? "the fourth port's log has every byte"
truncate -s 5000000 "$work/disk"
fails 3 'is no multiple of 2 MiB' "a disk of a wrong size is refused" lab/lab.sh -d "$work/disk" hello
fails 3 'is missing' "no disk" lab/lab.sh -d "$work/none" hello

done_testing
