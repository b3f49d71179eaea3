// SPDX-License-Identifier: GPL-2.0-only
#include <asm/bootparam.h>

#include "payload/linux/arguments.h"
#include "payload/linux/bzimage.h"
#include "payload/linux/cmdline.h"
#include "payload/lib/cpu.h"
#include "payload/linux/handover.h"
#include "payload/lib/leaves.h"
#include "payload/lib/lib.h"
#include "payload/machine/memory.h"
#include "payload/options.h"
#include "payload/lib/records.h"
#include "payload/lib/start.h"

#define PAGE_BYTES	4096
#define ARCHIVE_ALIGN	4	/* Linux finds a second archive only at such an address */
#define INIT_PATH	"/bootexits/init"
#define TEXT_MODE	3	/* 80 x 25, colours */
#define TEXT_FONT	16	/* rows of pixels of a character */

/* entry.asm: bootexits-init in its archive, and the jump by the boot protocol */
extern const char initramfs[], initramfs_end[];
void jump_to_linux(u32 entry, struct boot_params *params) __attribute__((noreturn));

enum { KERNEL, INITRD, FILES };

static struct module files[FILES + 1];	/* one more, for the command line */
static const char *line;
static u32 nr_files;
static struct bzimage image;
static u32 kernel_at, initrd_at;
static struct text_screen screen;

/* Linux reads these until it has copied them, so they are in memory that we keep. */
static struct boot_params params __attribute__((aligned(PAGE_BYTES)));
static char rsdp[36];	/* ACPI 6.4, section 5.2.5.3 */

/* A struct setup_data, for the ranges that do not fit into the parameters */
static struct {
	u64 next;
	u32 type, bytes;
	struct boot_e820_entry ranges[MEMORY_RANGES - E820_MAX_ENTRIES_ZEROPAGE];
} more;
static u32 nr_more;

/*
 * Returns the user's initrd.  Linux skips zeros before its first archive, but it finds a second
 * one only at a multiple of four.  So some zeros are left out.
 */
static struct module users_initrd(void)
{
	struct module initrd = files[INITRD];
	const char *text = (const char *)initrd.start;
	u32 zeros = 0;

	while (zeros < initrd.bytes && !text[zeros])
		zeros++;
	initrd.start += zeros % ARCHIVE_ALIGN;
	initrd.bytes -= zeros % ARCHIVE_ALIGN;
	return initrd;
}

static u32 our_bytes(void)
{
	return initramfs_end - initramfs;
}

/* Returns whether there is room for both, at addresses that the kernel's header allows. */
static bool find_places(void)
{
	const struct setup_header *header = image.header;
	u32 initrd_bytes = our_bytes() + users_initrd().bytes;
	u32 bytes = header->init_size;

	if (header->pref_address >> 32 || initrd_bytes < our_bytes())
		return false;
	if (bytes < image.code_bytes)
		bytes = image.code_bytes;
	for (u32 i = 0; i < FILES; i++)
		memory_take(files[i].start, files[i].bytes);
	kernel_at = memory_find_from(header->pref_address, bytes, header->kernel_alignment);
	if (!header->relocatable_kernel && kernel_at != header->pref_address)
		return false;
	initrd_at = memory_find_below(header->initrd_addr_max, initrd_bytes, PAGE_BYTES);
	return kernel_at && initrd_at;
}

static void keep_rsdp(u32 from)
{
	if (from)
		memcpy(rsdp, (const void *)from, sizeof(rsdp));
}

static bool refused(u32 magic, u32 info)
{
	const char *wrong = bzimage_read(&files[KERNEL], &image);
	const char *memory = memory_init(magic, info);

	if (wrong)
		options_refuse("kernel", wrong);
	else if (nr_files < FILES)
		options_refuse("initrd", "is missing: load a kernel and its initrd");
	else if (nr_files > FILES)
		options_refuse("initrd", "is followed by more files: one is wanted");
	else if (!files[INITRD].bytes)
		options_refuse("initrd", "is empty");
	else if (memory)
		options_refuse("memory", memory);
	else if (!find_places())
		options_refuse("memory", "is too small for this kernel and its initrd");
	else if (str_length(line) + CMDLINE_OURS >= CMDLINE_MAX ||
		 str_length(line) + CMDLINE_OURS > image.header->cmdline_size)
		options_refuse("kernel", "has a command line that is too long");
	else
		return false;
	return true;
}

