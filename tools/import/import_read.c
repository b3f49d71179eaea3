// SPDX-License-Identifier: GPL-2.0-only
/* Reads the lines of a recording, and tells whose events they are. */
#include <string.h>

#include "tools/import/import.h"
#include "tools/trace/log.h"

/* Read a line.  The rest of a line that is too long is skipped.  Returns false at the end. */
static bool read_line(FILE *file, char line[LOG_MAX_LINE], bool *whole)
{
	size_t len;
	int c;

	if (!fgets(line, LOG_MAX_LINE, file))
		return false;
	len = strlen(line);
	*whole = len && line[len - 1] == '\n';
	if (len == LOG_MAX_LINE - 1 && !*whole) {
		while ((c = getc(file)) != EOF && c != '\n')
			;
		*whole = c == '\n';
	}
	return true;
}

void import_each(struct import *import, void (*take)(struct import *import, const struct import_event *event))
{
	struct import_event event;
	struct import_file *file;
	char line[LOG_MAX_LINE];
	off_t begin;
	bool whole;

	import->last = 0;
	for_each(file, &import->files) {
		begin = ftello(file->text);
		while (read_line(file->text, line, &whole)) {
			if (!whole)
				file->cut = "it ends within a line";
			import_line(line, &event);
			if (whole && event.kind != IMPORT_TEXT)
				take(import, &event);
		}
		fseeko(file->text, begin, SEEK_SET);
	}
}

bool import_wanted(const struct import *import, __u32 pid, __u32 tid)
{
	const __u32 *wanted;

	for_each(wanted, &import->pids)
		if (*wanted == (pid ? pid : tid))
			return true;
	return !import->pids.nr;
}

struct import_thread *import_thread(struct import *import, const struct import_event *event, bool add)
{
	struct import_thread thread = {
		.tid = event->tid, .pid = event->pid, .vcpu = IMPORT_NO_VCPU,
	}, *found;

	if (!event->tid)
		return NULL;
	for_each(found, &import->threads)
		if (found->tid == event->tid && found->pid == event->pid)
			return found;
	if (!add || import->threads.nr == IMPORT_THREADS)
		return NULL;
	memcpy(thread.comm, event->comm, sizeof(thread.comm));
	return list_append(&import->threads, &thread, sizeof(thread));
}
