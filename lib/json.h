/* SPDX-License-Identifier: GPL-2.0-only */
/* JSON as each program prints it: of jansson, with our numbers and texts. */
#ifndef JSON_H
#define JSON_H

#include <jansson.h>
#include <linux/types.h>

/** json_u64() - return a JSON integer, or from 2^63 on a string of digits */
json_t *json_u64(__u64 number);

/** json_text() - return a JSON string of any bytes; bytes that aren't UTF-8 become U+FFFD */
json_t *json_text(const char *bytes);

#define JSON_DIGITS	15	/* digits of a real that a double always keeps */

/** json_rounded() - return a calculated number as a JSON real, cut to six digits */
json_t *json_rounded(double number);

/** json_document() - return the schema's version followed by the members of @root; frees @root */
json_t *json_document(json_t *root);

/** json_show() - print @root as an indented document in a stable order, and free it */
void json_show(json_t *root);

#endif /* JSON_H */
