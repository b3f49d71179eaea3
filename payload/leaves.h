/* SPDX-License-Identifier: GPL-2.0-only */
/* The tracer's leaves, docs/abi.md section 3, as functions. */
#ifndef LEAVES_H
#define LEAVES_H

#include "kvm_exit_trace.h"
#include "self.h"
#include "types.h"

/* What the entry's first instructions read; entry.asm knows this layout. */
struct poll {
	u64 total;
	u64 cycles;
	u64 tsc;
};

extern struct poll first;

struct tracer {
	bool present;		/* signature and major revision are right */
	const char *missing;	/* otherwise: what is wrong, in words */
	u32 revision, vendor, features, flags;
	u32 vcpus, slots, epoch, tsc_khz;
	u64 began;		/* as began_read() */
	u32 vcpu;		/* index of the one that we run on */
};

extern struct tracer tracer;

struct log_entry {
	u32 phase, vcpu;
	u64 tsc;
};

struct counter {
	u64 count;
	u64 cycles;
};

/* Of LEAF_ABI's features: whether it has this one. */
static inline bool tracer_has(u32 feature)
{
	return tracer.features & feature;
}

/* One CPUID with both inputs; every other function here is made of it. */
struct regs leaf_read(u32 leaf, u32 index);

/* Whether this is the answer of an index that does not exist. */
bool leaf_undefined(const struct regs *r);

/* Fills in tracer up to flags, by two CPUIDs. */
void tracer_detect(void);

/* Fills in the rest. */
void tracer_describe(void);

/*
 * When the counters were at zero: nanoseconds since 1970; 0 before LEAF_EPOCH
 * came, or where there is no tracer (any more).
 */
u64 began_read(void);

/* Total exits of the VM, this read's own included. */
u64 total_read(void);

/* Total and cycles by one CPUID, and the TSC right after it. */
void poll_read(struct poll *p);

/* Exits of the CPU that asks, this one included, and of all others. */
struct own {
	u64 own, others;
};

struct own own_read(void);

/* Ends a phase; returns its log entry, or MARK_DROPPED. */
#define MARK_DROPPED (~0u)
u32 mark(u32 phase);

/*
 * Exits that measuring had caused up to a log entry, this included: our own
 * up to the last mark of ours, and one for each mark that other guest code made.
 */
u64 log_self(u32 entry);

/*
 * Our own part of that up to the last mark of a phase, which somebody may have
 * told us who has made it, or 0.
 */
u64 log_own(u32 phase);
void log_set_own(u32 phase, u64 exits);

u32 log_entries(void);

/* The first entry of that phase, from an entry on, or MARK_DROPPED. */
u32 log_find(u32 phase, u32 from);
u32 log_dropped(void);
struct log_entry log_entry(u32 entry);
struct counter log_counter(u32 entry, u32 slot, u32 clock);

/* One vCPU's part of it; zeros for a tracer before revision 1.1, which has none. */
struct counter log_part(u32 entry, u32 vcpu, u32 slot, u32 clock);

/*
 * Freezes the counters of our own vCPU, or of all; returns the latter's total.
 * Then the others read one that is frozen.
 */
void latch(void);
u64 latch_all(bool *whole);
u64 latched_count(u32 slot);
u64 latched_cycles(u32 slot, u32 clock);

/* The five clocks of what was latched, all slots together: what they have elapsed to. */
u64 latched_clocks(void);
u64 latched_elapsed(void);

/* Exits of a vCPU that belong to a slot, live, and their cycles on KVM's clock. */
struct counter vcpu_counter(u32 vcpu, u32 slot);

/* How many exits of a vCPU's slot took 2^bucket ticks and more, live: FEATURE_HISTOGRAM. */
void histogram_read(u32 vcpu, u32 slot, u32 buckets[KVM_EXIT_TRACE_NR_BUCKETS]);

/* Exits of one slot and code, in the phase that a log entry ends: FEATURE_SITES. */
struct site {
	u64 count;		/* 0: the position is not in use */
	u64 code, rip;
	u32 entry, slot;
};

/* Reads one; rip and code only with site_detail().  Returns false behind the last. */
bool site_read(u32 vcpu, u32 position, struct site *site);
void site_detail(u32 vcpu, u32 position, struct site *site);

/* Exits of a slot that found no position, live. */
u64 sites_lost(u32 vcpu, u32 slot);

/* The initial APIC ID of a vCPU. */
u32 vcpu_apic_id(u32 vcpu);

/* The vendor's exit reason of a slot. */
u32 slot_code(u32 slot);

#endif
