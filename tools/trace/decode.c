// SPDX-License-Identifier: GPL-2.0-only
/*
 * Decodes records: the tag, the pairs of key and value, and the member of a run that
 * takes the record.  If docs/abi.md adds a key, add a line to a table here.
 */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tools/trace/decode.h"
#include "tools/trace/samples.h"
#include "tools/trace/scan.h"

#define ARRAY_SIZE(array)	(sizeof(array) / sizeof((array)[0]))

/* A key of a tag: where its value goes.  If size is 0, the value is a number. */
struct key {
	const char *name;
	size_t offset, size;
	bool required;
};

#define IN_PLACE	((size_t)-1)	/* a special size: only a pointer into the line is kept */

/* A tag: how to decode its record, and which member of a run takes it. */
struct tag {
	const char *name;
	const struct key *keys;
	size_t nr_keys, size, member;
	bool many;
};

#define NEED(type, key)	{ #key, offsetof(struct type, key), 0, true }
#define NUM(type, key)	{ #key, offsetof(struct type, key), 0, false }
#define STR(type, key)	{ #key, offsetof(struct type, key), \
			  sizeof(((struct type *)0)->key), false }
#define STR_NEED(type, key) { #key, offsetof(struct type, key), \
			  sizeof(((struct type *)0)->key), true }

