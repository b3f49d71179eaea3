/* SPDX-License-Identifier: ((GPL-2.0 WITH Linux-syscall-note) OR BSD-2-Clause) */
/*
 * The contract between KVM's exit tracer, its guests and the tools that read
 * their logs.  It has every leaf, port, slot and phase number, and nothing
 * else.  docs/abi.md gives the meaning, register by register.
 *
 * Numbers are append-only.  Write plain decimal or hex literals only, because
 * an assembler and GRUB read this file, too.
 */
#ifndef _UAPI_ASM_X86_KVM_EXIT_TRACE_H
#define _UAPI_ASM_X86_KVM_EXIT_TRACE_H

/* Published course programs use these leaves.  They have no signature of their own. */
#define KVM_EXIT_TRACE_LEAF_TOTAL	0x4ffffffc
#define KVM_EXIT_TRACE_LEAF_CYCLES	0x4ffffffd
#define KVM_EXIT_TRACE_LEAF_REASON	0x4ffffffe
#define KVM_EXIT_TRACE_LEAF_BOTH	0x4fffffff

/* Our own class of leaves.  A guest finds it by its signature, "BootExitsKVM". */
#define KVM_EXIT_TRACE_LEAF_SIGNATURE	0x4fffff00
#define KVM_EXIT_TRACE_LEAF_ABI		0x4fffff01
#define KVM_EXIT_TRACE_LEAF_SIZE	0x4fffff02
#define KVM_EXIT_TRACE_LEAF_SLOT	0x4fffff03
#define KVM_EXIT_TRACE_LEAF_VCPU	0x4fffff04
#define KVM_EXIT_TRACE_LEAF_READ	0x4fffff05
#define KVM_EXIT_TRACE_LEAF_LATCH	0x4fffff06
#define KVM_EXIT_TRACE_LEAF_READ_LATCH	0x4fffff07
#define KVM_EXIT_TRACE_LEAF_MARK	0x4fffff08
#define KVM_EXIT_TRACE_LEAF_LOG		0x4fffff09
#define KVM_EXIT_TRACE_LEAF_LOG_ENTRY	0x4fffff0a
#define KVM_EXIT_TRACE_LEAF_READ_LOG	0x4fffff0b
#define KVM_EXIT_TRACE_LEAF_OWN		0x4fffff0c	/* since revision 1.1 */
#define KVM_EXIT_TRACE_LEAF_READ_LOG_VCPU 0x4fffff0d	/* since revision 1.1 */
#define KVM_EXIT_TRACE_LEAF_HISTOGRAM	0x4fffff0e	/* since revision 1.2 */
#define KVM_EXIT_TRACE_LEAF_SITE	0x4fffff0f	/* since revision 1.2 */
#define KVM_EXIT_TRACE_LEAF_SITES_LOST	0x4fffff10	/* since revision 1.2 */
#define KVM_EXIT_TRACE_LEAF_EPOCH	0x4fffff11	/* since revision 1.2 */
#define KVM_EXIT_TRACE_LEAF_MAX		0x4fffff11

#define KVM_EXIT_TRACE_SIGNATURE_EBX	0x746f6f42	/* "Boot" */
#define KVM_EXIT_TRACE_SIGNATURE_ECX	0x74697845	/* "Exit" */
#define KVM_EXIT_TRACE_SIGNATURE_EDX	0x4d564b73	/* "sKVM" */

/* If an index does not exist, EDX has this value, and EAX = EBX = ECX = 0. */
#define KVM_EXIT_TRACE_UNDEFINED	0xffffffff

/* LEAF_ABI: EAX revision (major << 16 | minor), EBX vendor, ECX features, EDX flags */
#define KVM_EXIT_TRACE_REVISION		0x00010002
#define KVM_EXIT_TRACE_VENDOR_VMX	1
#define KVM_EXIT_TRACE_VENDOR_SVM	2

