// SPDX-License-Identifier: GPL-2.0-only
/*
 * Turns a line into JSON: all keys and values of each record, known or not.  log.c
 * reads it back.
 */
#include <stdlib.h>
#include <string.h>

#include "lib/json.h"
#include "tools/trace/decode.h"
#include "tools/trace/samples.h"
#include "tools/trace/scan.h"
#include "tools/trace/trace.h"

/* The place of a stream's line in a trace. */
struct line {
	struct trace *trace;
	const struct trace_stream *stream;
	const char *text;
	__u64 at;
	char why[SCAN_COMPLAINT];	/* why the text is a bad record, or "" */
};

/* Add any bytes: as text if they are UTF-8, or else as hexadecimal digits. */
static void set_text(json_t *object, const char *text, size_t len)
{
	json_t *string = json_stringn(text, len);
	char *hex;
	size_t i;

	if (string) {
		json_object_set_new(object, "text", string);
		return;
	}
	hex = malloc(2 * len + 1);
	for (i = 0; hex && i < len; i++)
		sprintf(hex + 2 * i, "%02x", (unsigned char)text[i]);
	if (hex)
		json_object_set_new(object, "hex", json_string(hex));
	free(hex);
}

static void put_text(void *data, const char *text, size_t len)
{
	struct line *line = data;
	json_t *object;

	object = *line->why ?
		json_pack("{s:s, s:s}", "bad", line->why, "stream", line->stream->name) :
		json_pack("{s:s}", "console", line->stream->name);
	json_object_set_new(object, "at", json_u64(line->at + (text - line->text)));
	set_text(object, text, len);
	trace_put(line->trace, line->stream, object);
	*line->why = '\0';
}

static void put_bad(void *data, unsigned int got, unsigned int want)
{
	struct line *line = data;

	scan_complaint(line->why, got, want);
}

/* Returns a value as JSON.  It is a number if that reads back the same. */
static json_t *value_json(const char *value)
{
	__u64 number;

	if (value[-1] != '"' && decode_number(value, LOG_SERIAL, &number) &&
	    (*value != '0' || !value[1]))
		return json_u64(number);
	return json_string(value);
}

/* Returns a key's name in the trace, or NULL. */
static const char *name_of(const struct trace_key *keys, const char *key)
{
	static const char *const ours[] = { "guest", "host", "seq", "t", "malformed", NULL };

	for (; keys && keys->name; keys++)
		if (!strcmp(keys->name, key))
			return keys->instead;
	return word_find(ours, key) < 0 ? key : NULL;
}

/* Add KEY=VALUE pairs to an object.  Returns false if there is something else. */
static bool add_pairs(json_t *object, char *pairs, const struct trace_key *keys)
{
	const char *name;
	char *key, *value;

	while ((pairs = decode_pair(pairs, &key, &value))) {
		name = name_of(keys, key);
		if (name)
			json_object_set_new(object, name, value_json(value));
	}
	if (key)
		json_object_set_new(object, "malformed", json_string(key));
	return !key;
}

/*
 * On the line, samples are differences.  In the trace, each has its full numbers.
 * Malformed ones stay as they are.
 */
static void spread_samples(json_t *object)
{
	json_t *tsc = json_object_get(object, "tsc");
	json_t *others = json_object_get(object, "others");
	json_t *d = json_object_get(object, "d"), *array;
	struct log_sample sample;
	const char *text;
	bool right = true;

	if (!json_is_integer(tsc) || !json_is_integer(others) ||
	    (d && !json_string_length(d)))
		return;
	sample.tsc = json_integer_value(tsc);
	sample.others = json_integer_value(others);
	array = json_array();
	text = d ? json_string_value(d) : "";
	for (;;) {
		json_array_append_new(array, json_pack("[I, I]",
			(json_int_t)sample.tsc, (json_int_t)sample.others));
		if (!right || !*text)
			break;
		right = samples_next(&text, &sample) && !(sample.tsc >> 63) &&
			!(sample.others >> 63);
	}
	if (right) {
		json_object_set(object, "samples", array);
		json_object_del(object, "tsc");
		json_object_del(object, "others");
		json_object_del(object, "d");
	}
	json_decref(array);
}

static void put_record(void *data, char *text)
{
	char *tag = text + 3 + strcspn(text + 3, " "), *pairs;
	struct line *line = data;
	json_t *object;
	__u64 seq;

	if (!*tag || !tag[1]) {
		strcpy(line->why, "no SEQ and TAG");
		put_text(line, text, strlen(text));
		return;
	}
	*tag++ = '\0';
	pairs = tag + strcspn(tag, " ");
	if (*pairs)
		*pairs++ = '\0';
	if (!decode_number(text + 3, LOG_SERIAL, &seq)) {
		snprintf(line->why, sizeof(line->why), "no SEQ and TAG: %.40s", text);
		put_text(line, tag, strlen(tag));
		return;
	}
	object = json_pack("{s:s, s:o}", "guest", tag, "seq", json_u64(seq));
	if (add_pairs(object, pairs, line->stream->keys) && !strcmp(tag, "samples"))
		spread_samples(object);
	trace_put(line->trace, line->stream, object);
}

/* Lines of the host's log that log.c reads are records.  The rest is text. */
static void put_host(struct line *line, char *text, size_t len)
{
	char *pairs = text + strcspn(text, " ");
	json_t *object, *name = NULL;

	if (!scan_printable(text, len) || !log_host_line(text))
		return put_text(line, text, len);
	if (!strncmp(text, "run name=", 9))
		name = json_stringn(text + 9, strcspn(text + 9, " "));
	*pairs++ = '\0';
	object = json_pack("{s:s}", "host", text);
	add_pairs(object, pairs, NULL);
	if (name)	/* a name is always text, even if it looks like a number */
		json_object_set_new(object, "name", name);
	trace_put(line->trace, line->stream, object);
}

void trace_line(struct trace *trace, const struct trace_stream *stream, __u64 at,
		char *text, size_t len)
{
	static const struct scan scan = { put_record, put_bad, put_text };
	struct line line = { .trace = trace, .stream = stream, .text = text, .at = at };
	bool host = stream->kind == LOG_HOST;

	while (len && text[len - 1] == '\r')
		text[--len] = '\0';
	if (!strncmp(text, "# run ", 6) && len > 6 && scan_printable(text, len))
		trace_put(trace, stream, json_pack("{s:s, s:s}", host ? "host" : "guest",
						   "run", "name", text + 6));
	else if (host && len)
		put_host(&line, text, len);
	else
		scan_line(&scan, &line, text, len);
}
