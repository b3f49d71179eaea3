// SPDX-License-Identifier: GPL-2.0-only
/* The parts of an event's line: numbers, its time, and the thread before it. */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tools/import/import.h"

#define NANOSECONDS	1000000000ULL
#define MAX_DIGITS	9		/* of a second's fraction */
#define MAX_SECONDS	10000000000ULL	/* keeps sums of nanoseconds below 2^64 */

bool import_number(const char *text, const char *key, int base, __u64 *number)
{
	const char *at = strstr(text, key);
	char *end;

	if (!at)
		return false;
	at += strlen(key);
	if (!isxdigit((unsigned char)*at))
		return false;
	errno = 0;
	*number = strtoull(at, &end, base);
	return end > at && !errno;
}

bool import_time(const char *word, struct import_event *event)
{
	__u64 seconds, fraction;
	unsigned int digits;
	char *end;

	if (!isdigit((unsigned char)*word))
		return false;
	seconds = strtoull(word, &end, 10);
	if (*end != '.' || seconds >= MAX_SECONDS || !isdigit((unsigned char)end[1]))
		return false;
	word = end + 1;
	fraction = strtoull(word, &end, 10);
	if (*end != ':' || end[1] || end - word > MAX_DIGITS)
		return false;
	event->digits = digits = end - word;
	for (; digits < MAX_DIGITS; digits++)
		fraction *= 10;
	event->time = seconds * NANOSECONDS + fraction;
	return true;
}

/* Read a thread's or a process's number, which ends with @after.  0 is the idle task, or none. */
static bool read_id(const char *text, char after, __u32 *id, const char **rest)
{
	__u64 number;
	char *end;

	if (!isdigit((unsigned char)*text))
		return false;
	errno = 0;
	number = strtoull(text, &end, 10);
	if (errno || *end != after || number > 0x7fffffff)
		return false;
	*id = number;
	if (rest)
		*rest = end + 1;
	return true;
}

static void trim(char *text)
{
	size_t len = strlen(text);

	while (len && isspace((unsigned char)text[len - 1]))
		text[--len] = '\0';
}

/* Cut "[CPU]" off, with the flags behind it. */
static void cut_cpu(char *head)
{
	char *at = head, *found = NULL;

	while ((at = strstr(at, " ["))) {
		at++;
		if (at[1 + strspn(at + 1, "0123456789")] == ']' && at[1] != ']')
			found = at;
	}
	if (found)
		*found = '\0';
	trim(head);
}

/* Cut ftrace's "(PROCESS)" off. */
static void cut_process(char *head, struct import_event *event)
{
	size_t len = strlen(head);
	char *open = strrchr(head, '(');

	if (!len || head[len - 1] != ')' || !open)
		return;
	read_id(open + 1 + strspn(open + 1, " "), ')', &event->pid, NULL);
	*open = '\0';
	trim(head);
}

/* The thread is "TID", "PID/TID" or, after its name, "NAME-TID". */
void import_head(char *head, struct import_event *event)
{
	const char *rest;
	char *word, *dash;

	cut_cpu(head);
	cut_process(head, event);
	word = strrchr(head, ' ');
	word = word ? word + 1 : head;
	dash = strrchr(word, '-');
	if (read_id(word, '/', &event->pid, &rest) && read_id(rest, '\0', &event->tid, NULL)) {
		*word = '\0';
	} else if (read_id(word, '\0', &event->tid, NULL)) {
		event->pid = 0;
		*word = '\0';
	} else if (dash && dash > word && read_id(dash + 1, '\0', &event->tid, NULL)) {
		*dash = '\0';
	} else {
		event->pid = event->tid = 0;
	}
	trim(head);
	head += strspn(head, " \t");
	snprintf(event->comm, sizeof(event->comm), "%s", head);
}
