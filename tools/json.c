// SPDX-License-Identifier: GPL-2.0-only
/* Numbers too large for JSON's integers, and how a document is printed. */
#include "bootexits.h"

json_t *json_u64(__u64 number)
{
	char digits[24];

	if (number <= 0x7fffffffffffffffULL)
		return json_integer(number);
	snprintf(digits, sizeof(digits), "%llu", number);
	return json_string(digits);
}

void json_show(json_t *root)
{
	json_dumpf(root, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(6));
	putchar('\n');
	json_decref(root);
}
