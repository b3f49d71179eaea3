// SPDX-License-Identifier: GPL-2.0-only
/* What makes two boots nothing to be compared. */
#include <error.h>
#include <string.h>

#include "compare.h"
#include "text.h"

/* Of one vendor, and of one major of the ABI, or else a message. */
static bool same_slots(const struct boot *base, const struct boot *boot, bool force)
{
	const struct log_tracer *a = &base->run->tracer, *b = &boot->run->tracer;
	bool vendors = strcmp(a->vendor, b->vendor);

	if (a->line && b->line && !vendors && a->abi_major == b->abi_major)
		return true;
	if (force)
		return false;
	if (!a->line || !b->line)
		error(0, 0, "%s: its host record is missing, so nothing says which vendor's reasons it has: --force would compare anyway, by name",
		      text_shown(a->line ? boot->path : base->path));
	else if (vendors)
		error(0, 0, "%s: %s and %s have no reasons in common: --force would compare anyway, by name",
		      text_shown(boot->path), a->vendor, b->vendor);
	else
		error(0, 0, "%s: ABI %llu and ABI %llu may number reasons differently: --force would compare anyway, by name",
		      text_shown(boot->path), a->abi_major, b->abi_major);
	return false;
}

const json_t *compare_says(const struct boot *boot, const char *key)
{
	return json_object_get(boot->log.meta, key);
}

static const char *text_of(const json_t *value)
{
	const char *text = json_string_value(value);

	if (json_is_boolean(value))
		return json_is_true(value) ? "yes" : "no";
	return text ? text_shown(text) : "something else";
}

/* Of traces alone: a log says nothing of where it was made. */
static bool same_origin(const struct boot *base, const struct boot *boot)
{
	static const char * const keys[] = { "lane", "exact", "unit" };
	const json_t *a, *b;
	size_t i;

	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		a = compare_says(base, keys[i]);
		b = compare_says(boot, keys[i]);
		if (!a || !b || json_equal(a, b))
			continue;
		error(0, 0, "%s: %s is %s, of %s it is %s: --force would compare anyway",
		      text_shown(boot->path), keys[i], text_of(b), text_shown(base->path),
		      text_of(a));
		return false;
	}
	return true;
}

enum status compare_refuse(struct comparison *comparison, const struct boot *boot)
{
	bool force = comparison->options->force;
	const struct boot *base = comparison->boots.items;

	if (!comparison->boots.nr || !base->run)
		return STATUS_OK;
	if (!same_slots(base, boot, force)) {
		comparison->by_name = true;
		if (!force)
			return STATUS_UNREADABLE;
	}
	return force || same_origin(base, boot) ? STATUS_OK : STATUS_UNREADABLE;
}
