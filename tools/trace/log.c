// SPDX-License-Identifier: GPL-2.0-only
/*
 * The only reader of logs and traces.  Each record goes through decode.c into the
 * run that it belongs to.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "tools/trace/decode.h"
#include "tools/trace/scan.h"

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

struct run *log_last_run(const struct list *runs)
{
	return runs->nr ? (struct run *)runs->items + runs->nr - 1 : NULL;
}

bool log_has_records(const struct list *runs)
{
	const struct run *run;

	for_each(run, runs)
		if (run->records)
			return true;
	return false;
}

/* Two runs with the same name could not be told apart, so the second becomes NAME#2. */
static void name_run(const struct list *runs, struct run *new, const char *name)
{
	unsigned int same = 1;
	struct run *run;
	size_t len;

	len = snprintf(new->name, sizeof(new->name), "%s", name);
	if (len > sizeof(new->name) - 5)
		len = sizeof(new->name) - 5;
	for_each(run, runs)
		if (!strncmp(run->name, name, len) &&
		    (!run->name[len] || run->name[len] == '#'))
			same++;
	if (len && same > 1)
		snprintf(new->name + len, sizeof(new->name) - len, "#%u", same);
}

static struct run *open_run(struct list *runs, const char *name,
			    unsigned long line)
{
	struct run new = { .first_line = line, .last_line = line };
	struct run *last = log_last_run(runs);

	if (runs->nr >= LOG_MAX_RUNS) {
		log_defect(last, line, "more than %u runs: the rest is read as a part of this one",
			   LOG_MAX_RUNS);
		return last;
	}
	name_run(runs, &new, name);
	return list_append(runs, &new, sizeof(new));
}

static struct run *need_run(struct list *runs, unsigned long line)
{
	return runs->nr ? log_last_run(runs) : open_run(runs, "", line);
}

/* A line with a bad checksum has used a number, too.  That is one defect, not two. */
static void check_sequence(struct run *run, unsigned long line, __u64 seq)
{
	__u64 missing = seq - run->next_seq;
	struct log_gap gap = { line, missing };

	if (seq < run->next_seq) {
		log_defect(run, line, "sequence: %llu after %llu", seq,
			   run->next_seq - 1);
		run->mixed = true;
	} else if (missing > run->bad_lines) {
		log_defect(run, line, run->records ? "sequence: it is %llu, but must be %llu: %llu missing" :
			   "sequence: the first record is %llu, not %llu: the beginning is missing, %llu records",
			   seq, run->next_seq, missing);
	}
	if (seq > run->next_seq && run->gaps.nr < LOG_MAX_DEFECTS)
		list_append(&run->gaps, &gap, sizeof(gap));
	else if (seq > run->next_seq)	/* the last gap stands for all later ones */
		((struct log_gap *)run->gaps.items)[run->gaps.nr - 1].missing += missing;
	run->next_seq = seq + 1;
	run->bad_lines = 0;
}

/* Returns the run of a record.  A hello opens a new run, unless it is the first record. */
static struct run *begin_record(struct log *log, unsigned long line, __u64 seq,
				bool hello)
{
	struct run *run = need_run(&log->runs, line);

	if (hello && !seq && run->records)
		run = open_run(&log->runs, run->name, line);
	run->last_line = line;
	check_sequence(run, line, seq);
	if (run->end.line)
		log_defect(run, line, "a record after the end in line %lu",
			   run->end.line);
	if (!run->records++)
		run->other_first = !hello;
	return run;
}

/* The line of a log that is being read. */
struct taken {
	struct log *log;
	unsigned long line;
};

/* Take a record with a right checksum: "bx SEQ TAG ...". */
static void take_record(void *data, char *text)
{
	const struct taken *taken = data;
	char *tag = text + 3 + strcspn(text + 3, " ");
	struct run *run;
	bool hello;
	__u64 seq;

	if (*tag)
		*tag++ = '\0';
	if (!decode_number(text + 3, LOG_SERIAL, &seq) || !*tag) {
		log_defect(need_run(&taken->log->runs, taken->line), taken->line,
			   "no SEQ and TAG: %s", text);
		return;
	}
	hello = !strncmp(tag, "hello", 5) && (!tag[5] || tag[5] == ' ');
	run = begin_record(taken->log, taken->line, seq, hello);
	decode_record(taken->log, run, LOG_SERIAL, taken->line, tag);
	if (run->end.line == taken->line)
		run->end_seq = seq;
}

