// SPDX-License-Identifier: GPL-2.0-only
#include <stdint.h>
#include <stdio.h>
int main(void)
{
	uint64_t a = 0x4fffffff, b, c = 0, d;

	asm volatile("cpuid" : "+a"(a), "=b"(b), "+c"(c), "=d"(d));
	printf("%lu exits, %lu cycles\n", d << 32 | a, b << 32 | c);
	return 0;
}
