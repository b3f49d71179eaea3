// SPDX-License-Identifier: GPL-2.0-only
/* Makes JSON of large numbers and of texts with any bytes, and prints documents. */
#include <errno.h>
#include <error.h>
#include <stdlib.h>
#include <string.h>

#include "lib/json.h"
#include "lib/version.h"
#include "lib/text.h"

json_t *json_u64(__u64 number)
{
	char digits[24];

	if (number <= 0x7fffffffffffffffULL)
		return json_integer(number);
	snprintf(digits, sizeof(digits), "%llu", number);
	return json_string(digits);
}

json_t *json_text(const char *bytes)
{
	static const char replacement[] = "\xef\xbf\xbd";
	json_t *text = json_string(bytes);
	char *valid, *out;
	size_t size;
	__u32 code;

	if (text)
		return text;
	out = valid = malloc(strlen(bytes) * 3 + 1);
	if (!valid)
		error(3, errno, "JSON");
	for (; *bytes; bytes += size ? size : 1) {
		size = text_character(bytes, &code);
		out = size ? mempcpy(out, bytes, size) : stpcpy(out, replacement);
	}
	*out = '\0';
	text = json_string(valid);
	free(valid);
	return text;
}

/* jansson does not escape one of the control characters. */
static int write_escaped(const char *bytes, size_t size, void *unused)
{
	(void)unused;
	for (; size; size--, bytes++)
		if (*bytes == 0x7f)
			fputs("\\u007f", stdout);
		else
			putchar(*bytes);
	return 0;
}

json_t *json_rounded(double number)
{
	char text[32];

	snprintf(text, sizeof(text), "%.6g", number);
	return json_real(strtod(text, NULL));
}

json_t *json_document(json_t *root)
{
	json_t *document = json_pack("{s:i}", "schema", JSON_SCHEMA);

	json_object_update(document, root);
	json_decref(root);
	return document;
}

void json_show(json_t *root)
{
	root = json_document(root);
	json_dump_callback(root, write_escaped, NULL, JSON_INDENT(2) | JSON_ENSURE_ASCII |
			   JSON_REAL_PRECISION(JSON_DIGITS));
	putchar('\n');
	json_decref(root);
}
