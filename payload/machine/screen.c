// SPDX-License-Identifier: GPL-2.0-only
#include "payload/machine/bootinfo.h"
#include "payload/lib/lib.h"
#include "payload/machine/screen.h"

#define GREY_ON_BLACK	0x07
#define NUMBER_COLUMN	24	/* of a number's last digit */
#define ROW_MAX		160	/* characters */

static struct text_screen screen;
static u32 next_row;

void screen_init(u32 magic, u32 info)
{
	screen = bootinfo_screen(magic, info);
	if (screen.width > ROW_MAX)
		screen.width = ROW_MAX;
}

/* Writes two characters with their attributes at once: half the exits of single ones. */
static void write_row(const char *text)
{
	volatile u32 *cells = (volatile u32 *)(screen.address + next_row * screen.pitch);

	for (u32 i = 0; i + 1 < screen.width; i += 2)
		*cells++ = (u8)text[i] | GREY_ON_BLACK << 8 | (u8)text[i + 1] << 16 |
			   GREY_ON_BLACK << 24;
	next_row++;
}

static void show(const char *text, const char *digits, u32 count)
{
	char row[ROW_MAX];
	u32 column = 0;

	if (next_row >= screen.height)
		return;
	while (column < screen.width && *text)
		row[column++] = *text++;
	while (column < screen.width && column + count < NUMBER_COLUMN)
		row[column++] = ' ';
	for (u32 i = 0; column < screen.width; i++)
		row[column++] = i < count ? digits[i] : ' ';
	write_row(row);
}

void screen_show(const char *text)
{
	show(text, "", 0);
}

void screen_show_number(const char *text, u64 number)
{
	char digits[U64_DIGITS];

	show(text, digits, u64_to_digits(digits, number));
}
