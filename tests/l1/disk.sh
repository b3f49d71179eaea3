#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The disk of lab.sh -d, and the fourth port, in L1. The host log gets the disk's checksum before and after L1 has
# written every byte of it.

. /l1.sh

sum() {
	sha256sum < /dev/pmem0 | cut -d ' ' -f 1
}

load_disk
emit "disk came bytes=$(blockdev --getsize64 /dev/pmem0) sum=$(sum)"
tr '\0' x < /dev/zero | dd of=/dev/pmem0 bs=64k count=64 iflag=fullblock 2> /dev/null
blockdev --flushbufs /dev/pmem0
emit "disk written sum=$(sum)"
seq 10000 > /dev/ttyS3
