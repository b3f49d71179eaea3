// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <error.h>
#include <stdlib.h>
#include <string.h>

#include "lib/text.h"
#include "tools/symbols/image.h"
#include "tools/trace/input.h"

/* A symbol of unknown size has so many bytes at most, if nothing else tells where it ends. */
#define UNKNOWN_SIZE	4096

static int order(__u64 a, __u64 b)
{
	return (a > b) - (a < b);
}

/* The last key is the order of the file. */
static int compare_symbols(const void *a, const void *b)
{
	const struct symbol *one = a, *other = b;

	return order(one->address, other->address) ?: order(one->kind, other->kind) ?:
		order(one->name, other->name);
}

bool image_add(struct image *image, struct symbol symbol, const char *name, size_t len)
{
	char *to;

	if (image->symbols.nr == IMAGE_SYMBOLS)
		return false;
	if (len >= IMAGE_NAME)
		len = IMAGE_NAME - 1;
	if (image->size + len + 1 > image->room) {
		image->room = 2 * image->room + IMAGE_NAME;
		image->names = realloc(image->names, image->room);
		if (!image->names)
			error(STATUS_UNREADABLE, errno, "memory");
	}
	symbol.name = image->size;
	to = image->names + image->size;
	image->size += len + 1;
	for (; len; len--, name++)
		*to++ = *name > ' ' && *name <= '~' ? *name : '?';
	*to = '\0';
	list_append(&image->symbols, &symbol, sizeof(symbol));
	return true;
}

void image_banner(struct image *image, const char *text, size_t len)
{
	static const char start[] = "Linux version ";

	if (len < sizeof(start) || strncmp(text, start, sizeof(start) - 1))
		return;
	if (len >= IMAGE_BANNER)
		len = IMAGE_BANNER - 1;
	len = strnlen(text, len);
	memcpy(image->banner, text, len);
	image->banner[len] = '\0';
	image->banner[strcspn(image->banner, "\n")] = '\0';
}

/* Return the index of the last item that is not above @address, or -1.  Each item begins with its key. */
static ssize_t find(const struct list *list, size_t size, __u64 address)
{
	size_t low = 0, high = list->nr, middle;

	while (low < high) {
		middle = (low + high) / 2;
		if (*(const __u64 *)((const char *)list->items + middle * size) <= address)
			low = middle + 1;
		else
			high = middle;
	}
	return (ssize_t)low - 1;
}

const struct symbol *image_find(const struct image *image, __u64 address)
{
	ssize_t at = find(&image->symbols, sizeof(struct symbol), address);
	const struct symbol *symbol = (const struct symbol *)image->symbols.items + at;

	return at >= 0 && symbol_is_code(symbol) && address < symbol->end ? symbol : NULL;
}

bool image_covers(const struct image *image, __u64 address)
{
	ssize_t at = find(&image->ranges, sizeof(struct image_range), address);

	return at >= 0 && address < ((const struct image_range *)image->ranges.items)[at].high;
}

bool image_overlap(const struct image *a, __u64 a_offset, const struct image *b, __u64 b_offset, __u64 *at)
{
	const struct image_range *one = a->ranges.items, *other = b->ranges.items;
	const struct image_range *one_end = one + a->ranges.nr, *other_end = other + b->ranges.nr;

	while (one < one_end && other < other_end) {
		if (one->high + a_offset <= other->low + b_offset) {
			one++;
		} else if (other->high + b_offset <= one->low + a_offset) {
			other++;
		} else {
			*at = one->low + a_offset > other->low + b_offset ? one->low + a_offset :
									  other->low + b_offset;
			return true;
		}
	}
	return false;
}

/* Keep one symbol for each address, and no label that is within a function. */
static void sort(struct image *image)
{
	struct symbol *all = image->symbols.items, *to = all, *at;
	__u64 inside = 0;
	bool known = false;

	if (!all)
		return;
	qsort(all, image->symbols.nr, sizeof(*all), compare_symbols);
	for (at = all; at < all + image->symbols.nr; at++) {
		if ((known && to[-1].address == at->address) || (!at->end && at->address < inside))
			continue;
		if (at->end > inside)
			inside = at->end;
		*to++ = *at;
		known = true;
	}
	image->symbols.nr = to - all;
}

/* Find the ends of symbols of unknown size.  Where all of a map may be code, no function is long. */
static void end(struct image *image)
{
	struct symbol *all = image->symbols.items, *at, *last = all + image->symbols.nr;
	__u64 most;

	for (at = all; at < last; at++) {
		if (at->end)
			continue;
		most = at->address + UNKNOWN_SIZE > at->address ? at->address + UNKNOWN_SIZE : -1ull;
		at->end = at + 1 < last && (image->typed || at[1].address < most) ? at[1].address : most;
	}
}

/* The code of a map is where its symbols are.  An ELF file says it by its sections. */
static void cover(struct image *image)
{
	struct image_range *range = NULL;
	const struct symbol *symbol;

	for_each(symbol, &image->symbols) {
		if (!symbol_is_code(symbol))
			continue;
		if (range && range->high == symbol->address)
			range->high = symbol->end;
		else
			range = list_append(&image->ranges,
					    &(struct image_range){ symbol->address, symbol->end },
					    sizeof(*range));
	}
}

static const char *finish(struct image *image, bool elf)
{
	const struct symbol *symbol;
	bool any = false;

	sort(image);
	end(image);
	if (!elf)
		cover(image);
	for_each(symbol, &image->symbols) {
		any |= symbol_is_code(symbol);
		image->is_linux |= symbol_is_code(symbol) && symbol->address >= IMAGE_LINUX && symbol->address < IMAGE_MODULES;
	}
	return any ? NULL : elf ? "has no symbols of code: give the file with debug information (vmlinux, .debug)" :
				  "has no symbols of code: is it a System.map, kallsyms, an edk2 map or an ELF file?";
}

static bool starts_elf(FILE *file)
{
	char head[4];

	return fread(head, 1, sizeof(head), file) == sizeof(head) && !memcmp(head, "\177ELF", sizeof(head));
}

/* Open an ELF file as it is: its first bytes may look like text of another encoding. */
static FILE *open_file(const char *path, char cut[LOG_MESSAGE], bool *elf)
{
	FILE *file = strcmp(path, "-") ? fopen(path, "re") : NULL;
	off_t start;

	*cut = '\0';
	*elf = file && starts_elf(file);
	if (*elf)
		return file;
	if (file)
		fclose(file);
	file = input_open(path, cut);
	if (!file)
		return NULL;
	start = ftello(file);
	*elf = starts_elf(file);
	fseeko(file, start, SEEK_SET);
	return file;
}

enum status image_read(struct image *image, const char *path)
{
	char cut[LOG_MESSAGE];
	const char *wrong;
	FILE *file;
	bool elf;

	*image = (struct image){ .names = NULL };
	file = open_file(path, cut, &elf);
	if (!file)
		return STATUS_UNREADABLE;
	wrong = *cut ? cut : elf ? image_elf(image, fileno(file)) : image_map(image, file);
	fclose(file);
	if (!wrong)
		wrong = finish(image, elf);
	if (wrong)
		error(0, 0, "%s: %s", text_shown(path), wrong);
	return wrong ? STATUS_UNREADABLE : STATUS_OK;
}

void image_free(struct image *image)
{
	free(image->symbols.items);
	free(image->ranges.items);
	free(image->names);
}
