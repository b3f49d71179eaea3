// SPDX-License-Identifier: GPL-2.0-only
/* The phase log: adds a mark to it, and prints it. */
#include <errno.h>
#include <error.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "payload/lib/call.h"
#include "payload/exitstat/exitstat.h"
#include "payload/lib/phase_log.h"
#include "payload/lib/names.h"
#include "payload/lib/serial.h"
#include "payload/exitstat/stat_json.h"

#define MAX_PHASE	0xff

/* Returns the number of a phase.  If there is no such phase, ends the program. */
static u32 phase_of(const char *word)
{
	unsigned long phase;
	char *end;

	for (phase = 0; phase < KVM_EXIT_TRACE_PHASE_CUSTOM; phase++)
		if (!strcasecmp(word, name_of_phase(phase)) && strcasecmp(word, "unknown"))
			return phase;
	phase = strtoul(word, &end, 0);
	if (end == word || *end || *word == '-' || phase > MAX_PHASE)
		error(STATUS_USAGE, 0, "unknown phase `%s': use a name, or a number to 0xff", word);
	return phase;
}

/*
 * Asks bootexits-init's watcher to make that mark, if it still waits.  It has ports, so it can
 * pause the VM.  Returns whether it has answered.  An older watcher does not: it only looks for
 * a mark that we made.
 */
static bool ask_watcher(u8 phase, struct call_answer *answer)
{
	static const struct sockaddr_un address = { AF_UNIX, CALL_NAME }, mine = { AF_UNIX, "" };
	static const struct timeval limit = { .tv_sec = 2 };
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	bool answered;

	if (fd < 0)
		return false;
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	answered = !bind(fd, (const struct sockaddr *)&mine, sizeof(sa_family_t)) &&
		   !connect(fd, (const struct sockaddr *)&address, CALL_ADDRESS_BYTES) &&
		   send(fd, &phase, sizeof(phase), MSG_DONTWAIT) == sizeof(phase) &&
		   recv(fd, answer, sizeof(*answer), 0) == sizeof(*answer);
	close(fd);
	return answered;
}

static struct call_answer mark_ourselves(u32 phase)
{
	struct regs r = leaf_read(KVM_EXIT_TRACE_LEAF_MARK, phase);

	return (struct call_answer){ leaf_undefined(&r) ? MARK_DROPPED : r.eax,
				     u64_join(r.ebx, r.ecx) };
}

int mark_main(const struct options *options)
{
	u32 phase = phase_of(options->words[0]);
	struct call_answer mark;

	if (phase != KVM_EXIT_TRACE_PHASE_USERSPACE || !ask_watcher(phase, &mark))
		mark = mark_ourselves(phase);
	if (mark.entry == MARK_DROPPED)
		error(STATUS_FAIL, 0,
		      "the phase log is full: the mark was dropped, and counted as dropped");
	if (options->json)
		json_show(json_pack("{s:i, s:i, s:s, s:o}", "entry", mark.entry, "id", phase,
				    "name", name_of_phase(phase), "total", u64_json(mark.total)));
	else
		printf("entry %u: %s (0x%02x) ended at %llu exits\n", mark.entry,
		       name_of_phase(phase), phase, (unsigned long long)mark.total);
	return STATUS_OK;
}

void serial_write(const char *bytes, u32 count)
{
	fwrite(bytes, 1, count, stdout);
}

int log_main(const struct options *options)
{
	(void)options;
	return log_print("exitstat", NULL) == VERDICT_PASS ? STATUS_OK : STATUS_FAIL;
}
