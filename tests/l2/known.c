// SPDX-License-Identifier: GPL-2.0-only
/* known N M: executes N CPUIDs, and reads port 0x80 M times. */
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	long cpuids = argc > 1 ? atol(argv[1]) : 0;
	long reads = argc > 2 ? atol(argv[2]) : 0;
	int ports = reads ? open("/dev/port", O_RDONLY) : -1;
	char byte;

	while (cpuids--) {
		int eax = 0, ebx, ecx = 0, edx;

		asm volatile("cpuid" : "+a"(eax), "=b"(ebx), "+c"(ecx), "=d"(edx));
	}
	while (reads--)
		if (pread(ports, &byte, 1, 0x80) != 1)
			return 1;
	return 0;
}