/* A struct counter.  Its exits are needed, and perhaps KVM's clock. */
#define CYCLES(type, member, clock, name, need) \
	{ name, offsetof(struct type, member.cycles[KVM_EXIT_TRACE_CLOCK_##clock]), 0, need }
#define LIST(...)	__VA_ARGS__
#define COUNTER(type, member, exits_name, need_kvm) LIST( \
	{ exits_name, offsetof(struct type, member.exits), 0, true }, \
	CYCLES(type, member, KVM, "kvm", need_kvm), CYCLES(type, member, USER, "user", false), \
	CYCLES(type, member, IDLE, "idle", false), \
	CYCLES(type, member, PREEMPTED, "preempted", false))

static const struct key hello_keys[] = {
	NEED(log_hello, proto), STR(log_hello, version), STR(log_hello, start),
};

static const struct key skip_keys[] = { STR(log_skip, msg) };

static const struct key usage_keys[] = {
	STR(log_usage, option), STR(log_usage, msg),
};

static const struct key tracer_keys[] = {
	NEED(log_tracer, abi_major), NUM(log_tracer, abi_minor),
	STR_NEED(log_tracer, vendor), NUM(log_tracer, features), NUM(log_tracer, vcpus),
	NUM(log_tracer, slots), NUM(log_tracer, epoch),
	NEED(log_tracer, from_start), NUM(log_tracer, incomplete),
	NUM(log_tracer, tsc_khz), NUM(log_tracer, began),
};

static const struct key attached_keys[] = {
	NEED(log_attached, unseen), STR_NEED(log_attached, end), NUM(log_attached, signal),
};

static const struct key unseen_keys[] = {
	NEED(log_unseen, vcpu), NEED(log_unseen, exits),
};

static const struct key restart_keys[] = { NEED(log_restart, began) };

static const struct key phase_keys[] = {
	NEED(log_phase, entry), NEED(log_phase, id), STR(log_phase, name),
	NUM(log_phase, vcpu), NUM(log_phase, tsc), COUNTER(log_phase, all, "total", true),
	NUM(log_phase, in_guest), NUM(log_phase, elapsed), NEED(log_phase, self),
};

static const struct key reason_keys[] = {
	NEED(log_reason, entry), NEED(log_reason, slot), NUM(log_reason, code),
	STR(log_reason, name), COUNTER(log_reason, counter, "count", false),
};

static const struct key part_keys[] = {
	NEED(log_part, entry), NEED(log_part, vcpu), NEED(log_part, slot),
	COUNTER(log_part, counter, "count", false),
};

static const struct key times_keys[] = {
	NEED(log_times, entry), NEED(log_times, vcpu), NEED(log_times, in_guest),
	NEED(log_times, elapsed),
};

static const struct key latency_keys[] = {
	NEED(log_latency, vcpu), NEED(log_latency, slot), NEED(log_latency, count),
	{ "b", offsetof(struct log_latency, b), IN_PLACE, false },
};

static const struct key site_keys[] = {
	NEED(log_site, entry), NEED(log_site, vcpu), NEED(log_site, slot),
	NEED(log_site, code), NEED(log_site, count), NUM(log_site, rip), NUM(log_site, lead),
};

static const struct key lost_keys[] = {
	NEED(log_lost, vcpu), NEED(log_lost, slot), NEED(log_lost, count),
};

static const struct key linux_keys[] = {
	STR(log_linux, version), NUM(log_linux, major), NUM(log_linux, minor),
	NUM(log_linux, kernel), NUM(log_linux, initrd),
};

static const struct key observer_keys[] = {
	NEED(log_observer, vcpu), NUM(log_observer, interval),
};

static const struct key samples_keys[] = {
	NEED(log_samples, n), NEED(log_samples, tsc), NEED(log_samples, others),
	NUM(log_samples, own), NUM(log_samples, gap),
	{ "d", offsetof(struct log_samples, d), IN_PLACE, false },
};

static const struct key observed_keys[] = {
	NEED(log_observed, polls), NEED(log_observed, kept),
	NUM(log_observed, gap),
};

static const struct key sync_keys[] = {
	NEED(log_sync, try), NEED(log_sync, entry), NEED(log_sync, after),
};

static const struct key selftest_keys[] = {
	STR(log_selftest, name), NUM(log_selftest, n),
	NUM(log_selftest, expect), NUM(log_selftest, got),
	NEED(log_selftest, ok),
};

static const struct key fuzz_keys[] = {
	NUM(log_fuzz, n), NEED(log_fuzz, bad), NUM(log_fuzz, seed),
};

static const struct key bench_keys[] = {
	STR_NEED(log_bench, name), NUM(log_bench, n), NEED(log_bench, min),
	NEED(log_bench, median), NUM(log_bench, exits),
};

static const struct key dropped_keys[] = {
	NUM(log_dropped, samples), NUM(log_dropped, marks),
};

static const struct key panic_keys[] = {
	NUM(log_panic, vector), STR(log_panic, name), NUM(log_panic, error),
	NUM(log_panic, eip), NUM(log_panic, cr2),
};

static const struct key verdict_keys[] = { STR_NEED(log_verdict, result) };
static const struct key end_keys[] = { NEED(log_end, records) };

static const struct key host_keys[] = {
	NEED(log_host, sync), NEED(log_host, exits), NUM(log_host, exits_fd),
};

static const struct key host_vcpu_keys[] = {
	NEED(log_host_vcpu, sync), NEED(log_host_vcpu, vcpu),
	NEED(log_host_vcpu, exits), NUM(log_host_vcpu, apart),
};

static const struct key induced_keys[] = {
	NEED(log_induced, sync), NEED(log_induced, entry), NEED(log_induced, exits),
};

static const struct key hist_keys[] = {
	NEED(log_hist, sync), NEED(log_hist, reason), NEED(log_hist, count),
};

#define TAG(name, keys, type, member, many) \
	{ name, keys, ARRAY_SIZE(keys), sizeof(struct type), \
	  offsetof(struct run, member), many }
#define ONE(name, keys, type, member)	TAG(name, keys, type, member, false)
#define MANY(name, keys, type, member)	TAG(name, keys, type, member, true)

static const struct tag serial_tags[] = {
	ONE("hello", hello_keys, log_hello, hello),
	ONE("skip", skip_keys, log_skip, skip),
	MANY("usage", usage_keys, log_usage, usages),
	ONE("host", tracer_keys, log_tracer, tracer),
	ONE("attached", attached_keys, log_attached, attached),
	MANY("unseen", unseen_keys, log_unseen, unseen),
	MANY("phase", phase_keys, log_phase, phases),
	MANY("reason", reason_keys, log_reason, reasons),
	MANY("part", part_keys, log_part, parts),
	MANY("times", times_keys, log_times, times),
	MANY("latency", latency_keys, log_latency, latencies),
	MANY("site", site_keys, log_site, sites),
	MANY("lost", lost_keys, log_lost, losts),
	ONE("linux", linux_keys, log_linux, booted),
	ONE("observer", observer_keys, log_observer, observer),
	MANY("samples", samples_keys, log_samples, heads),
	ONE("observed", observed_keys, log_observed, observed),
	MANY("sync", sync_keys, log_sync, syncs),
	MANY("selftest", selftest_keys, log_selftest, selftests),
	MANY("fuzz", fuzz_keys, log_fuzz, fuzzes),
	MANY("bench", bench_keys, log_bench, benches),
	ONE("restart", restart_keys, log_restart, restart),
	ONE("dropped", dropped_keys, log_dropped, dropped),
	ONE("panic", panic_keys, log_panic, panic),
	ONE("verdict", verdict_keys, log_verdict, verdict),
	ONE("end", end_keys, log_end, end),
};

static const struct tag host_tags[] = {
	MANY("host", host_keys, log_host, hosts),
	MANY("vcpu", host_vcpu_keys, log_host_vcpu, host_vcpus),
	MANY("hist", hist_keys, log_hist, hists),
	MANY("induced", induced_keys, log_induced, induced),
	MANY("bench", bench_keys, log_bench, benches),
};

/* Any record that is being decoded. */
union record {
	unsigned long line;
	struct log_hello hello;
	struct log_skip skip;
	struct log_usage usage;
	struct log_tracer tracer;
	struct log_attached attached;
	struct log_unseen unseen;
	struct log_phase phase;
	struct log_reason reason;
	struct log_part part;
	struct log_times times;
	struct log_latency latency;
	struct log_site site;
	struct log_lost lost;
	struct log_linux booted;
	struct log_observer observer;
	struct log_samples samples;
	struct log_observed observed;
	struct log_sync sync;
	struct log_selftest selftest;
	struct log_fuzz fuzz;
	struct log_bench bench;
	struct log_restart restart;
	struct log_dropped dropped;
	struct log_panic panic;
	struct log_verdict verdict;
	struct log_end end;
	struct log_host host;
	struct log_host_vcpu host_vcpu;
	struct log_hist hist;
	struct log_induced induced;
};

/* Read a decimal number of 64 bits with nothing after it.  A host log's may be hexadecimal. */
bool decode_number(const char *text, enum log_kind kind, __u64 *number)
{
	char *end;

	if (!isdigit((unsigned char)text[0]))
		return false;
	errno = 0;
	*number = strtoull(text, &end, kind == LOG_HOST && text[0] == '0' &&
			   text[1] == 'x' ? 16 : 10);
	return !*end && !errno;
}

bool decode_json(const json_t *value, __u64 *number)
{
	const char *text = json_string_value(value);

	*number = json_integer_value(value);
	if (json_is_integer(value))
		return json_integer_value(value) >= 0;
	return text && decode_number(text, LOG_SERIAL, number);
}

char *decode_pair(char *text, char **key, char **value)
{
	*key = NULL;
	text += strspn(text, " \t");
	if (!*text)
		return NULL;
	*key = text;
	text += strcspn(text, "= ");
	if (*text != '=' || text == *key)
		return NULL;
	*text++ = '\0';
	if (*text == '"') {
		*value = ++text;
		text = strchr(text, '"');
		if (!text || (text[1] && text[1] != ' '))
			return NULL;
	} else {
		*value = text;
		text += strcspn(text, " ");
	}
	if (*text)
		*text++ = '\0';
	return text;
}

static const struct key *find_key(const struct tag *tag, const char *name)
{
	size_t i;

	if (!strcmp(name, LOG_OUTSIDE))
		name = "kvm";
	for (i = 0; i < tag->nr_keys; i++)
		if (!strcmp(tag->keys[i].name, name))
			return &tag->keys[i];
	return NULL;
}

/* A record that is being decoded: the keys that were seen, and what is wrong. */
struct decoding {
	const struct tag *tag;
	enum log_kind kind;
	union record record;
	unsigned int seen;
	char why[LOG_MESSAGE];
};

/* Mark a key as seen.  Returns the place of its value. */
static void *place_of(struct decoding *decoding, const struct key *key)
{
	decoding->seen |= 1U << (key - decoding->tag->keys);
	return (char *)&decoding->record + key->offset;
}

static void take_number(struct decoding *decoding, const struct key *key, __u64 number)
{
	memcpy(place_of(decoding, key), &number, sizeof(number));
}

/* Take a key's value, as a line has it.  Returns false if the value is invalid. */
static bool take_value(struct decoding *decoding, const struct key *key, const char *value)
{
	void *place = place_of(decoding, key);
	__u64 number;

	if (key->size == IN_PLACE) {
		memcpy(place, &value, sizeof(value));
	} else if (key->size) {
		memset(place, 0, key->size);	/* the key may have come before */
		snprintf(place, key->size, "%s", value);
	} else if (decode_number(value, decoding->kind, &number)) {
		memcpy(place, &number, sizeof(number));
	} else {
		snprintf(decoding->why, LOG_MESSAGE, "%s: %s is not a number of 64 bits: %s",
			 decoding->tag->name, key->name, value);
		return false;
	}
	return true;
}

static bool take_pairs(struct decoding *decoding, char *pairs)
{
	const struct key *key;
	char *name, *value;

	while ((pairs = decode_pair(pairs, &name, &value))) {
		key = find_key(decoding->tag, name);
		if (key && !take_value(decoding, key, value))
			return false;
	}
	if (name)
		snprintf(decoding->why, LOG_MESSAGE, "%s: not KEY=VALUE: %s",
			 decoding->tag->name, name);
	return !name;
}

/*
 * The samples of a trace replace three keys of a record: the numbers of the first
 * sample, and the differences that follow.
 */
static bool take_pairs_of_samples(struct decoding *decoding, const json_t *pairs)
{
	const char *const keys[] = { "tsc", "others" };
	const json_t *first = json_array_get(pairs, 0);
	__u64 number;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(keys); i++) {
		if (!decode_json(json_array_get(first, i), &number))
			return false;
		take_number(decoding, find_key(decoding->tag, keys[i]), number);
	}
	decoding->record.samples.pairs = pairs;
	return true;
}

/* Take a number or a printable text.  A value that is kept in place must outlive the decoding. */
static bool take_member(struct decoding *decoding, const char *name, const json_t *value)
{
	const struct key *key = find_key(decoding->tag, name);
	const char *text = json_string_value(value);
	char digits[24];
	__u64 number;

	if (!key)
		return true;
	if (!key->size && decode_json(value, &number)) {
		take_number(decoding, key, number);
		return true;
	}
	if (json_is_integer(value) && key->size != IN_PLACE) {
		snprintf(digits, sizeof(digits), "%lld", json_integer_value(value));
		text = digits;
	}
	return text && scan_printable(text, strlen(text)) &&
		take_value(decoding, key, text);
}

static bool take_members(struct decoding *decoding, const json_t *object)
{
	bool samples = decoding->tag->keys == samples_keys, taken;
	const char *key, *text;
	json_t *value;

	json_object_foreach((json_t *)object, key, value) {
		if (!strcmp(key, "malformed")) {
			text = json_string_value(value);
			snprintf(decoding->why, LOG_MESSAGE, "%s: not KEY=VALUE: %s",
				 decoding->tag->name,
				 text && scan_printable(text, strlen(text)) ? text : "");
			return false;
		}
		if (samples && !strcmp(key, "samples") && json_array_size(value))
			taken = take_pairs_of_samples(decoding, value);
		else
			taken = take_member(decoding, key, value);
		if (taken)
			continue;
		if (!*decoding->why)
			snprintf(decoding->why, LOG_MESSAGE, "%s: %s has an invalid value",
				 decoding->tag->name, key);
		return false;
	}
	return true;
}

/* Whether the record has all keys that it needs. */
static bool complete(struct decoding *decoding)
{
	const struct tag *tag = decoding->tag;
	size_t i;

	for (i = 0; i < tag->nr_keys; i++)
		if (tag->keys[i].required && !(decoding->seen & 1U << i)) {
			snprintf(decoding->why, LOG_MESSAGE, "%s: no %s", tag->name,
				 tag->keys[i].name);
			return false;
		}
	return true;
}

/* Store a decoded record where its tag says. */
static void store(struct log *log, struct run *run, const struct tag *tag,
		  const union record *record)
{
	void *member = (char *)run + tag->member;
	unsigned long line;

	if (!tag->many) {
		memcpy(&line, member, sizeof(line));
		if (line)
			log_defect(run, record->line, "another %s: the first one is in line %lu",
				   tag->name, line);
		else
			memcpy(member, record, tag->size);
	} else if (log->nr_items < LOG_MAX_ITEMS) {
		log->nr_items++;
		list_append(member, record, tag->size);
	} else {
		log_defect(run, record->line, "%s: not kept: the log has more than %u records",
			   tag->name, LOG_MAX_ITEMS);
	}
}

static const struct tag *find_tag(enum log_kind kind, const char *name, size_t len)
{
	bool serial = kind == LOG_SERIAL;
	const struct tag *tag = serial ? serial_tags : host_tags;
	size_t nr = serial ? ARRAY_SIZE(serial_tags) : ARRAY_SIZE(host_tags);

	for (; nr; nr--, tag++)
		if (strlen(tag->name) == len && !memcmp(tag->name, name, len))
			return tag;
	return NULL;
}

/* Read "BUCKET:COUNT,...".  All after a malformed pair is lost. */
static void take_buckets(struct run *run, struct log_latency *latency)
{
	const char *text = latency->b ? latency->b : "";
	struct log_sample pair;

	while (*text) {
		pair = (struct log_sample){ 0 };
		if (!samples_next(&text, &pair) || pair.tsc >= LOG_BUCKETS) {
			log_defect(run, latency->line, "latency: b is malformed: %.60s", latency->b);
			break;
		}
		latency->buckets[pair.tsc] = pair.others;
	}
	latency->b = NULL;
}

/* Store a decoded record, or add a defect. */
static void finish(struct log *log, struct run *run, struct decoding *decoding,
		   bool taken)
{
	union record *record = &decoding->record;

	if (!taken || !complete(decoding)) {
		log_defect(run, record->line, "%s", decoding->why);
		return;
	}
	if (decoding->tag->keys == samples_keys)
		samples_take(log, run, &record->samples);
	if (decoding->tag->keys == latency_keys)
		take_buckets(run, &record->latency);
	store(log, run, decoding->tag, record);
}

void decode_record(struct log *log, struct run *run, enum log_kind kind,
		   unsigned long line, char *text)
{
	size_t len = strcspn(text, " ");
	struct decoding decoding = { .tag = find_tag(kind, text, len), .kind = kind };

	if (!decoding.tag)
		return;
	decoding.record.line = line;
	finish(log, run, &decoding, take_pairs(&decoding, text + len));
}

void decode_object(struct log *log, struct run *run, enum log_kind kind,
		   unsigned long line, const char *tag, const json_t *object)
{
	struct decoding decoding = { .tag = find_tag(kind, tag, strlen(tag)),
				     .kind = kind };

	if (!decoding.tag)
		return;
	decoding.record.line = line;
	finish(log, run, &decoding, take_members(&decoding, object));
}
