// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <error.h>
#include <stdlib.h>
#include <string.h>

#include "lib/list.h"

void *list_append(struct list *list, const void *item, size_t size)
{
	size_t nr = list->nr;
	void *items = list->items;

	/* The memory is full whenever the number is a power of two. */
	if (!(nr & (nr - 1))) {
		items = reallocarray(items, nr ? nr * 2 : 1, size);
		if (!items)
			error(3, errno, "memory");
		list->items = items;
	}
	list->nr++;
	return memcpy((char *)items + nr * size, item, size);
}
