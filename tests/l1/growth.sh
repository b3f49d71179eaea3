#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Sourced by scenarios that look for memory that the kernel has not freed.

slabs() {	# when RCU has freed all, print "CACHE OBJECTS" of each slab cache, and the areas of vmalloc in use
	sleep 1
	for shrink in /sys/kernel/slab/*/shrink; do	# otherwise a CPU's free objects would count
		echo 1 > "$shrink"
	done
	# Freed areas of vmalloc stay for a while, and 6.12 keeps pools of them. So leave out their cache: the last line
	# below has the areas in use.
	sed -n '/^vmap_area /d; 3,$s/^\([^ ]*\) *\([0-9]*\) .*/\1 \2/p' /proc/slabinfo
	echo "vmalloc $(grep -vc ' unpurged vm_area' /proc/vmallocinfo)"	# without freed ones, unmapped later
}

grown() {	# BEFORE AFTER: print by how much the cache that grew most between two slabs has grown, and its name
	awk 'NR == FNR { before[$1] = $2; next } $2 - before[$1] > most { most = $2 - before[$1]; name = $1 }
		END { print most + 0, name }' "$1" "$2"
}