void handover_init(u32 magic, u32 info)
{
	nr_files = bootinfo_modules(magic, info, files, ARRAY_SIZE(files));
	if (!nr_files)
		return;
	line = arguments_linux(magic, info, files, &nr_files, ARRAY_SIZE(files));
	if (refused(magic, info)) {
		nr_files = 0;
		return;
	}
	cmdline_set(line);
	keep_rsdp(bootinfo_rsdp(magic, info));
	screen = bootinfo_screen(magic, info);
}

bool handover_wanted(void)
{
	return nr_files;
}

void handover_print(void)
{
	record_begin("linux");
	record_text("version", image.version);
	record_number("major", image.header->version >> 8);
	record_number("minor", image.header->version & 0xff);
	record_number("kernel", files[KERNEL].bytes);
	record_number("initrd", files[INITRD].bytes);
	record_end();
}

static void add_range(u64 start, u64 bytes, u32 type)
{
	struct boot_e820_entry range = { start, bytes, type };

	if (params.e820_entries < E820_MAX_ENTRIES_ZEROPAGE)
		params.e820_table[params.e820_entries++] = range;
	else if (nr_more < ARRAY_SIZE(more.ranges))	/* always true: see memory_map() */
		more.ranges[nr_more++] = range;
}

static void fill_memory(void)
{
	memory_map(add_range);
	if (!nr_more)
		return;
	more.type = SETUP_E820_EXT;
	more.bytes = nr_more * sizeof(more.ranges[0]);
	params.hdr.setup_data = (u32)&more;
}

/* If the loader tells of no screen, Linux has none until its own drivers start. */
static void fill_screen(void)
{
	if (!screen.address)
		return;
	params.screen_info.orig_video_mode = TEXT_MODE;
	params.screen_info.orig_video_cols = screen.width;
	params.screen_info.orig_video_lines = screen.height;
	params.screen_info.orig_video_isVGA = VIDEO_TYPE_VGAC;
	params.screen_info.orig_video_points = TEXT_FONT;
}

/*
 * Adds what bootexits-init must know.  If there is no observer, bootexits-init also prints
 * what we caused by measuring.
 */
static void add_words(bool observer)
{
	cmdline_set_rdinit(INIT_PATH);
	if (observer) {
		cmdline_add_number("nr_cpus=", tracer.vcpus - 1);	/* the smallest counts */
		cmdline_add("bootexits.observer");
	} else if (tracer.present) {
		cmdline_add_number("bootexits.self.bootloader=",
				   log_own(KVM_EXIT_TRACE_PHASE_BOOTLOADER));
		cmdline_add_number("bootexits.self.payload=", self_exits + 1);
	}
	if (!tracer.present)
		cmdline_add("bootexits.host-only");
	if (options.sync)
		cmdline_add("bootexits.sync");
	if (options.stay)
		cmdline_add("bootexits.stay");
}

/*
 * Our archive comes first, because it ends as Linux wants an archive to end before another
 * one.  The user's may end in any way, for example as one of lz4, or with a bootconfig.
 * Ours isn't compressed, so find_cpio_data() gets past it to early microcode.
 */
static void load_initrd(void)
{
	struct module users = users_initrd();

	memcpy((void *)initrd_at, initramfs, our_bytes());
	memcpy((void *)(initrd_at + our_bytes()), (const void *)users.start, users.bytes);
	params.hdr.ramdisk_image = initrd_at;
	params.hdr.ramdisk_size = our_bytes() + users.bytes;
}

void handover_load(bool observer)
{
	memcpy((void *)kernel_at, image.code, image.code_bytes);
	bzimage_set_params(&image, kernel_at, &params);
	load_initrd();
	fill_memory();
	fill_screen();
	add_words(observer);
	params.hdr.cmd_line_ptr = (u32)cmdline_text();
	if (rsdp[0])
		params.acpi_rsdp_addr = (u32)rsdp;
}

void handover_jump(void)
{
	mark(KVM_EXIT_TRACE_PHASE_PAYLOAD);
	jump_to_linux(kernel_at, &params);
}
