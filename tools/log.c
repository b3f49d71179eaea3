// SPDX-License-Identifier: GPL-2.0-only
/*
 * The only reader of logs.  A serial line carries whatever firmware, boot
 * loader and kernels print on it, so a record is what its checksum proves to
 * be one, wherever in a line it stands; all else is skipped.
 */
#include <errno.h>
#include <error.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "decode.h"

#define MAX_STARTS	16	/* places in a line that are tried as a record's */

unsigned int log_crc16(unsigned int crc, const void *bytes, size_t len)
{
	const unsigned char *byte = bytes;
	int bit;

	while (len--) {
		crc ^= *byte++ << 8;
		for (bit = 0; bit < 8; bit++)
			crc = crc & 0x8000 ? crc << 1 ^ 0x1021 : crc << 1;
		crc &= 0xffff;
	}
	return crc;
}

void *list_append(struct list *list, const void *item, size_t size)
{
	size_t nr = list->nr;
	void *items = list->items;

	/* Full whenever the number is a power of two. */
	if (!(nr & (nr - 1))) {
		items = reallocarray(items, nr ? nr * 2 : 1, size);
		if (!items)
			error(3, errno, "log");
		list->items = items;
	}
	list->nr++;
	return memcpy((char *)items + nr * size, item, size);
}

void log_defect(struct run *run, unsigned long line, const char *format, ...)
{
	struct log_defect defect = { .line = line };
	va_list args;

	if (run->nr_defects++ >= LOG_MAX_DEFECTS)
		return;
	va_start(args, format);
	vsnprintf(defect.text, sizeof(defect.text), format, args);
	va_end(args);
	list_append(&run->defects, &defect, sizeof(defect));
}

static struct run *last_run(struct log *log)
{
	return log->runs.nr ? (struct run *)log->runs.items + log->runs.nr - 1
			    : NULL;
}

/* Two runs of one name can't be told apart later: name the second NAME#2. */
static void name_run(struct log *log, struct run *new, const char *name)
{
	unsigned int same = 1;
	struct run *run;
	size_t len;

	len = snprintf(new->name, sizeof(new->name), "%s", name);
	if (len > sizeof(new->name) - 5)
		len = sizeof(new->name) - 5;
	for_each(run, &log->runs)
		if (!strncmp(run->name, name, len) &&
		    (!run->name[len] || run->name[len] == '#'))
			same++;
	if (len && same > 1)
		snprintf(new->name + len, sizeof(new->name) - len, "#%u", same);
}

static struct run *open_run(struct log *log, const char *name,
			    unsigned long line)
{
	struct run new = { .first_line = line, .last_line = line };
	struct run *last = last_run(log);

	if (log->runs.nr >= LOG_MAX_RUNS) {
		log_defect(last, line, "more than %u runs: the rest is taken for a part of this one",
			   LOG_MAX_RUNS);
		return last;
	}
	name_run(log, &new, name);
	return list_append(&log->runs, &new, sizeof(new));
}

static struct run *need_run(struct log *log, unsigned long line)
{
	return log->runs.nr ? last_run(log) : open_run(log, "", line);
}

/* A line with a bad checksum took a number, too: that's one defect, not two. */
static void check_sequence(struct run *run, unsigned long line, __u64 seq)
{
	__u64 gap = seq - run->next_seq;

	if (seq < run->next_seq)
		log_defect(run, line, "sequence: %llu after %llu", seq,
			   run->next_seq - 1);
	else if (gap > run->bad_lines)
		log_defect(run, line, "sequence: %llu where %llu is due: %llu missing",
			   seq, run->next_seq, gap);
	run->next_seq = seq + 1;
	run->bad_lines = 0;
}

/* Take the text of a record whose checksum is right: "bx SEQ TAG ...". */
static void take_record(struct log *log, unsigned long line, char *text)
{
	struct run *run = need_run(log, line);
	char *tag = text + 3 + strcspn(text + 3, " ");
	bool hello;
	__u64 seq;

	if (*tag)
		*tag++ = '\0';
	if (!decode_number(text + 3, LOG_SERIAL, &seq) || !*tag) {
		log_defect(run, line, "no SEQ and TAG: %s", text);
		return;
	}
	hello = !strncmp(tag, "hello", 5) && (!tag[5] || tag[5] == ' ');
	if (hello && !seq && run->records)
		run = open_run(log, run->name, line);
	run->last_line = line;
	check_sequence(run, line, seq);
	if (run->end.line)
		log_defect(run, line, "a record after the end in line %lu",
			   run->end.line);
	if (!run->records++)
		run->other_first = !hello;
	decode_record(log, run, line, tag);
	if (run->end.line == line)
		run->end_seq = seq;
}

