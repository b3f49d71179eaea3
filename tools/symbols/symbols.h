/* SPDX-License-Identifier: GPL-2.0-only */
/* --symbols: which function each site of a boot is in. */
#ifndef BOOTEXITS_SYMBOLS_H
#define BOOTEXITS_SYMBOLS_H

#include <argp.h>
#include <jansson.h>

#include "tools/symbols/image.h"
#include "tools/symbols/kaslr.h"
#include "tools/trace/log.h"

#define SYMBOLS_KEY	0x5359		/* of argp; it is no character */
#define SYMBOLS_OPTION { "symbols", SYMBOLS_KEY, "FILE", 0, "name the functions at the RIPs of sites by FILE: " \
	"System.map, kallsyms, ELF, or edk2's map; may be repeated. The whole form is " \
	"[PHASE,...=]FILE[@OFFSET]", 0 }

/* A file of --symbols. */
struct symbols_file {
	char *text;			/* as the user gave it, cut into the path and the rest */
	const char *path;
	unsigned int phases;		/* bit 1 for firmware, 2 for bootloader, and so on; 0: all */
	bool placed;			/* @OFFSET is there */
	__u64 offset;			/* what was added to the file's addresses when it was loaded */
	struct image image;
};

/** symbols_take() - read a value of --symbols; exit with status 2 if it is wrong */
void symbols_take(const char *arg, struct argp_state *state, struct list *files);

/**
 * symbols_load() - read all files of --symbols
 * @files: struct symbols_file, made by symbols_take(); free it by symbols_unload() in any case
 *
 * Return: STATUS_OK, or STATUS_UNREADABLE after a message.
 */
enum status symbols_load(struct list *files);

/** symbols_unload() - free the files */
void symbols_unload(struct list *files);

/* Where a file's code was in one boot. */
struct symbols_place {
	const struct symbols_file *file;
	struct kaslr kaslr;		/* of a Linux without @OFFSET */
	__u64 offset;
	bool known;			/* false: the file is not used for this boot */
	bool foreign;			/* it is of another Linux than the boot's */
};

/* The files, as a boot had them. */
struct symbols {
	struct list places;		/* struct symbols_place */
};

/** symbols_place() - find where each file's code was in a run; free it by symbols_free() */
void symbols_place(struct symbols *symbols, const struct list *files, const struct run *run);

/** symbols_free() - free what symbols_place() stored */
void symbols_free(struct symbols *symbols);

#define SYMBOLS_NOTE	512

/**
 * symbols_note() - say which offset of a Linux was found, or why there is none
 *
 * Return: whether there is anything to say; other files are where they say.
 */
bool symbols_note(const struct symbols_place *place, const struct run *run, char text[SYMBOLS_NOTE]);

/** symbols_tell() - print all notes on standard error, after "PATH: " */
void symbols_tell(const struct symbols *symbols, const struct run *run, const char *path);

#define SYMBOLS_SEVERAL	"several"	/* no RIP is known to have most of a site's exits */
#define SYMBOLS_TEXT	(IMAGE_NAME + 24)

/**
 * symbols_site() - name the place of a site: "pci_conf1_read+0x5c", or SYMBOLS_SEVERAL
 * @mark: the mark that ends the site's phase
 * @text: room for the name
 *
 * Return: the name, or NULL if no file has the RIP.
 */
const char *symbols_site(const struct symbols *symbols, const struct log_phase *mark,
			 const struct log_site *site, char text[SYMBOLS_TEXT]);

/** symbols_function() - the same without the offset; the RIP itself as text, if no file has it */
const char *symbols_function(const struct symbols *symbols, const struct log_phase *mark,
			     const struct log_site *site, char text[SYMBOLS_TEXT]);

/** symbols_known() - as symbols_function(), but NULL if there is no function's name to tell */
const char *symbols_known(const struct symbols *symbols, const struct log_phase *mark,
			  const struct log_site *site, char text[SYMBOLS_TEXT]);

/** symbols_json() - return the files of a boot as JSON: file, offset, and note */
json_t *symbols_json(const struct symbols *symbols, const struct run *run);

#endif /* BOOTEXITS_SYMBOLS_H */
