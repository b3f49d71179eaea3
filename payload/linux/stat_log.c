// SPDX-License-Identifier: GPL-2.0-only
/* The phase log: to add a mark to it, and to print it. */
#include <errno.h>
#include <error.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "call.h"
#include "exitstat.h"
#include "log.h"
#include "names.h"
#include "serial.h"
#include "stat_json.h"

#define MAX_PHASE	0xff

/* Ends the program if there is no such phase. */
static u32 phase_of(const char *word)
{
	unsigned long phase;
	char *end;

	for (phase = 0; phase < KVM_EXIT_TRACE_PHASE_CUSTOM; phase++)
		if (!strcasecmp(word, name_of_phase(phase)) && strcasecmp(word, "unknown"))
			return phase;
	phase = strtoul(word, &end, 0);
	if (end == word || *end || *word == '-' || phase > MAX_PHASE)
		error(STATUS_USAGE, 0, "no phase `%s': a name, or a number to 0xff", word);
	return phase;
}

/* bootexits-init's watcher, if it still waits, looks at the log then. */
static void call_watcher(void)
{
	static const struct sockaddr_un address = { AF_UNIX, CALL_NAME };
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return;
	sendto(fd, "", 1, MSG_DONTWAIT, (const struct sockaddr *)&address, CALL_ADDRESS_BYTES);
	close(fd);
}

int mark_main(const struct options *options)
{
	u32 phase = phase_of(options->words[0]);
	struct regs r = leaf_read(KVM_EXIT_TRACE_LEAF_MARK, phase);
	u64 total = u64_join(r.ebx, r.ecx);

	if (leaf_undefined(&r))
		error(STATUS_FAIL, 0, "the phase log is full: nothing was marked, the drop is counted");
	call_watcher();
	if (options->json)
		json_show(json_pack("{s:i, s:i, s:s, s:o}", "entry", r.eax, "id", phase,
				    "name", name_of_phase(phase), "total", u64_json(total)));
	else
		printf("entry %u: %s (0x%02x) ended at %llu exits\n", r.eax,
		       name_of_phase(phase), phase, (unsigned long long)total);
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
