/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Numbers that the assembly and the C half of the start share.  The assembler
 * reads this file, too (see Makefile), so write plain literals only.
 */
#ifndef START_H
#define START_H

/* Multiboot 0.6.96, section 3.1.1 and 3.2 */
#define START_MB1_HEADER	0x1badb002
#define START_MB1_MAGIC		0x2badb002
/* Multiboot 2.0, section 3.1.1 and 3.3 */
#define START_MB2_HEADER	0xe85250d6
#define START_MB2_MAGIC		0x36d76289
/* Xen's public/arch-x86/hvm/start_info.h and public/elfnote.h */
#define START_PVH_MAGIC		0x336ec578
#define START_PVH_NOTE		18
/* Ours: the ROM passes it in EAX ("brom") */
#define START_ROM_MAGIC		0x6d6f7262

/*
 * Selectors of our GDT, both the ROM's and the payload's.  Linux's 32-bit boot
 * protocol demands the first two (Documentation/x86/boot.rst).  The observer has its
 * own selector in FS, so that code knows on which CPU it runs.
 */
#define START_CS		0x10
#define START_DS		0x18
#define START_OBSERVER_FS	0x20

/* CPUIDs that the entry executes before there is C to count them */
#define START_CPUIDS		2

#endif
