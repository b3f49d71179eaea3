// SPDX-License-Identifier: GPL-2.0-only
/*
 * One line of a recording's text:
 *
 *   qemu-system-x86  2345/2346 [001]  17.123456789: kvm:kvm_exit: vcpu 0 reason npf rip 0xfff0 ...
 *   qemu-system-x86-2346  [001] d..1.  17.123456: kvm_entry:   vcpu 0, rip 0xfff0
 *
 * perf script writes the first form, trace-cmd report and ftrace write the second.  What follows an
 * event's name comes from the kernel (arch/x86/kvm/trace.h), or from libtraceevent's plugin for KVM.
 */
#include <string.h>

#include "include/kvm_exit_trace.h"

#include "tools/import/import.h"

#define RESET_VECTOR	0xfff0		/* RIP after a reset (SDM vol. 3, "Processor State After Reset") */

static void take_vcpu(const char *text, struct import_event *event)
{
	__u64 vcpu;

	if ((import_number(text, "vcpu ", 10, &vcpu) || import_number(text, "vcpu_id=", 0, &vcpu)) &&
	    vcpu < IMPORT_NO_VCPU)
		event->vcpu = vcpu;
}

/* If libtraceevent can't parse an event's form, it lists the fields instead. */
static void take_exit(const char *text, struct import_event *event)
{
	const char *reason = strstr(text, "reason "), *end;
	__u64 number;
	size_t len;

	take_vcpu(text, event);
	event->kind = IMPORT_EXIT;
	if (!reason) {
		if (import_number(text, "exit_reason=", 0, &number))
			snprintf(event->reason, sizeof(event->reason), "0x%llx", number);
		else
			event->kind = IMPORT_MALFORMED;
		return;
	}
	reason += strlen("reason ");
	end = strstr(reason, " rip ");
	len = end ? (size_t)(end - reason) : strcspn(reason, "\r\n");
	snprintf(event->reason, sizeof(event->reason), "%.*s", (int)len, reason);
	if (!*event->reason)
		event->kind = IMPORT_MALFORMED;
}

static void take_entry(const char *text, struct import_event *event)
{
	__u64 rip;

	take_vcpu(text, event);
	event->kind = event->vcpu == IMPORT_NO_VCPU ? IMPORT_MALFORMED : IMPORT_ENTRY;
	event->reset = (import_number(text, "rip 0x", 16, &rip) || import_number(text, "rip=0x", 16, &rip)) &&
		rip == RESET_VECTOR;
}

/* A byte that is written to the port marks (docs/abi.md, "The port"). */
static void take_pio(const char *text, struct import_event *event)
{
	__u64 port, size, value;

	event->kind = IMPORT_OTHER;
	if (!strstr(text, "pio_write at ") || !import_number(text, " at 0x", 16, &port) ||
	    port != KVM_EXIT_TRACE_PORT)
		return;
	if (!import_number(text, " size ", 10, &size) || !import_number(text, " val 0x", 16, &value)) {
		event->kind = IMPORT_MALFORMED;
	} else if (size == 1) {
		event->kind = IMPORT_MARK;
		event->phase = value & 0xff;
	}
}

static void take_cpuid(const char *text, struct import_event *event)
{
	__u64 leaf, index;

	event->kind = IMPORT_OTHER;
	if (import_number(text, "func ", 16, &leaf) && leaf == KVM_EXIT_TRACE_LEAF_MARK &&
	    import_number(text, "idx ", 16, &index) && index <= 0xff) {
		event->kind = IMPORT_MARK;
		event->phase = index;
	}
}

static const struct {
	const char *name;
	void (*take)(const char *text, struct import_event *event);
} events[] = {
	{ "kvm_exit:", take_exit },
	{ "kvm_entry:", take_entry },
	{ "kvm_pio:", take_pio },
	{ "kvm_cpuid:", take_cpuid },
};

/* Returns the index of an event's name, or -1. */
static int find_event(const char *word, struct import_event *event)
{
	size_t i;

	event->prefixed = !strncmp(word, "kvm:", 4);
	if (event->prefixed)
		word += 4;
	for (i = 0; i < sizeof(events) / sizeof(events[0]); i++)
		if (!strcmp(word, events[i].name))
			return i;
	return -1;
}

/* What perf, trace-cmd and ftrace write if they had no room. */
static void take_loss(const char *line, struct import_event *event)
{
	static const char buffer[] = "# entries-in-buffer/entries-written: ";
	__u64 kept, written;
	char key[32];

	if (!strncmp(line, "# tracer:", 9)) {
		event->kind = IMPORT_HEADER;
	} else if (!strncmp(line, buffer, strlen(buffer))) {
		if (!import_number(line, buffer, 10, &kept))
			return;
		snprintf(key, sizeof(key), ": %llu/", kept);
		if (import_number(line, key, 10, &written) && written > kept) {
			event->kind = IMPORT_LOST;
			event->lost = written - kept;
		}
	} else if (strstr(line, "PERF_RECORD_LOST")) {
		event->kind = IMPORT_LOST;
		import_number(line, " lost ", 10, &event->lost);
	} else if (!strncmp(line, "CPU:", 4) && strstr(line, "EVENTS")) {
		event->kind = IMPORT_LOST;
		if (!import_number(line, "[LOST ", 10, &event->lost))
			import_number(line, " [", 10, &event->lost);
	} else if (strstr(line, " events and lost ") || strstr(line, " samples and lost ")) {
		event->kind = IMPORT_LOST;	/* perf counts chunks or a share of the events */
	}
}

/* Cut the next word off, with one blank after it. */
static char *next_word(char **text)
{
	char *word = *text + strspn(*text, " \t");

	*text = word + strcspn(word, " \t\r\n");
	if (**text)
		*(*text)++ = '\0';
	return word;
}

/*
 * An event's name stands after its time.  perf may print the event's period between them.
 * Returns the index of the event, or -1.
 */
static int find(const char *line, struct import_event *event, size_t *head, size_t *rest)
{
	char copy[256], *text = copy, *word;
	int found = -1;

	snprintf(copy, sizeof(copy), "%s", line);
	*head = 0;
	while (found < 0 && *(word = next_word(&text))) {
		if (import_time(word, event))
			*head = word - copy;
		else
			found = find_event(word, event);
	}
	*rest = text - copy;
	return found;
}

void import_line(char *line, struct import_event *event)
{
	size_t head, rest;
	int found;

	*event = (struct import_event){ .kind = IMPORT_TEXT, .vcpu = IMPORT_NO_VCPU };
	found = find(line, event, &head, &rest);
	if (found < 0)
		return take_loss(line, event);
	event->kind = IMPORT_UNTIMED;
	if (!event->digits)
		return;
	events[found].take(line + rest, event);
	line[head] = '\0';
	import_head(line, event);
}
