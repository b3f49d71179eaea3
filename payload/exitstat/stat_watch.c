// SPDX-License-Identifier: GPL-2.0-only
/* Prints a line each interval. */
#include <errno.h>
#include <signal.h>
#include <time.h>

#include "payload/exitstat/exitstat.h"
#include "lib/table.h"

#define TOP		3
#define NSEC_PER_SEC	1000000000L

static volatile sig_atomic_t interrupted;

static void interrupt(int number)
{
	(void)number;
	interrupted = 1;
}

static void add_seconds(struct timespec *time, double seconds)
{
	time_t whole = seconds;

	time->tv_sec += whole;
	time->tv_nsec += (seconds - whole) * NSEC_PER_SEC;
	if (time->tv_nsec >= NSEC_PER_SEC) {
		time->tv_nsec -= NSEC_PER_SEC;
		time->tv_sec++;
	}
}

static double seconds_between(const struct timespec *from, const struct timespec *to)
{
	return to->tv_sec - from->tv_sec + (double)(to->tv_nsec - from->tv_nsec) / NSEC_PER_SEC;
}

/* Leaves out our own exits, because each line causes some. */
static void print_top(struct snapshot *during)
{
	char text[GROUPED];
	u8 slots[KVM_EXIT_TRACE_NR_SLOTS];
	u32 cpuid = snapshot_cpuid_slot();
	unsigned int nr;

	during->slot[cpuid].count = snapshot_net(during, cpuid);
	nr = slots_sorted(during, slots);
	for (unsigned int i = 0; i < nr && i < TOP; i++)
		printf("  %s %s", snapshot_slot_name(slots[i]),
		       grouped(text, during->slot[slots[i]].count));
	putchar('\n');
}

static void print_line(struct snapshot *during, double elapsed, double interval)
{
	char text[GROUPED];
	u64 exits = snapshot_net(during, KVM_EXIT_TRACE_SLOT_SUM);

	printf("%10.3f  %12s", elapsed, grouped(text, exits));
	printf("  %12s", grouped(text, exits / interval + 0.5));
	print_top(during);
	fflush(stdout);
}

/* Returns true when that time has come, false after an interrupt. */
static bool sleep_until(const struct timespec *time)
{
	while (!interrupted)
		if (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, time, NULL) != EINTR)
			return !interrupted;
	return false;
}

int watch_main(const struct options *options)
{
	struct sigaction action = { .sa_handler = interrupt };
	struct timespec start, before, now, next;
	struct snapshot from, to, during;

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	printf("%10s  %12s  %12s  most frequent, without exitstat's own\n",
	       "seconds", "exits", "exits/s");
	fflush(stdout);
	clock_gettime(CLOCK_MONOTONIC, &start);
	snapshot_must(&from);
	before = start;
	next = start;
	for (unsigned long line = 0; !options->count || line < options->count; line++) {
		add_seconds(&next, options->interval);
		if (!sleep_until(&next))
			break;
		snapshot_must(&to);
		clock_gettime(CLOCK_MONOTONIC, &now);
		snapshot_subtract(&during, &from, &to);
		print_line(&during, seconds_between(&start, &now), seconds_between(&before, &now));
		from = to;
		before = now;
	}
	return STATUS_OK;
}
