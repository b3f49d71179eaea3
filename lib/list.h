/* SPDX-License-Identifier: GPL-2.0-only */
/* A list of items of one kind, in memory that grows. */
#ifndef BOOTEXITS_LIST_H
#define BOOTEXITS_LIST_H

#include <stddef.h>

/* All 0 is an empty list.  The user frees items. */
struct list {
	void *items;
	size_t nr;
};

/* Walk a list: for_each(phase, &run->phases), phase being a pointer. */
#define for_each(pos, list) \
	for ((pos) = (list)->items; \
	     (pos) && (pos) < (__typeof__(pos))(list)->items + (list)->nr; \
	     (pos)++)

/** list_append() - append a copy of @size bytes; exits if memory runs out */
void *list_append(struct list *list, const void *item, size_t size);

#endif /* BOOTEXITS_LIST_H */
