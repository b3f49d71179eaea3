// SPDX-License-Identifier: GPL-2.0-only
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tools/trace/decode.h"
#include "tools/trace/samples.h"

/* Add a number to @sum and move past it.  Returns false if there is none, or on overflow. */
static bool add_number(const char **text, __u64 *sum)
{
	__u64 number;
	char *end;

	if (!isdigit((unsigned char)**text))
		return false;
	errno = 0;
	number = strtoull(*text, &end, 10);
	*text = end;
	return !errno && !__builtin_add_overflow(*sum, number, sum);
}

bool samples_next(const char **text, struct log_sample *sample)
{
	if (!add_number(text, &sample->tsc) || *(*text)++ != ':' ||
	    !add_number(text, &sample->others))
		return false;
	if (!**text)
		return true;
	return *(*text)++ == ',' && **text;
}

static size_t count_pairs(const char *text)
{
	size_t nr = 1;

	for (; *text; text++)
		nr += *text == ',';
	return nr;
}

static bool keep(struct log *log, struct run *run, struct log_samples *record,
		 const struct log_sample *sample)
{
	if (log->nr_samples >= LOG_MAX_SAMPLES) {
		log_defect(run, record->line, "samples: %zu of %zu not kept: the log has more than %u",
			   record->said - record->nr, record->said,
			   LOG_MAX_SAMPLES);
		return false;
	}
	log->nr_samples++;
	record->nr++;
	list_append(&run->samples, sample, sizeof(*sample));
	return true;
}

/* Take a trace's samples, [TSC, OTHERS] each, which are no differences. */
static void take_array(struct log *log, struct run *run, struct log_samples *record)
{
	struct log_sample sample;
	json_t *pair, *tsc, *others;
	size_t i;

	record->said = json_array_size(record->pairs);
	json_array_foreach((json_t *)record->pairs, i, pair) {
		tsc = json_array_get(pair, 0);
		others = json_array_get(pair, 1);
		if (!decode_json(tsc, &sample.tsc) || !decode_json(others, &sample.others)) {
			log_defect(run, record->line, "samples: pair %zu is malformed, the rest is lost",
				   i);
			return;
		}
		if (!keep(log, run, record, &sample))
			return;
	}
}

void samples_take(struct log *log, struct run *run, struct log_samples *record)
{
	struct log_sample sample = { record->tsc, record->others };
	const char *text = record->d ? record->d : "", *pair;

	record->first = run->samples.nr;
	if (record->pairs) {
		take_array(log, run, record);
		record->pairs = NULL;
		return;
	}
	record->said = 1 + (record->d ? count_pairs(record->d) : 0);
	if (record->d && !*text)
		log_defect(run, record->line, "samples: d is empty");
	while (keep(log, run, record, &sample) && *text) {
		pair = text;
		if (samples_next(&text, &sample))
			continue;
		log_defect(run, record->line, "samples: d is malformed after %zu pairs, the rest is lost: %.60s",
			   record->nr - 1, pair);
		break;
	}
	record->d = NULL;
}

__u64 samples_said(const struct run *run)
{
	const struct log_samples *head;
	__u64 said = 0;

	for_each(head, &run->heads)
		said += head->said;
	return said;
}

const struct log_sample *samples_last(const struct run *run)
{
	const struct log_sample *samples = run->samples.items;

	return run->samples.nr ? &samples[run->samples.nr - 1] : NULL;
}

/* Check a record by the one before.  Add at most one defect of each kind. */
static void check_head(struct run *run, const struct log_samples *head,
		       const struct log_samples *last)
{
	__u64 due = last ? last->n + last->said : 0;

	if (head->n != due)
		log_defect(run, head->line, "samples: n is %llu, but must be %llu",
			   head->n, due);
	if (last && head->own < last->own)
		log_defect(run, head->line, "samples: own is %llu, but %llu in line %lu",
			   head->own, last->own, last->line);
	if (run->observed.line && head->gap > run->observed.gap)
		log_defect(run, head->line, "samples: gap is %llu, but the longest one is %llu",
			   head->gap, run->observed.gap);
}

static void check_order(struct run *run, const struct log_samples *head)
{
	const struct log_sample *sample = run->samples.items;
	size_t i;

	for (i = head->first; i < head->first + head->nr; i++) {
		if (!i)
			continue;
		if (sample[i].tsc <= sample[i - 1].tsc) {
			log_defect(run, head->line, "samples: tsc %llu after %llu",
				   sample[i].tsc, sample[i - 1].tsc);
			return;
		}
		if (sample[i].others < sample[i - 1].others) {
			log_defect(run, head->line, "samples: others %llu after %llu",
				   sample[i].others, sample[i - 1].others);
			return;
		}
	}
}

static void check_observed(struct run *run)
{
	const struct log_observed *observed = &run->observed;
	__u64 said = samples_said(run);

	if (!observed->line) {
		if (run->observer.line && !strcmp(run->verdict.result, "pass"))
			log_defect(run, run->last_line, "no observed record");
		return;
	}
	if (observed->kept != said)
		log_defect(run, observed->line, "observed: %llu samples kept, but the records have %llu",
			   observed->kept, said);
	if (observed->polls < observed->kept)
		log_defect(run, observed->line, "observed: %llu samples kept, but only %llu polls",
			   observed->kept, observed->polls);
}

void samples_check(struct run *run)
{
	const struct log_samples *head, *last = NULL;

	if (run->heads.nr && !run->observer.line) {
		head = run->heads.items;
		log_defect(run, head->line, "samples: there is no observer");
	}
	for_each(head, &run->heads) {
		check_head(run, head, last);
		check_order(run, head);
		last = head;
	}
	check_observed(run);
}
