/* SPDX-License-Identifier: GPL-2.0-only */
/* A program's symbols: which function is at an address. */
#ifndef BOOTEXITS_IMAGE_H
#define BOOTEXITS_IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <linux/types.h>

#include "lib/list.h"
#include "tools/bootexits.h"

#define IMAGE_SYMBOLS	(1 << 22)	/* symbols of a file, at most */
#define IMAGE_NAME	256		/* bytes of a name, its NUL included; a longer one is cut */
#define IMAGE_BANNER	512		/* bytes of Linux's version, its NUL included */

/* Where x86-64 Linux and its modules are: Documentation/x86/x86_64/mm.rst */
#define IMAGE_LINUX	0xffffffff80000000ull
#define IMAGE_MODULES	0xffffffffc0000000ull

/* Of two symbols with one address, the first of these is taken. */
enum symbol_kind {
	SYMBOL_STOP,			/* the end of a program's code, by its name */
	SYMBOL_GLOBAL,
	SYMBOL_LOCAL,
	SYMBOL_WEAK,
	SYMBOL_LABEL,			/* in assembler; it may be in the middle of a function */
	SYMBOL_END,			/* something else begins here */
};

struct symbol {
	__u64 address, end;		/* end: the first address after it; 0: not known */
	size_t name;			/* where it begins in the image's names */
	enum symbol_kind kind;
};

/** symbol_is_code() - whether a symbol is a function, or another piece of code */
static inline bool symbol_is_code(const struct symbol *symbol)
{
	return symbol->kind != SYMBOL_STOP && symbol->kind != SYMBOL_END;
}

struct image_range {
	__u64 low, high;		/* high: the first address after it */
};

struct image {
	struct list symbols;		/* struct symbol, by address */
	struct list ranges;		/* struct image_range: its code, by address */
	char *names;
	size_t size, room;		/* bytes of names; of their memory */
	char banner[IMAGE_BANNER];	/* "Linux version ..." of its Linux, or "" */
	bool is_linux;			/* an x86-64 Linux, which KASLR may have moved */
	bool unplaced;			/* it is linked to be loaded anywhere */
	bool typed;			/* its symbols say which of them are code */
};

/**
 * image_read() - read a System.map, kallsyms, an edk2 map, or an ELF file with symbols
 * @path: "-" is the standard input; the file may be compressed
 * @image: filled in; free it by image_free(), also after an error
 *
 * Names get a "?" for each byte that is no visible ASCII.
 *
 * Return: STATUS_OK, or STATUS_UNREADABLE after a message.
 */
enum status image_read(struct image *image, const char *path);

/**
 * image_elf() - read the symbols of an ELF file
 * @fd: of a regular file
 *
 * Return: NULL, or what is wrong with the file.
 */
const char *image_elf(struct image *image, int fd);

/** image_map() - read symbols from lines of text; returns NULL, or what is wrong with the file */
const char *image_map(struct image *image, FILE *file);

/** image_add() - add a symbol; false: there are too many */
bool image_add(struct image *image, struct symbol symbol, const char *name, size_t len);

/** image_banner() - take a text as Linux's version if it is one; @len: of its bytes, at most */
void image_banner(struct image *image, const char *text, size_t len);

/** image_find() - return the symbol that has an address, or NULL */
const struct symbol *image_find(const struct image *image, __u64 address);

/** image_covers() - whether an address is in the image's code */
bool image_covers(const struct image *image, __u64 address);

/** image_overlap() - whether the code of two images overlaps, if each is moved; @at: set to where */
bool image_overlap(const struct image *a, __u64 a_offset, const struct image *b, __u64 b_offset, __u64 *at);

/** image_free() - free what image_read() stored */
void image_free(struct image *image);

#endif /* BOOTEXITS_IMAGE_H */
