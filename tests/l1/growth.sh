#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Sourced by scenarios that look for what the kernel has not freed.

slabs() {	# "CACHE OBJECTS" of each slab cache, and the areas of vmalloc that are in use, when RCU has freed all
	sleep 1
	for shrink in /sys/kernel/slab/*/shrink; do	# or a CPU's free objects would count
		echo 1 > "$shrink"
	done
	# Areas of vmalloc that are freed stay for a while, 6.12 keeps pools of them: the next line has those in use
	sed -n '/^vmap_area /d; 3,$s/^\([^ ]*\) *\([0-9]*\) .*/\1 \2/p' /proc/slabinfo
	echo "vmalloc $(grep -vc ' unpurged vm_area' /proc/vmallocinfo)"	# freed, and to be unmapped with many others
}

grown() {	# BEFORE AFTER: of slabs, how much what has grown most has, and its name
	awk 'NR == FNR { before[$1] = $2; next } $2 - before[$1] > most { most = $2 - before[$1]; name = $1 }
		END { print most + 0, name }' "$1" "$2"
}
