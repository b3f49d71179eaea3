// SPDX-License-Identifier: GPL-2.0-only
/* Numbers too large for JSON's integers, texts of any bytes, and how a document is printed. */
#include <errno.h>
#include <error.h>
#include <stdlib.h>
#include <string.h>

#include "bootexits.h"

json_t *json_u64(__u64 number)
{
	char digits[24];

	if (number <= 0x7fffffffffffffffULL)
		return json_integer(number);
	snprintf(digits, sizeof(digits), "%llu", number);
	return json_string(digits);
}

/* How many bytes of @bytes, at most @len, are one character of UTF-8 (RFC 3629), or 0 */
static size_t utf8_length(const char *bytes, size_t len)
{
	size_t size;

	for (size = 1; size <= 4 && size <= len; size++) {
		json_t *character = json_stringn(bytes, size);

		json_decref(character);
		if (character)
			return size;
	}
	return 0;
}

json_t *json_text(const char *bytes)
{
	static const char replacement[] = "\xef\xbf\xbd";
	size_t left = strlen(bytes), size;
	json_t *text = json_string(bytes);
	char *valid, *out;

	if (text)
		return text;
	out = valid = malloc(left * 3 + 1);
	if (!valid)
		error(3, errno, "JSON");
	for (; left; bytes += size, left -= size) {
		size = utf8_length(bytes, left);
		out = size ? mempcpy(out, bytes, size) : stpcpy(out, replacement);
		size += !size;
	}
	*out = '\0';
	text = json_string(valid);
	free(valid);
	return text;
}

void json_show(json_t *root)
{
	json_show_digits(root, 6);
}

void json_show_digits(json_t *root, int digits)
{
	json_dumpf(root, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(digits));
	putchar('\n');
	json_decref(root);
}
