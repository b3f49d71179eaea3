// SPDX-License-Identifier: GPL-2.0-only
/* The values of --symbols, and the files that they name. */
#include <errno.h>
#include <error.h>
#include <stdlib.h>
#include <string.h>

#include "lib/text.h"
#include "tools/symbols/symbols.h"

static const char *const phases[] = { KVM_EXIT_TRACE_PHASE_NAMES };

/* Sets the phases of "kernel,initramfs"; false: one of them is none. */
static bool take_phases(struct symbols_file *file, const char *list, const char *end)
{
	unsigned int id;
	size_t len;

	for (; list < end; list += len + 1) {
		len = strcspn(list, ",=");
		for (id = 0; id < sizeof(phases) / sizeof(phases[0]); id++)
			if (phases[id] && strlen(phases[id]) == len && !strncmp(phases[id], list, len))
				break;
		if (id == sizeof(phases) / sizeof(phases[0]))
			return false;
		file->phases |= 1u << (id >> 4);
	}
	return file->phases;
}

void symbols_take(const char *arg, struct argp_state *state, struct list *files)
{
	struct symbols_file file = { .text = strdup(arg) };
	char *equals, *at, *end;

	if (!file.text)
		error(STATUS_UNREADABLE, errno, "memory");
	file.path = file.text;
	equals = strchr(file.text, '=');
	if (equals && !memchr(file.text, '/', equals - file.text)) {
		if (!take_phases(&file, file.text, equals))
			argp_error(state, "--symbols: not a list of phases: %.*s (a file of such a name is ./NAME)",
				   (int)(equals - file.text), text_shown(file.text));
		file.path = equals + 1;
	}
	at = strrchr(file.path, '@');
	if (at && !strncmp(at, "@0x", 3)) {
		errno = 0;
		file.offset = strtoull(at + 1, &end, 16);
		file.placed = true;
		if (*end || !at[3] || errno)
			argp_error(state, "--symbols: not an offset: %s", text_shown(at + 1));
		*at = '\0';
	}
	if (!*file.path)
		argp_error(state, "--symbols: no FILE in %s", text_shown(arg));
	list_append(files, &file, sizeof(file));
}

/* Two files for one phase must not have code at one address.  Where a Linux is, is not known yet. */
static bool overlaps(const struct symbols_file *a, const struct symbols_file *b)
{
	bool found = a->image.is_linux && b->image.is_linux && !(a->placed && b->placed);
	__u64 at = IMAGE_LINUX;

	if (a->phases && b->phases && !(a->phases & b->phases))
		return false;
	if (!found && !image_overlap(&a->image, a->offset, &b->image, b->offset, &at))
		return false;
	error(0, 0, "--symbols: %s and %s both have code at 0x%llx: give each its phase (PHASE=FILE)",
	      text_shown(a->path), text_shown(b->path), at);
	return true;
}

static bool is_alone(const struct list *files, const struct symbols_file *file)
{
	const struct symbols_file *other;

	for (other = files->items; other < file; other++)
		if (overlaps(other, file))
			return false;
	return true;
}

enum status symbols_load(struct list *files)
{
	struct symbols_file *file;
	enum status status;

	for_each(file, files) {
		status = image_read(&file->image, file->path);
		if (status)
			return status;
		if (file->image.unplaced && !file->placed && !file->image.is_linux) {
			error(0, 0, "%s: can be loaded anywhere: say where it was, FILE@ADDRESS", text_shown(file->path));
			return STATUS_UNREADABLE;
		}
		if (!is_alone(files, file))
			return STATUS_UNREADABLE;
	}
	return STATUS_OK;
}

void symbols_unload(struct list *files)
{
	struct symbols_file *file;

	for_each(file, files) {
		image_free(&file->image);
		free(file->text);
	}
	free(files->items);
}