static void bad_record(void *data, unsigned int got, unsigned int want)
{
	const struct taken *taken = data;
	struct run *run = need_run(&taken->log->runs, taken->line);
	char why[SCAN_COMPLAINT];

	run->bad_lines++;
	run->last_line = taken->line;
	scan_complaint(why, got, want);
	log_defect(run, taken->line, "%s", why);
}

bool log_host_line(const char *text)
{
	static const char *const begins[] = {
		"run name=", "host sync=", "vcpu sync=", "hist sync=", "induced sync=",
		"bench name=",
	};
	size_t i;

	for (i = 0; i < sizeof(begins) / sizeof(begins[0]); i++)
		if (!strncmp(text, begins[i], strlen(begins[i])))
			return true;
	return false;
}

static void take_host(struct log *log, unsigned long line, char *text)
{
	if (!strncmp(text, "run name=", 9)) {
		text[9 + strcspn(text + 9, " ")] = '\0';
		open_run(&log->runs, text + 9, line);
	} else if (log_host_line(text)) {
		decode_record(log, need_run(&log->runs, line), LOG_HOST, line,
			      text);
	}
}

static void take_line(struct log *log, unsigned long line, char *text, size_t len)
{
	static const struct scan scan = { .record = take_record, .bad = bad_record };
	struct taken taken = { log, line };

	while (len && text[len - 1] == '\r')
		text[--len] = '\0';
	if (!strncmp(text, "# run ", 6) && len > 6 && scan_printable(text, len))
		open_run(&log->runs, text + 6, line);
	else if (log->kind == LOG_SERIAL)
		scan_line(&scan, &taken, text, len);
	else if (scan_printable(text, len))
		take_host(log, line, text);
}

