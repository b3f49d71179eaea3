#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# L1 has a Debian for its user space, on the disk of lab.sh -d. `make install-host' runs there, by DKMS, from stock to
# patched KVM and back, and each step is made to fail. /root/built has the modules that DKMS built on L0, because
# compiling takes too long here. /files has the deb, the Makefile, and the modules to mount the disk.

. /l1.sh
load_disk
for name in crc32c_generic crc16 mbcache jbd2 ext4; do
	insmod /files/$name.ko
done
mkdir /mnt
mount -t ext4 /dev/pmem0 /mnt
for name in dev proc sys; do
	mount --bind /$name /mnt/$name
done
ln -s /proc/self/fd /dev/fd	# DKMS needs this link, which udev would make
mkdir /dev/pts && mount -t devpts devpts /mnt/dev/pts
mount -t securityfs security /mnt/sys/kernel/security
mkdir -p /mnt/root/checkout/build
cp /files/Makefile /mnt/root/checkout/
cp /files/*.deb /mnt/root/checkout/build/
release=$(uname -r)
dkms=/mnt/var/lib/dkms/bootexits-kvm
deb=$(echo /files/bootexits_*.deb)
version=${deb#*_} version=${version%_*}
modules=$dkms/$version/$release/x86_64/module
source=/mnt/usr/src/linux-source-6.1.tar.xz
module=$(vendor_module)

host() {	# COMMAND...: run it there; env has its path, because busybox's env would call busybox's dpkg
	chroot /mnt /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root DEBIAN_FRONTEND=noninteractive "$@"
}

install_host() {	# the deb is there already, and is not made again
	host make -s -C /root/checkout O=/root/checkout/build -o deb install-host
}

built() {	# put the modules where DKMS has them when it has built them, but not installed them
	rm -rf $dkms
	cp -a /mnt/root/built $dkms
}

state() {	# AFTER: report which KVM is there, which one the next boot loads, and what a guest finds
	kvm=none boot=stock guest=0
	[ ! -e /dev/kvm ] || kvm=stock
	[ ! -e /sys/module/kvm/parameters/exit_trace ] || kvm=patched
	! host modinfo -F parm kvm | grep -q '^exit_trace:' || boot=patched
	l2 -kernel /files/bootexits.elf || guest=$?
	emit "state after=$1 kvm=$kvm boot=$boot guest=$guest"
}

try() {	# NAME COMMAND...
	name=$1 status=0
	shift
	"$@" > /tmp/said 2>&1 || status=$?
	sed "s/^/$name: /" /tmp/said > /dev/console
	emit "try name=$name status=$status said=$(grep '^bootexits' /tmp/said | tail -n 1)"
}

host modprobe "$module"
state start
rm -rf $dkms

# Cases that are refused: nothing is changed.
mv "/mnt/usr/src/linux-headers-$release" /mnt/usr/src/away
try headers install_host
mv /mnt/usr/src/away "/mnt/usr/src/linux-headers-$release"
echo 6.5.0-1-amd64 > /tmp/osrelease
mount --bind /tmp/osrelease /mnt/proc/sys/kernel/osrelease
try kernel host bootexits-host install
umount /mnt/proc/sys/kernel/osrelease
cp /mnt/var/lib/dpkg/status /tmp/status
sed -i '/^Package: linux-source-6.1$/,/^$/s/^Version: .*/Version: 6.1.1-1/' /mnt/var/lib/dpkg/status
try source host bootexits-host install
cp /tmp/status /mnt/var/lib/dpkg/status
qemu-system-x86_64 -accel kvm -nodefaults -display none -S 3>&- &
vm=$!
until [ "$(cat "/sys/module/$(echo "$module" | tr - _)/refcnt")" -gt 0 ]; do usleep 100000; done
try vm host bootexits-host install
kill -0 $vm && emit "the VM goes on"
kill $vm
wait $vm || :
state refusals

# Steps that fail: stock KVM is there again.
mv $source $source.away
echo "no archive" > $source
try build host bootexits-host install
mv $source.away $source
state build
built
head -c 100000 "$modules/kvm.ko" > /tmp/half
cp /tmp/half "$modules/kvm.ko"
try first host bootexits-host install
state first
built
head -c 50000 "$modules/$module.ko" > /tmp/half
cp /tmp/half "$modules/$module.ko"
try second host bootexits-host install
state second
built
echo "no directory" > "/mnt/lib/modules/$release/updates"
try files host bootexits-host install
rm "/mnt/lib/modules/$release/updates"
state files
host dpkg -P bootexits > /dev/console
state none

# One command to install, and one to go back
built
try install install_host
state install
echo 1 > /sys/module/kvm/parameters/exit_trace
state tracing
rmmod "$module" kvm
host modprobe "$module"
state boot
try again host bootexits-host install
try hook host /etc/kernel/postinst.d/zz-bootexits-kvm "$release"
mkdir -p /mnt/lib/modules/6.5.0-1-amd64/build/include
host /etc/kernel/postinst.d/zz-bootexits-kvm 6.5.0-1-amd64 > /tmp/said 2>&1 && emit "hook said=$(cat /tmp/said)"
rm -r /mnt/lib/modules/6.5.0-1-amd64
status=0
touch /mnt/usr/bin/qemu-system-x86_64	# a stand-in: the lab's QEMU is not in there
host bootexits doctor > /tmp/said || status=$?
emit "doctor status=$status $(tail -n 1 /tmp/said)"
rm /dev/fd
try half host bootexits-host uninstall
ln -s /proc/self/fd /dev/fd
state half
try uninstall host make -s -C /root/checkout uninstall-host
state uninstall
emit "left $(find /mnt/etc /mnt/usr /mnt/lib/modules /mnt/var/lib/dkms -name '*bootexits*' | tr '\n' ' ')"
rmmod "$module" kvm
host modprobe "$module"
state end
