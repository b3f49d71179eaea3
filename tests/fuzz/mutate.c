// SPDX-License-Identifier: GPL-2.0-only
/*
 * Chance does not find a checksum.  So three mutations in four correct it.  Otherwise
 * the reader would never look at the contents of a changed record.
 */
#include <string.h>

#include "tests/fuzz/target.h"
#include "tools/trace/scan.h"

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned int seed);

/* "bx ... *CRC", perhaps with a CR */
static void seal(char *line, size_t len)
{
	char digits[5];

	while (len && line[len - 1] == '\r')
		len--;
	if (len < 10 || memcmp(line, "bx ", 3) || memcmp(line + len - 6, " *", 2))
		return;
	snprintf(digits, sizeof(digits), "%04x", scan_crc16(0, line, len - 6));
	memcpy(line + len - 4, digits, 4);
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned int seed)
{
	char *line = (char *)data + 1, *end, *last;

	size = LLVMFuzzerMutate(data, size, max_size);
	if (!(seed & 3) || !size)
		return size;
	for (last = (char *)data + size; line < last; line = end + 1) {
		end = memchr(line, '\n', last - line);
		if (!end)
			end = last;
		seal(line, end - line);
	}
	return size;
}