static const char *text_of(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

/* Take a guest's record, as trace.c writes it. */
static void take_guest_object(struct log *log, unsigned long line,
			      const char *tag, const json_t *object)
{
	bool hello = !strcmp(tag, "hello");
	struct run *run;
	__u64 seq;

	if (!decode_json(json_object_get(object, "seq"), &seq)) {
		log_defect(need_run(&log->runs, line), line, "no seq");
		return;
	}
	run = begin_record(log, line, seq, hello);
	decode_object(log, run, LOG_SERIAL, line, tag, object);
	if (run->end.line == line)
		run->end_seq = seq;
}

static bool host_counts(const char *tag)
{
	return !strcmp(tag, "host") || !strcmp(tag, "vcpu") || !strcmp(tag, "hist") ||
	       !strcmp(tag, "induced") || !strcmp(tag, "bench");
}

/* The first key says what a line is.  An unknown one is skipped. */
void log_take_object(struct log *log, unsigned long line, const json_t *object)
{
	const char *guest = text_of(object, "guest");
	const char *host = text_of(object, "host");
	const char *bad = text_of(object, "bad");
	const char *tag = guest ? guest : host, *name;
	struct list *runs = guest ? &log->runs : &log->host_runs;
	struct run *run;

	if (tag && !strcmp(tag, "run") && !json_object_get(object, "seq")) {
		name = text_of(object, "name");
		if (name && scan_printable(name, strlen(name)))
			open_run(runs, name, line);
	} else if (guest) {
		take_guest_object(log, line, guest, object);
	} else if (host && host_counts(host)) {
		decode_object(log, need_run(runs, line), LOG_HOST, line, host,
			      object);
	} else if (bad) {
		run = need_run(&log->runs, line);
		run->bad_lines++;
		run->last_line = line;
		log_defect(run, line, "%s", scan_printable(bad, strlen(bad)) ? bad : "CRC");
	} else if (json_object_get(object, "end")) {
		log->ended = true;
		name = text_of(object, "why");
		if (name)
			log_defect(need_run(&log->runs, line), line, "trace: truncated: %s",
				   scan_printable(name, strlen(name)) ? name : "");
	}
}

#define FIRST	"{\"trace\":"

/* Take the first line.  If it was cut, the file is a trace all the same. */
static bool take_meta(struct log *log, unsigned long line, json_t *object, bool cut)
{
	const json_t *format = json_object_get(object, "trace");

	if (!json_is_integer(format)) {
		json_decref(object);
		if (!cut)
			return false;
		log->meta = json_object();
		log_defect(need_run(&log->runs, line), line, "trace: no metadata");
		return true;
	}
	log->meta = object;
	if (json_integer_value(format) != LOG_TRACE)
		log_defect(need_run(&log->runs, line), line,
			   "trace: its format is %lld, but this tool reads %u",
			   json_integer_value(format), LOG_TRACE);
	return true;
}

/* Take a line of a trace.  Returns false if the first line shows that it isn't a trace. */
static bool take_json(struct log *log, unsigned long line, const char *text,
		      size_t len, bool whole)
{
	json_t *object = json_loadb(text, len, JSON_ALLOW_NUL, NULL);

	if (!log->meta)
		return take_meta(log, line, object, !strncmp(text, FIRST, strlen(FIRST)));
	if (json_is_object(object))
		log_take_object(log, line, object);
	else if (whole)		/* in a trace that was cut, the last line may not be JSON */
		log_defect(need_run(&log->runs, line), line, "trace: not a JSON object");
	json_decref(object);
	return true;
}

/* @text is a line, or if the line is too long, its beginning. */
static void take_any(struct log *log, unsigned long line, char *text, size_t len,
		     bool whole)
{
	if ((log->meta || (line == 1 && *text == '{')) &&
	    take_json(log, line, text, len, whole))
		return;
	if (len > LOG_MAX_LINE)
		len = LOG_MAX_LINE;
	text[len] = '\0';
	take_line(log, line, text, len);
}

static void free_run(struct run *run)
{
	free(run->usages.items);
	free(run->phases.items);
	free(run->reasons.items);
	free(run->parts.items);
	free(run->times.items);
	free(run->latencies.items);
	free(run->sites.items);
	free(run->losts.items);
	free(run->unseen.items);
	free(run->heads.items);
	free(run->samples.items);
	free(run->syncs.items);
	free(run->selftests.items);
	free(run->fuzzes.items);
	free(run->benches.items);
	free(run->hosts.items);
	free(run->host_vcpus.items);
	free(run->hists.items);
	free(run->induced.items);
	free(run->gaps.items);
	free(run->defects.items);
}

static void free_runs(struct list *runs)
{
	struct run *run;

	for_each(run, runs)
		free_run(run);
	free(runs->items);
}

/*
 * Whether a run is the payload's part of a boot without an observer, and all is well.  The payload
 * says which Linux it boots.  With the option host-only it prints neither a host nor a skip record.
 */
static bool hands_over(const struct run *run)
{
	return (run->booted.line || !(run->tracer.line || run->skip.line)) && !run->phases.nr && !run->nr_defects &&
	       run->end.line && run->end.records == run->records;
}

/*
 * Without an observer, the payload's records and those of bootexits-init, or of bootexits-bpf, come
 * on two lines.  If both are here, they are one boot.  The latter's records have its counts.
 */
static void join_halves(struct log *log)
{
	struct run *runs = log->runs.items, *boot;
	size_t payload;

	if (log->runs.nr != 2)
		return;
	payload = hands_over(&runs[0]) ? 0 : 1;
	boot = &runs[!payload];
	if (!hands_over(&runs[payload]) ||
	    (strcmp(boot->hello.start, "init") && strcmp(boot->hello.start, "bpf")) ||
	    strcmp(boot->name, runs[payload].name))
		return;
	boot->booted = runs[payload].booted;
	boot->hello = runs[payload].hello;
	boot->unobserved = true;
	free_run(&runs[payload]);
	runs[0] = *boot;
	log->runs.nr = 1;
}

int log_read(FILE *file, enum log_kind kind, struct log *log)
{
	char text[LOG_MAX_JSON + 1];
	unsigned long line = 1;
	size_t len = 0;
	int c;

	*log = (struct log){ .kind = kind };
	while ((c = getc_unlocked(file)) != EOF) {
		if (c != '\n') {
			if (len < LOG_MAX_JSON)
				text[len++] = c;
			continue;
		}
		text[len] = '\0';
		take_any(log, line++, text, len, true);
		len = 0;
	}
	if (ferror(file))
		return errno;
	text[len] = '\0';
	log->empty = line == 1 && !len;
	if (len || !log->meta)
		take_any(log, line, text, len, false);
	if (log->meta && !log->ended)
		log_defect(need_run(&log->runs, line), line, "trace: truncated: it has no end line");
	join_halves(log);
	return 0;
}

const char *log_unit(const struct log *log)
{
	const char *unit = json_string_value(json_object_get(log->meta, "unit"));

	return unit && (!strcmp(unit, "instructions") || !strcmp(unit, "ns")) ? unit : "cycles";
}

void log_free(struct log *log)
{
	free_runs(&log->runs);
	free_runs(&log->host_runs);
	json_decref(log->meta);
	*log = (struct log){ 0 };
}