/*
 * Look for " *CRC" whose checksum is right for @text.  Returns the length of
 * the record without it, 0 if there is none.  *@got, *@want: of the last one.
 */
static size_t find_checksum(const char *text, size_t len, unsigned int *got,
			    unsigned int *want)
{
	unsigned int crc = 0;
	char *end, hex[5];
	size_t i;

	for (i = 0; i + 6 <= len; i++) {
		if (text[i] == ' ' && text[i + 1] == '*') {
			memcpy(hex, text + i + 2, 4);
			hex[4] = '\0';
			if (strspn(hex, "0123456789abcdef") == 4) {
				*got = strtoul(hex, &end, 16);
				*want = crc;
				if (*got == crc)
					return i;
			}
		}
		crc = log_crc16(crc, text + i, 1);
	}
	return 0;
}

static bool printable(const char *text, size_t len)
{
	while (len--) {
		if (*text < ' ' || *text > '~')
			return false;
		text++;
	}
	return true;
}

static void bad_record(struct log *log, unsigned long line, unsigned int got,
		       unsigned int want)
{
	struct run *run = need_run(log, line);

	run->bad_lines++;
	run->last_line = line;
	if (got > 0xffff)
		log_defect(run, line, "CRC: the record has none");
	else
		log_defect(run, line, "CRC: the record says %04x, its bytes give %04x",
			   got, want);
}

/*
 * Find the records of a line.  The line should be one record, or none; but
 * text of others may stand before it and behind it, and its line's end be lost.
 */
static void take_serial(struct log *log, unsigned long line, char *text,
			size_t len)
{
	char *next = text, *start, *last = text + len;
	unsigned int starts, got, want;
	size_t size;

	for (starts = 0; starts < MAX_STARTS; starts++) {
		start = memmem(next, last - next, "bx ", 3);
		if (!start)
			return;
		got = 0x10000;
		want = 0;
		size = find_checksum(start, last - start, &got, &want);
		next = start + 3;
		if (!size) {
			if (start == text)
				bad_record(log, line, got, want);
			continue;
		}
		next = start + size + 6;
		if (printable(start, size)) {
			start[size] = '\0';
			take_record(log, line, start);
		} else {
			bad_record(log, line, got, want);
		}
	}
}

/* Of the host's log only these lines matter; others are for people. */
static void take_host(struct log *log, unsigned long line, char *text)
{
	if (!strncmp(text, "run name=", 9)) {
		text[9 + strcspn(text + 9, " ")] = '\0';
		open_run(log, text + 9, line);
	} else if (!strncmp(text, "host sync=", 10) ||
		   !strncmp(text, "vcpu sync=", 10) ||
		   !strncmp(text, "hist sync=", 10)) {
		decode_record(log, need_run(log, line), line, text);
	}
}

/* @text is as long as @len says, and a NUL follows it. */
static void take_line(struct log *log, unsigned long line, char *text,
		      size_t len)
{
	while (len && text[len - 1] == '\r')
		text[--len] = '\0';
	if (!strncmp(text, "# run ", 6) && len > 6 && printable(text, len))
		open_run(log, text + 6, line);
	else if (log->kind == LOG_SERIAL)
		take_serial(log, line, text, len);
	else if (printable(text, len))
		take_host(log, line, text);
}

int log_read(FILE *file, enum log_kind kind, struct log *log)
{
	char text[LOG_MAX_LINE + 1];
	unsigned long line = 1;
	size_t len = 0;
	int c;

	*log = (struct log){ .kind = kind };
	while ((c = getc_unlocked(file)) != EOF) {
		if (c != '\n') {
			if (len < LOG_MAX_LINE)
				text[len++] = c;
			continue;
		}
		text[len] = '\0';
		take_line(log, line++, text, len);
		len = 0;
	}
	if (ferror(file))
		return errno;
	text[len] = '\0';
	take_line(log, line, text, len);
	return 0;
}

void log_free(struct log *log)
{
	struct run *run;

	for_each(run, &log->runs) {
		free(run->usages.items);
		free(run->phases.items);
		free(run->reasons.items);
		free(run->parts.items);
		free(run->heads.items);
		free(run->samples.items);
		free(run->syncs.items);
		free(run->selftests.items);
		free(run->fuzzes.items);
		free(run->benches.items);
		free(run->hosts.items);
		free(run->host_vcpus.items);
		free(run->hists.items);
		free(run->defects.items);
	}
	free(log->runs.items);
	*log = (struct log){ 0 };
}
