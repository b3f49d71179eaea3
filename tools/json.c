// SPDX-License-Identifier: GPL-2.0-only
/* Numbers too large for JSON's integers, texts of any bytes, and how a document is printed. */
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

json_t *json_text(const char *text)
{
	json_t *string = json_string(text);
	size_t len = strlen(text), i, to = 0;
	char *ascii;

	if (string)
		return string;
	ascii = malloc(3 * len + 1);
	for (i = 0; ascii && i < len; i++) {
		if ((unsigned char)text[i] < 0x80) {
			ascii[to++] = text[i];
		} else {
			memcpy(ascii + to, "\xef\xbf\xbd", 3);
			to += 3;
		}
	}
	string = ascii ? json_stringn(ascii, to) : NULL;
	free(ascii);
	return string;
}

void json_show(json_t *root)
{
	json_dumpf(root, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(6));
	putchar('\n');
	json_decref(root);
}
