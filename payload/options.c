// SPDX-License-Identifier: GPL-2.0-only
#include "include/kvm_exit_trace.h"
#include "payload/lib/lib.h"
#include "payload/options.h"
#include "payload/machine/panic.h"
#include "payload/payload.h"

#define WORD_MAX 64
#define INTERVAL_MAX 4000000	/* the APIC timer has 32 bits, and counts nanoseconds */
#define PORT_MAX 0xfff8	/* a 16550 has eight registers */

struct options options = {
	.serial = 0x3f8,
	.observer = KVM_EXIT_TRACE_PORT_CONSOLE,
	.interval_us = INTERVAL_UNSAID,
	.seed = 1,
};

/* Each parser gets what follows the '=', or "". */
static bool parse_samples(const char *value)
{
	return str_to_u64(value, &options.samples) && options.samples;
}

static bool parse_interval(const char *value)
{
	return str_to_u64(value, &options.interval_us) && options.interval_us <= INTERVAL_MAX;
}

static bool parse_mode(const char *value)
{
	options.stream = str_equal(value, "stream");
	return options.stream || str_equal(value, "burst");
}

static bool parse_until(const char *value)
{
	return str_to_u64(value, &options.until) && options.until;
}

/* If a port is refused, it is not used.  The refusal goes to the default port. */
static bool parse_serial(const char *value)
{
	u64 port;

	if (!str_to_u64(value, &port) || !port || port > PORT_MAX)
		return false;
	options.serial = port;
	return true;
}

static bool parse_selftest(const char *value)
{
	options.selftest = true;
	return !*value;
}

static bool parse_bench(const char *value)
{
	options.bench = bench_find(value);
	return options.bench;
}

static bool parse_fuzz(const char *value)
{
	return str_to_u64(value, &options.fuzz) && options.fuzz;
}

static bool parse_seed(const char *value)
{
	return str_to_u64(value, &options.seed) && options.seed && options.seed <= ~0u;
}

static bool parse_outb(const char *value)
{
	return str_to_u64(value, &options.outb);
}

static bool parse_sync(const char *value)
{
	options.sync = true;
	return !*value;
}

static bool parse_observer(const char *value)
{
	return str_to_u64(value, &options.observer) && options.observer <= PORT_MAX;
}

static bool parse_host_only(const char *value)
{
	options.host_only = true;
	return !*value;
}

static bool parse_stay(const char *value)
{
	options.stay = true;
	return !*value;
}

static bool parse_crash(const char *value)
{
	options.crash = crash_find(value);
	return options.crash;
}

static const struct {
	const char *name;
	bool (*parse)(const char *value);
	const char *wants;
} table[] = {
	{ "samples",	parse_samples,	"wants a number of polls, at least 1" },
	{ "interval",	parse_interval,	"wants microseconds, up to 4000000" },
	{ "mode",	parse_mode,	"wants burst or stream" },
	{ "until",	parse_until,	"wants a total of exits, at least 1" },
	{ "serial",	parse_serial,	"wants a port up to 0xfff8" },
	{ "selftest",	parse_selftest,	"wants no value" },
	{ "bench",	parse_bench,	"wants no value, or an operation" },
	{ "fuzz",	parse_fuzz,	"wants a number of operations, at least 1" },
	{ "seed",	parse_seed,	"wants a number from 1 to 4294967295" },
	{ "outb",	parse_outb,	"wants a number of writes" },
	{ "sync",	parse_sync,	"wants no value" },
	{ "observer",	parse_observer,	"wants a port up to 0xfff8, or 0 for none" },
	{ "host-only",	parse_host_only, "wants no value" },
	{ "stay",	parse_stay,	"wants no value" },
	{ "crash",	parse_crash,	"wants de, ud, gp or pf" },
};

void options_refuse(const char *word, const char *why)
{
	static char kept[WORD_MAX];

	if (options.refused)
		return;
	for (u32 i = 0; i < sizeof(kept) - 1 && word[i]; i++)
		kept[i] = word[i];
	options.refused = kept;
	options.refused_why = why;
}

static void parse_word(char *word)
{
	char *value = word;

	while (*value && *value != '=')
		value++;
	if (*value)
		*value++ = 0;
	for (u32 i = 0; i < ARRAY_SIZE(table); i++) {
		if (!str_equal(table[i].name, word))
			continue;
		if (!table[i].parse(value))
			options_refuse(word, table[i].wants);
		return;
	}
	options_refuse(word, "is no option");
}

void options_parse(const char *words)
{
	char word[WORD_MAX];

	while (*words) {
		u32 length = 0;

		while (*words == ' ' || *words == '\n')
			words++;
		for (; *words && *words != ' ' && *words != '\n'; words++)
			if (length < sizeof(word) - 1)
				word[length++] = *words;
		word[length] = 0;
		if (length == sizeof(word) - 1)
			options_refuse(word, "is too long for an option");
		else if (length)
			parse_word(word);
	}
}
