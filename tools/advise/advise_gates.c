// SPDX-License-Identifier: GPL-2.0-only
/* How many avoidable exits are a failure. */
#include <error.h>
#include <string.h>

#include "lib/text.h"
#include "tools/advise/advise.h"

static __u64 judged(const struct advise *advise, const char *name)
{
	const struct advice *advice;

	if (!strcmp(name, "total"))
		return advise->avoidable;
	for_each(advice, &advise->advice)
		if (!strcmp(advice->rule->id, name))
			return advice->exits;
	return 0;
}

/*
 * A gate judges a difference, and takes its percentage of the base, which is the boot.  As in
 * compare, what isn't known is a breach.
 */
enum status advise_gates(const struct advise *advise, const struct rules *rules,
			 const struct list *gates)
{
	__uint128_t boot = (__uint128_t)advise->exits * 2;
	enum status status = STATUS_OK;
	struct advise_gate *each;

	for_each(each, gates) {
		if (strcmp(each->gate.name, "total") && !rules_find(rules, each->gate.name)) {
			error(0, 0, "the gate %s: neither total nor the id of a rule",
			      text_shown(each->gate.text));
			return STATUS_USAGE;
		}
		each->exits = judged(advise, each->gate.name);
		each->breached = advise->unknown ||
				 gate_breached(&each->gate, 1, boot,
					       boot + (__uint128_t)each->exits * 2);
		if (each->breached)
			status = STATUS_FAIL;
	}
	return status;
}
