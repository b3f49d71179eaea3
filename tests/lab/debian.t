#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: prove tests/lab/debian.t     O=DIRECTORY: where the image is or will be built (default build)
#
# The Debian image, in some ten minutes, as root. Two builds have the same bytes. The image boots to its login prompt
# from a virtio disk, from an AHCI disk and from an IDE disk.
# Exit status: 0 all passed, 1 some failed.
set -uo pipefail
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/guest.sh"

# boots_from NAME ROOT ARG...: boot with the image as drive `disk`, which stays unchanged
boots_from() {
	boots "Debian boots from $1 to a login prompt" 'debian login: ' 240 \
		"$O/debian/vmlinuz" "$O/debian/initrd.img" "console=ttyS0 quiet root=$2" \
		-drive "file=$O/debian/disk.img,format=raw,snapshot=on,if=none,id=disk" "${@:3}"
}

left() {	# FOLDER: list the files that a build left there
	find "$1" -mindepth 1 -printf '%P\n' | sort | tr '\n' ' '
}

check "Debian is built" lab/images/debian-image.sh
before=$(stat -c %y "$O"/debian/*)
lab/images/debian-image.sh && [[ $(stat -c %y "$O"/debian/*) == "$before" ]]
ok $? "built again: nothing is written"
check "its file system is clean" e2fsck -fn "$O/debian/disk.img"
boots_from virtio /dev/vda -device virtio-blk-pci,drive=disk
boots_from AHCI UUID=b007e817-5000-4000-8000-000000000012 \
	-device ahci,id=ahci -device ide-hd,drive=disk,bus=ahci.0
boots_from IDE /dev/sda -device piix3-ide,id=ide -device ide-hd,drive=disk,bus=ide.0

check "Debian is built elsewhere" env O="$work/again" lab/images/debian-image.sh
for file in disk.img vmlinuz initrd.img; do
	cmp "$O/debian/$file" "$work/again/debian/$file" > "$work/said" 2>&1
	ok $? "$file: the same bytes"
done
rm -rf "$work/again"

mkdir "$work/bin"
cat > "$work/bin/apt-get" <<'END2'
#!/bin/sh
# apt-get on a machine whose mirror of Debian is down
case "$*" in
*"\$(RELEASE) \$(SITE)"*) printf 'bookworm%s http://127.0.0.1:9/debian\n' '' -updates -security ;;
*) exec /usr/bin/apt-get "$@" ;;
esac
END2
chmod +x "$work/bin/apt-get"
fails 3 'debian-image: mmdebstrap failed: E: ' "no mirror" \
	env PATH="$work/bin:$PATH" O="$work/again" lab/images/debian-image.sh
check "nothing but mmdebstrap's log is left" test "$(left "$work/again/debian")" = 'mmdebstrap.log '
fails 3 "can't build .*disk.img" "no room" env DEBIAN_SIZE=300 O="$work/again" lab/images/debian-image.sh
[[ $(left "$work/again/debian") == 'mmdebstrap.log ' ]]
ok $? "without room, only the log is left"

done_testing
