// SPDX-License-Identifier: GPL-2.0-only
/*
 * Finds which of the payload's devices the user's QEMU has already.  They come from -device, in
 * both of its spellings, -global, -readconfig, -fw_cfg and -action.  QEMU itself refuses other conflicts.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "include/kvm_exit_trace.h"

#include "tools/record/record.h"

#define PORT_DEBUG_EXIT	0xf4	/* docs/abi.md, section 5 */
#define PORT_PVPANIC	0x505
#define PVPANIC_PANICKED 0x01	/* a bit of pvpanic's events */

/* The user's properties as JSON objects: a list of devices, and what -global sets. */
struct found {
	json_t *devices, *globals;
	char panic[16];		/* the value of -action, or "" */
	char *options;		/* of -fw_cfg, as in struct devices */
};

bool record_is_option(const char *word, const char *name)
{
	return *word == '-' && !strcmp(word + (word[1] == '-' ? 2 : 1), name);
}

char *const *record_next(char *const *word)
{
	bool text = word[1] && (record_is_option(*word, "append") || record_is_option(*word, "name"));

	return word + (text ? 2 : 1);
}

/* Read "NAME,KEY=VALUE,...", where a comma in a value is doubled, or JSON.  @first: the key of NAME */
static json_t *properties(const char *text, const char *first)
{
	json_t *object = *text == '{' ? json_loads(text, 0, NULL) : json_object();
	char *word = malloc(strlen(text) + 1), *to, *value;

	if (!word || !object)
		text = "";
	while (*text && *text != '{') {
		for (to = word; *text && (*text != ',' || text[1] == ','); *to++ = *text++)
			text += *text == ',';
		*to = '\0';
		text += *text == ',';
		value = strchr(word, '=');
		if (value)
			*value++ = '\0';
		json_object_set_new(object, value ? word : first, json_string(value ? value : word));
		first = "";
	}
	free(word);
	return object;
}

/* Returns a number as QEMU reads it, or @otherwise. */
static __u64 number_of(const json_t *value, __u64 otherwise)
{
	const char *text = json_string_value(value);
	char *end = NULL;
	__u64 number;

	if (json_is_integer(value))
		return json_integer_value(value);
	if (!text || !*text)
		return otherwise;
	number = strtoull(text, &end, 0);
	return *end ? otherwise : number;
}

static const char *text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "";
}

static bool is_driver(const json_t *device, const char *name)
{
	return !strcmp(text_of(device, "driver"), name);
}

static __u64 property(const struct found *found, const json_t *device, const char *key,
		      __u64 otherwise)
{
	char *name = record_format("%s.%s", text_of(device, "driver"), key);

	otherwise = number_of(json_object_get(found->globals, name), otherwise);
	free(name);
	return number_of(json_object_get(device, key), otherwise);
}

/* @words is {"DRIVER.KEY": VALUE}, or has the keys driver, property and value. */
static void add_global(struct found *found, json_t *words)
{
	char *name;

	if (json_object_get(words, "property")) {
		name = record_format("%s.%s", text_of(words, "driver"), text_of(words, "property"));
		json_object_set(found->globals, name, json_object_get(words, "value"));
		free(name);
	} else {
		json_object_update(found->globals, words);
	}
	json_decref(words);
}

static void add_section(struct found *found, const char *name, json_t *words)
{
	if (!strcmp(name, "device"))
		json_array_append_new(found->devices, words);
	else if (!strcmp(name, "global"))
		add_global(found, words);
	else
		json_decref(words);
}

/* A file of -readconfig has sections, [device "ID"], with lines KEY = "VALUE". */
static void add_file(struct found *found, const char *path)
{
	char line[1024], key[64], value[512], name[64] = "", next[64];
	FILE *file = fopen(path, "r");
	json_t *words = json_object();

	while (file && fgets(line, sizeof(line), file)) {
		if (sscanf(line, " [%63[a-z-]", next) == 1) {
			add_section(found, name, words);
			strcpy(name, next);
			words = json_object();
		} else if (sscanf(line, " %63[^= \t] = \"%511[^\"]\"", key, value) == 2) {
			json_object_set_new(words, key, json_string(value));
		}
	}
	add_section(found, name, words);
	if (file)
		fclose(file);
}

static void add_fw_cfg(struct found *found, json_t *words)
{
	if (!strcmp(text_of(words, "name"), "opt/org.bootexits/options")) {
		free(found->options);
		found->options = record_format(" %s ", text_of(words, "string"));
	}
	json_decref(words);
}

static void find(struct found *found, char *const *words)
{
	json_t *action;

	for (; words[0] && words[1]; words = record_next(words)) {
		if (record_is_option(words[0], "device"))
			add_section(found, "device", properties(words[1], "driver"));
		else if (record_is_option(words[0], "global"))
			add_global(found, properties(words[1], "driver"));
		else if (record_is_option(words[0], "debugcon"))
			add_section(found, "device", json_pack("{s:s}", "driver", "isa-debugcon"));
		else if (record_is_option(words[0], "readconfig"))
			add_file(found, words[1]);
		else if (record_is_option(words[0], "fw_cfg"))
			add_fw_cfg(found, properties(words[1], "name"));
		if (!record_is_option(words[0], "action"))
			continue;
		action = properties(words[1], "");
		if (json_object_get(action, "panic"))
			snprintf(found->panic, sizeof(found->panic), "%s", text_of(action, "panic"));
		json_decref(action);
	}
}

/* Whether an isa-debug-exit has this port.  It takes a byte at any of its ports. */
static bool ends_at(const struct found *found, const json_t *device, __u64 port)
{
	__u64 base = property(found, device, "iobase", 0x501);

	return port >= base && port - base < property(found, device, "iosize", 2);
}

void record_devices(char *const *words, struct devices *devices)
{
	struct found found = { .devices = json_array(), .globals = json_object() };
	json_t *device;
	size_t i;

	memset(devices, 0, sizeof(*devices));
	find(&found, words);
	strcpy(devices->panic, found.panic);
	devices->options = found.options;
	json_array_foreach(found.devices, i, device) {
		if (is_driver(device, "isa-debug-exit"))
			devices->exit |= ends_at(&found, device, PORT_DEBUG_EXIT);
		if (is_driver(device, "isa-debugcon"))
			devices->console |= property(&found, device, "iobase", 0xe9) ==
					    KVM_EXIT_TRACE_PORT_CONSOLE;
		if (!is_driver(device, "pvpanic"))
			continue;
		devices->pvpanic = true;
		devices->pvpanic_port = property(&found, device, "ioport", PORT_PVPANIC);
		devices->pauses = devices->pvpanic_port == PORT_PVPANIC &&
				  property(&found, device, "events", 3) & PVPANIC_PANICKED;
	}
	json_decref(found.devices);
	json_decref(found.globals);
}