#define KVM_EXIT_TRACE_FEATURE_LATCH	0x00000001
#define KVM_EXIT_TRACE_FEATURE_LOG	0x00000002
#define KVM_EXIT_TRACE_FEATURE_PORT	0x00000004
#define KVM_EXIT_TRACE_FEATURE_SPLIT	0x00000008
#define KVM_EXIT_TRACE_FEATURE_GUEST	0x00000010	/* since revision 1.2 */
#define KVM_EXIT_TRACE_FEATURE_HISTOGRAM 0x00000020	/* since revision 1.2 */
#define KVM_EXIT_TRACE_FEATURE_SITES	0x00000040	/* since revision 1.2 */
#define KVM_EXIT_TRACE_FEATURE_PAGE	0x00000080	/* since revision 1.2 */

#define KVM_EXIT_TRACE_FLAG_FROM_START	0x00000001
#define KVM_EXIT_TRACE_FLAG_INCOMPLETE	0x00000002

/* LEAF_READ*: ECX = vCPU or log entry << 16 | clock << 8 | slot */
#define KVM_EXIT_TRACE_INDEX_SLOT	0x000000ff
#define KVM_EXIT_TRACE_INDEX_CLOCK	0x00000f00
#define KVM_EXIT_TRACE_CLOCK_SHIFT	8
#define KVM_EXIT_TRACE_INDEX_RESERVED	0x0000f000
#define KVM_EXIT_TRACE_OWNER_SHIFT	16

/* LEAF_READ_LOG_VCPU: ECX = log entry << 24 | vCPU << 12 | clock << 8 | slot */
#define KVM_EXIT_TRACE_ENTRY_SHIFT	24
#define KVM_EXIT_TRACE_VCPU_SHIFT	12
#define KVM_EXIT_TRACE_INDEX_VCPU	0x00fff000

#define KVM_EXIT_TRACE_SLOT_SUM		0xff	/* all slots together */
#define KVM_EXIT_TRACE_ALL_VCPUS	0xffff

#define KVM_EXIT_TRACE_CLOCK_KVM	0
#define KVM_EXIT_TRACE_CLOCK_USER	1
#define KVM_EXIT_TRACE_CLOCK_IDLE	2
#define KVM_EXIT_TRACE_CLOCK_PREEMPTED	3
#define KVM_EXIT_TRACE_NR_CLOCKS	4

/* These two have no slots: read them with SLOT_SUM, if there is FEATURE_GUEST. */
#define KVM_EXIT_TRACE_CLOCK_GUEST	4
#define KVM_EXIT_TRACE_CLOCK_ELAPSED	5

/* LEAF_LOG_ENTRY: EBX if the host made the mark, and not a vCPU */
#define KVM_EXIT_TRACE_MARK_HOST	0xffff

/* LEAF_LATCH: ECX out */
#define KVM_EXIT_TRACE_LATCH_TORN	0x00000001

/* LEAF_HISTOGRAM: ECX = vCPU << 16 | group of four buckets << 8 | slot */
#define KVM_EXIT_TRACE_INDEX_GROUP	0x00000700
#define KVM_EXIT_TRACE_GROUP_SHIFT	8
#define KVM_EXIT_TRACE_INDEX_NO_GROUP	0x0000f800
#define KVM_EXIT_TRACE_NR_BUCKETS	32

/* LEAF_SITE: ECX = vCPU << 16 | part << 12 | position */
#define KVM_EXIT_TRACE_INDEX_POSITION	0x00000fff
#define KVM_EXIT_TRACE_INDEX_PART	0x00001000
#define KVM_EXIT_TRACE_INDEX_NO_PART	0x0000e000
#define KVM_EXIT_TRACE_SITE_ENTRY_SHIFT	8	/* ECX out: log entry << 8 | slot */

/* MSR: guest-physical address of the vCPU's page | ENABLED.  The page is 64 bytes long. */
#define KVM_EXIT_TRACE_MSR_PAGE		0x4b564dbe
#define KVM_EXIT_TRACE_PAGE_ENABLED	0x00000001
#define KVM_EXIT_TRACE_PAGE_SIZE	64

/* Offsets in the page.  Version and flags have 32 bits, the others have 64. */
#define KVM_EXIT_TRACE_PAGE_VERSION	0	/* odd while KVM writes the rest */
#define KVM_EXIT_TRACE_PAGE_FLAGS	4
#define KVM_EXIT_TRACE_PAGE_EXITS	8
#define KVM_EXIT_TRACE_PAGE_CLOCKS	16	/* clocks 0 to NR_CLOCKS - 1 */
#define KVM_EXIT_TRACE_PAGE_GUEST	48
#define KVM_EXIT_TRACE_PAGE_ELAPSED	56

