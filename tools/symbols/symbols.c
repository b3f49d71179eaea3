// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <error.h>
#include <stdlib.h>
#include <string.h>

#include "lib/json.h"
#include "lib/text.h"
#include "tools/symbols/symbols.h"
#include "tools/trace/sites.h"

static bool applies(const struct symbols_file *file, const struct log_phase *mark)
{
	return !file->phases || (mark->id < KVM_EXIT_TRACE_PHASE_CUSTOM && file->phases & 1u << (mark->id >> 4));
}

/*
 * Linux's banner has the words of the boot's own version, with the compiler's among them:
 * "Linux version 6.1.0-57-amd64 (debian-kernel@...) (gcc-12 ...) #1 SMP ..."
 */
static bool is_foreign(const struct image *image, const struct run *run)
{
	const char *version = run->booted.version, *build = strchr(version, '#');
	size_t len = strcspn(version, " ");
	char release[LOG_MESSAGE + 16];

	if (!*image->banner || !run->booted.line || !len)
		return false;
	snprintf(release, sizeof(release), "Linux version %.*s ", (int)len, version);
	return strncmp(image->banner, release, strlen(release)) || (build && !strstr(image->banner, build));
}

void symbols_place(struct symbols *symbols, const struct list *files, const struct run *run)
{
	const struct symbols_file *file;
	struct symbols_place place;

	*symbols = (struct symbols){ .places = { .nr = 0 } };
	for_each(file, files) {
		place = (struct symbols_place){ .file = file, .offset = file->offset, .known = true };
		if (file->image.is_linux && is_foreign(&file->image, run)) {
			place.foreign = true;
			place.known = false;
		} else if (file->image.is_linux && !file->placed) {
			place.kaslr = kaslr_find(&file->image, run);
			place.offset = place.kaslr.offset;
			place.known = place.kaslr.fits == 1;
		}
		list_append(&symbols->places, &place, sizeof(place));
	}
}

void symbols_free(struct symbols *symbols)
{
	free(symbols->places.items);
}

bool symbols_note(const struct symbols_place *place, const struct run *run, char text[SYMBOLS_NOTE])
{
	const struct symbols_file *file = place->file;
	const char *untold = *file->image.banner ? "" : "; the file doesn't say of which Linux it is";
	const struct kaslr *kaslr = &place->kaslr;
	int at;

	if (!file->image.is_linux || (place->known && file->placed))
		return false;
	at = snprintf(text, SYMBOLS_NOTE, "symbols: %.200s: ", text_shown(file->path));
	if (place->foreign)
		snprintf(text + at, SYMBOLS_NOTE - at, "not used: it is of another Linux than the boot's %.100s",
			 text_shown(run->booted.version));
	else if (!kaslr->rips)
		snprintf(text + at, SYMBOLS_NOTE - at, "not used: no RIP of a site is in Linux");
	else if (!kaslr->fits)
		snprintf(text + at, SYMBOLS_NOTE - at, "not used: at no offset are all %zu RIPs in its code, so it is of another Linux",
			 kaslr->rips);
	else if (kaslr->fits > 1)
		snprintf(text + at, SYMBOLS_NOTE - at, "not used: %zu offsets of KASLR are possible by %zu RIPs; add @OFFSET if you know it",
			 kaslr->fits, kaslr->rips);
	else if (!place->offset)
		snprintf(text + at, SYMBOLS_NOTE - at, "Linux was not moved: only so all %zu RIPs are in its code%s",
			 kaslr->rips, untold);
	else
		snprintf(text + at, SYMBOLS_NOTE - at, "Linux was moved by 0x%llx: only there all %zu RIPs are in its code%s",
			 place->offset, kaslr->rips, untold);
	return true;
}

void symbols_tell(const struct symbols *symbols, const struct run *run, const char *path)
{
	const struct symbols_place *place;
	char text[SYMBOLS_NOTE];

	for_each(place, &symbols->places)
		if (symbols_note(place, run, text))
			error(0, 0, "%s: %s", text_shown(path), text);
}

/* What is in Linux's part of memory, but not Linux itself, is a module.  Their offset is their own. */
static bool is_other_module(const struct symbols_place *place, __u64 rip)
{
	return place->file->image.is_linux && place->offset && rip >= IMAGE_MODULES;
}

static const struct symbol *find(const struct symbols *symbols, const struct log_phase *mark, __u64 rip,
				 const struct symbols_place **in)
{
	const struct symbols_place *place;
	const struct symbol *symbol;

	for_each(place, &symbols->places) {
		*in = place;
		if (!place->known || !applies(place->file, mark) || is_other_module(place, rip))
			continue;
		symbol = image_find(&place->file->image, rip - place->offset);
		if (symbol)
			return symbol;
	}
	return NULL;
}

const char *symbols_site(const struct symbols *symbols, const struct log_phase *mark,
			 const struct log_site *site, char text[SYMBOLS_TEXT])
{
	const struct symbols_place *place;
	const struct symbol *symbol;

	if (!symbols->places.nr)
		return NULL;
	if (!sites_sure(site))
		return SYMBOLS_SEVERAL;
	symbol = find(symbols, mark, site->rip, &place);
	if (!symbol)
		return NULL;
	snprintf(text, SYMBOLS_TEXT, "%s+0x%llx", place->file->image.names + symbol->name,
		 site->rip - place->offset - symbol->address);
	return text;
}

const char *symbols_known(const struct symbols *symbols, const struct log_phase *mark,
			  const struct log_site *site, char text[SYMBOLS_TEXT])
{
	if (symbols_site(symbols, mark, site, text) != text)
		return NULL;
	*strrchr(text, '+') = '\0';
	return text;
}

const char *symbols_function(const struct symbols *symbols, const struct log_phase *mark,
			     const struct log_site *site, char text[SYMBOLS_TEXT])
{
	if (!sites_sure(site))
		return SYMBOLS_SEVERAL;
	if (!symbols_known(symbols, mark, site, text))
		snprintf(text, SYMBOLS_TEXT, "0x%llx", site->rip);
	return text;
}

json_t *symbols_json(const struct symbols *symbols, const struct run *run)
{
	const struct symbols_place *place;
	json_t *array = json_array();
	char text[SYMBOLS_NOTE];

	for_each(place, &symbols->places)
		json_array_append_new(array, json_pack("{s:o, s:o, s:o}",
			"file", json_text(place->file->path),
			"offset", place->known ? json_u64(place->offset) : json_null(),
			"note", symbols_note(place, run, text) ? json_text(text) : json_null()));
	return array;
}
