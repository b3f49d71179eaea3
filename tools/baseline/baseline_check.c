// SPDX-License-Identifier: GPL-2.0-only
/* Compares boots with a baseline. */
#include <error.h>

#include "lib/text.h"
#include "tools/baseline/baseline.h"

bool baseline_differs(const struct comparison *comparison, const char *path)
{
	const struct boot *a = comparison->boots.items, *boot;
	const char *said = NULL;
	json_t *what;
	int i;

	for (boot = a + 1; !said && boot < a + comparison->boots.nr; boot++) {
		for (i = 0; i < NR_PARTS; i++) {
			if (compare_parts[i].tested)
				continue;
			what = alike_part(i, &a->log, &boot->log);
			if (json_array_size(what)) {
				said = compare_parts[i].name;
				error(0, 0, "%s was made otherwise than %s: %s differs: %s", text_shown(path),
				      text_shown(boot->path), said,
				      text_shown(json_string_value(json_array_get(what, 0))));
			}
			json_decref(what);
		}
	}
	return said;
}

enum status baseline_check(struct comparison *comparison, const char *const *path, const json_t *root,
			   const struct list *traces)
{
	enum status status;

	if (!baseline_side(comparison, path, root))
		return STATUS_UNREADABLE;
	status = compare_load_side(comparison, traces->items, traces->nr);
	if (status)
		return status;
	if (baseline_differs(comparison, *path) && !comparison->options->force) {
		error(0, 0, "so a difference may come from that. If your sources are what they were, run "
		      "`bootexits baseline update' and review the diff; or boot the L1 that it was made with");
		return STATUS_UNREADABLE;
	}
	return compare_boots(comparison);
}