#define KVM_EXIT_TRACE_PAGE_LIVE	0x00000001	/* flags: KVM goes on writing */

/*
 * Slots are dense numbers of exit reasons, in one range for both vendors.
 * VMX: the slot is the basic exit reason, 0 to 127.
 * SVM: the slot is the exit code for 0x000 to 0x0a7, and 168 + (exit code - 0x400)
 *	for 0x400 to 0x407.
 */
#define KVM_EXIT_TRACE_VMX_DIRECT	128
#define KVM_EXIT_TRACE_SVM_DIRECT	168
#define KVM_EXIT_TRACE_SVM_HIGH_BASE	0x400
#define KVM_EXIT_TRACE_SVM_HIGH_COUNT	8
#define KVM_EXIT_TRACE_SLOT_INVALID	176	/* SVM exit code -1 */
#define KVM_EXIT_TRACE_SLOT_EMULATION	177
#define KVM_EXIT_TRACE_SLOT_VMFAIL	178
#define KVM_EXIT_TRACE_SLOT_OTHER	179
#define KVM_EXIT_TRACE_NR_SLOTS		192

#define KVM_EXIT_TRACE_SLOT_NAMES \
	[KVM_EXIT_TRACE_SLOT_INVALID]		= "invalid_guest_state", \
	[KVM_EXIT_TRACE_SLOT_EMULATION]		= "emulation_required", \
	[KVM_EXIT_TRACE_SLOT_VMFAIL]		= "vmfail", \
	[KVM_EXIT_TRACE_SLOT_OTHER]		= "other"

/* LEAF_SLOT: EBX */
#define KVM_EXIT_TRACE_KIND_UNUSED	0
#define KVM_EXIT_TRACE_KIND_HARDWARE	1
#define KVM_EXIT_TRACE_KIND_SYNTHETIC	2
#define KVM_EXIT_TRACE_KIND_OTHER	3

/* A guest writes one byte here to mark the end of a phase. */
#define KVM_EXIT_TRACE_PORT		0x0be0

/*
 * The payload's own debug console (QEMU's isa-debugcon), for the time when
 * Linux has the serial ports.  KVM leaves this port to the VMM.
 */
#define KVM_EXIT_TRACE_PORT_CONSOLE	0x0be8

/*
 * A mark's value is the phase that ends with it.  0x80 to 0xff are free for your own.
 * PAUSED ends no phase.  It says that the VM was paused after the mark before it.
 */
#define KVM_EXIT_TRACE_PHASE_FIRMWARE	0x10
#define KVM_EXIT_TRACE_PHASE_BOOTLOADER	0x20
#define KVM_EXIT_TRACE_PHASE_PAYLOAD	0x30
#define KVM_EXIT_TRACE_PHASE_KERNEL	0x40
#define KVM_EXIT_TRACE_PHASE_INITRAMFS	0x50
#define KVM_EXIT_TRACE_PHASE_USERSPACE	0x60
#define KVM_EXIT_TRACE_PHASE_PAUSED	0x70
#define KVM_EXIT_TRACE_PHASE_CUSTOM	0x80

#define KVM_EXIT_TRACE_PHASE_NAMES \
	[KVM_EXIT_TRACE_PHASE_FIRMWARE]		= "firmware", \
	[KVM_EXIT_TRACE_PHASE_BOOTLOADER]	= "bootloader", \
	[KVM_EXIT_TRACE_PHASE_PAYLOAD]		= "payload", \
	[KVM_EXIT_TRACE_PHASE_KERNEL]		= "kernel", \
	[KVM_EXIT_TRACE_PHASE_INITRAMFS]	= "initramfs", \
	[KVM_EXIT_TRACE_PHASE_USERSPACE]	= "userspace", \
	[KVM_EXIT_TRACE_PHASE_PAUSED]		= "paused"

#endif /* _UAPI_ASM_X86_KVM_EXIT_TRACE_H */
