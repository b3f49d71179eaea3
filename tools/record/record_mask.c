// SPDX-License-Identifier: GPL-2.0-only
/* People share traces, so secrets in a command line must not get into them. */
#include <stdlib.h>
#include <string.h>

#include "tools/record/record_meta.h"

#define MASK	"***"

/* Whether a key is that of a secret.  It may be a path: file.password. */
static bool is_key(const char *key, size_t len)
{
	static const char *const keys[] = { "password", "passwd", "passphrase", "key", "osk", "cookie" };
	const char *dot = memrchr(key, '.', len);
	size_t i;

	if (dot) {
		len -= dot + 1 - key;
		key = dot + 1;
	}
	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (strlen(keys[i]) == len && !strncmp(key, keys[i], len))
			return true;
	return false;
}

/* Whether the value of this key of a QEMU option is a secret. */
static bool is_secret(const char *key, size_t len, const char *word)
{
	const char *property = strstr(word, "property=");

	if (is_key(key, len))
		return true;
	/* -global driver=isa-applesmc,property=osk,value=TEXT */
	if (property && len == 5 && !strncmp(key, "value", 5)) {
		property = strchr(property, '=') + 1;
		return is_key(property, strcspn(property, ","));
	}
	/* -object secret,id=ID,data=TEXT */
	if (len == 4 && !strncmp(key, "data", 4))
		return strstr(word, "secret");
	/* -fw_cfg name=opt/io.systemd.credentials/NAME,string=TEXT */
	return len == 6 && !strncmp(key, "string", 6) && strstr(word, "credential");
}

/* Returns the end of a value.  Two commas are one comma of the value. */
static const char *value_end(const char *value)
{
	while (*value && (*value != ',' || value[1] == ','))
		value += *value == ',' ? 2 : 1;
	return value;
}

/* -blockdev and -object take JSON, too. */
static void mask_json(json_t *value)
{
	const char *type = json_string_value(json_object_get(value, "qom-type"));
	const char *key;
	json_t *member;
	size_t i;

	json_object_foreach(value, key, member) {
		if (json_is_string(member) && is_secret(key, strlen(key), type ? type : ""))
			json_string_set(member, MASK);
		mask_json(member);
	}
	json_array_foreach(value, i, member)
		mask_json(member);
}

static char *masked_json(const char *word)
{
	json_t *value = json_loads(word, 0, NULL);
	char *text = NULL;

	if (value) {
		mask_json(value);
		text = json_dumps(value, JSON_COMPACT);
	}
	json_decref(value);
	return text;
}

/* Length of the password if @text is "://USER:PASSWORD@HOST...".  @skip: bytes before it. */
static size_t password(const char *text, size_t *skip)
{
	size_t len = strcspn(text + 3, "/?#,") + 3;
	const char *at = memchr(text, '@', len), *colon;

	while (at && memchr(at + 1, '@', text + len - at - 1))
		at = memchr(at + 1, '@', text + len - at - 1);
	colon = at ? memchr(text + 3, ':', at - text - 3) : NULL;
	if (!colon)
		return 0;
	*skip = colon + 1 - text;
	return at - colon - 1;
}

/*
 * "KEY":"TEXT" in a word that is not only JSON, such as file=json:{...}, where a comma is doubled.
 * Returns TEXT if it is a secret, and its length.
 */
static const char *in_json(const char *quote, const char *word, size_t *len)
{
	const char *end = strchr(quote + 1, '"'), *text;

	if (!end || !is_secret(quote + 1, end - quote - 1, word))
		return NULL;
	text = end + 1 + strspn(end + 1, " \t:");
	if (*text++ != '"')
		return NULL;
	for (*len = 0; text[*len] && text[*len] != '"'; ++*len)
		*len += text[*len] == '\\' && text[*len + 1];
	return text;
}

/* -smbios type=11,value=io.systemd.credential:NAME=TEXT, and its .binary */
static const char *credential(const char *value)
{
	const char *prefix = "io.systemd.credential", *end = value_end(value), *equals;

	if (strncmp(value, prefix, strlen(prefix)))
		return NULL;
	equals = memchr(value, '=', end - value);
	return equals ? equals + 1 : NULL;
}

char *record_masked(const char *word)
{
	char *text = *word == '{' ? masked_json(word) : NULL, *out;
	const char *key = word, *at = word, *secret;
	bool rbd = strstr(word, "rbd:");	/* rbd:POOL/IMAGE:id=ID:key=TEXT */
	size_t len, skip;

	if (text)
		return text;
	/* A mask may be longer than its secret, by at most three for each character */
	text = malloc(4 * strlen(word) + sizeof(MASK));
	if (!text)
		record_fail("no memory");
	for (out = text; *at; *out++ = *at++) {
		secret = NULL;
		len = 0;
		if (*at == ',' || (*at == ':' && rbd)) {
			key = at + 1;
		} else if (*at == '=' && is_secret(key, at - key, word)) {
			secret = at + 1;
			len = value_end(secret) - secret;
		} else if (*at == '=' && credential(at + 1)) {
			secret = credential(at + 1);
			len = value_end(secret) - secret;
		} else if (*at == '"') {
			secret = in_json(at, word, &len);
		} else if (!strncmp(at, "://", 3)) {
			len = password(at, &skip);
			secret = len ? at + skip : NULL;
		}
		if (!secret)
			continue;
		out = mempcpy(out, at, secret - at);
		out = mempcpy(out, MASK, strlen(MASK));
		at = secret + len;
		if (!*at)
			break;
		if (*at == ',')
			key = at + 1;
	}
	*out = '\0';
	return text;
}
