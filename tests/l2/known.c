// SPDX-License-Identifier: GPL-2.0-only
/* known N M: executes N CPUIDs and reads port 0x80 M times. */
#include <stdlib.h>
#include <sys/io.h>

int main(int argc, char **argv)
{
	long cpuids = argc > 1 ? atol(argv[1]) : 0;
	long reads = argc > 2 ? atol(argv[2]) : 0;

	if (reads && ioperm(0x80, 1, 1))
		return 1;
	while (cpuids--) {
		int eax = 0, ebx, ecx = 0, edx;

		asm volatile("cpuid" : "+a"(eax), "=b"(ebx), "+c"(ecx), "=d"(edx));
	}
	while (reads--)
		inb(0x80);
	return 0;
}
