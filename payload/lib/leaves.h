/* SPDX-License-Identifier: GPL-2.0-only */
/* The tracer's leaves, docs/abi.md section 3, as functions. */
#ifndef LEAVES_H
#define LEAVES_H

#include "include/kvm_exit_trace.h"
#include "payload/lib/self.h"
#include "payload/lib/types.h"

/* What the entry's first instructions read.  entry.asm depends on this layout. */
struct poll {
	u64 total;
	u64 cycles;
	u64 tsc;
};

extern struct poll first;

struct tracer {
	bool present;		/* the signature and the major revision are right */
	const char *missing;	/* if it is not present: words that say what is wrong */
	u32 revision, vendor, features, flags;
	u32 vcpus, slots, epoch, tsc_khz;
	u64 began;		/* what began_read() returned */
	u32 vcpu;		/* index of the vCPU that we run on */
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

/* Does the tracer have this feature of LEAF_ABI? */
static inline bool tracer_has(u32 feature)
{
	return tracer.features & feature;
}

/* Executes one CPUID with both inputs.  Every other function here is made of it. */
struct regs leaf_read(u32 leaf, u32 index);

/* Is this the answer for an index that does not exist? */
bool leaf_undefined(const struct regs *r);

/* Fills in tracer up to flags, with two CPUIDs. */
void tracer_detect(void);

/* Fills in the rest. */
void tracer_describe(void);

/*
 * Returns when the counters were at zero, in nanoseconds since 1970.  Returns 0 if there is
 * no tracer, or none any more, or one that is older than LEAF_EPOCH.
 */
u64 began_read(void);

/* Returns the total exits of the VM.  The exit of this read is included. */
u64 total_read(void);

/* Reads total and cycles with one CPUID, and the TSC right after it. */
void poll_read(struct poll *p);

/* Exits of the CPU that asks, this read included, and of all other CPUs. */
struct own {
	u64 own, others;
};

struct own own_read(void);

/* Ends a phase.  Returns its log entry, or MARK_DROPPED. */
#define MARK_DROPPED (~0u)
u32 mark(u32 phase);

/*
 * Returns the exits that measuring had caused up to a log entry, its mark included.  These
 * are our own up to our last mark, and one for each mark that other guest code made.
 */
u64 log_self(u32 entry);

/*
 * Returns our own part of it up to the last mark of a phase, or 0.  If another program made
 * that mark, log_set_own() stores what that program told us.
 */
u64 log_own(u32 phase);
void log_set_own(u32 phase, u64 exits);

u32 log_entries(void);

/* Returns the first entry of that phase from an entry on, or MARK_DROPPED. */
u32 log_find(u32 phase, u32 from);
u32 log_dropped(void);
struct log_entry log_entry(u32 entry);
struct counter log_counter(u32 entry, u32 slot, u32 clock);

/* Returns one vCPU's part of it.  A tracer before revision 1.1 has none: then it is zero. */
struct counter log_part(u32 entry, u32 vcpu, u32 slot, u32 clock);

/*
 * Both freeze counters: latch() those of our own vCPU, latch_all() those of all vCPUs.  The
 * latter returns their total.  The functions below read what was frozen.
 */
void latch(void);
u64 latch_all(bool *whole);
u64 latched_count(u32 slot);
u64 latched_cycles(u32 slot, u32 clock);

/* The five clocks of what was latched, summed over all slots, and the time that they add up to. */
u64 latched_clocks(void);
u64 latched_elapsed(void);

/* Returns the exits of a vCPU in a slot, live, and their cycles on KVM's clock. */
struct counter vcpu_counter(u32 vcpu, u32 slot);

/* For each bucket: how many exits took 2^bucket ticks or more, live.  Needs FEATURE_HISTOGRAM. */
void histogram_read(u32 vcpu, u32 slot, u32 buckets[KVM_EXIT_TRACE_NR_BUCKETS]);

/* Exits of one slot and code, in the phase that a log entry ends.  Needs FEATURE_SITES. */
struct site {
	u64 count;		/* 0: the position is empty */
	u64 code, rip;
	u32 entry, slot;
	u32 lead;		/* votes that rip has more than all others; 0: none, or an older tracer */
};

/* Reads a site without rip and code, which site_detail() adds.  Returns false after the last. */
bool site_read(u32 vcpu, u32 position, struct site *site);
void site_detail(u32 vcpu, u32 position, struct site *site);

/* Returns the exits of a slot that found no position, live. */
u64 sites_lost(u32 vcpu, u32 slot);

/* Returns the initial APIC ID of a vCPU. */
u32 vcpu_apic_id(u32 vcpu);

/* Returns the vendor's exit reason of a slot. */
u32 slot_code(u32 slot);

#endif
