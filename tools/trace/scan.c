// SPDX-License-Identifier: GPL-2.0-only
/*
 * Firmware, boot loader and kernels print on the same serial line as the payload.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/trace/scan.h"

#define MAX_STARTS	16	/* places in a line where a record may begin */

unsigned int scan_crc16(unsigned int crc, const void *bytes, size_t len)
{
	const unsigned char *byte = bytes;
	int bit;

	while (len--) {
		crc ^= *byte++ << 8;
		for (bit = 0; bit < 8; bit++)
			crc = crc & 0x8000 ? crc << 1 ^ 0x1021 : crc << 1;
		crc &= 0xffff;
	}
	return crc;
}

/*
 * Look for a " *CRC" that is right for @text.  Returns the length of the record
 * without it, or 0 if there is none.  *@got and *@want are those of the last try.
 */
static size_t find_checksum(const char *text, size_t len, unsigned int *got,
			    unsigned int *want)
{
	unsigned int crc = 0;
	char *end, hex[5];
	size_t i;

	for (i = 0; i + 6 <= len; i++) {
		if (text[i] == ' ' && text[i + 1] == '*') {
			memcpy(hex, text + i + 2, 4);
			hex[4] = '\0';
			if (strspn(hex, "0123456789abcdef") == 4) {
				*got = strtoul(hex, &end, 16);
				*want = crc;
				if (*got == crc)
					return i;
			}
		}
		crc = scan_crc16(crc, text + i, 1);
	}
	return 0;
}

bool scan_printable(const char *text, size_t len)
{
	while (len--) {
		if (*text < ' ' || *text > '~')
			return false;
		text++;
	}
	return true;
}

void scan_complaint(char text[SCAN_COMPLAINT], unsigned int got, unsigned int want)
{
	if (got > 0xffff)
		snprintf(text, SCAN_COMPLAINT, "CRC: the record has none");
	else
		snprintf(text, SCAN_COMPLAINT, "CRC: the record says %04x, its bytes give %04x",
			 got, want);
}

void scan_line(const struct scan *scan, void *data, char *text, size_t len)
{
	char *next = text, *rest = text, *start, *last = text + len;
	unsigned int starts, got, want;
	size_t size;

	for (starts = 0; starts < MAX_STARTS; starts++) {
		start = memmem(next, last - next, "bx ", 3);
		if (!start)
			break;
		got = 0x10000;
		want = 0;
		size = find_checksum(start, last - start, &got, &want);
		next = start + (size ? size + 6 : 3);
		if (!size && start != text)
			continue;
		if (!size || !scan_printable(start, size)) {
			scan->bad(data, got, want);
			continue;
		}
		if (scan->text && start > rest)
			scan->text(data, rest, start - rest);
		rest = next;
		start[size] = '\0';
		scan->record(data, start);
	}
	if (scan->text && last > rest)
		scan->text(data, rest, last - rest);
}
