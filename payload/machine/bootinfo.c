// SPDX-License-Identifier: GPL-2.0-only
#include "payload/machine/bootinfo.h"
#include "payload/lib/lib.h"
#include "payload/lib/start.h"

/* Multiboot 0.6.96, section 3.3.  The flags say which fields are there. */
struct mb1_info {
	u32 flags;
	u32 mem_lower, mem_upper;
	u32 boot_device;
	u32 command_line;
	u32 modules, module_list;
	u32 symbols[4];
	u32 memory_bytes, memory_list;
	u32 drives[2];
	u32 config_table;
	u32 loader_name;
};

#define MB1_HAS_COMMAND_LINE	0x004
#define MB1_HAS_MODULES		0x008
#define MB1_HAS_MEMORY		0x040
#define MB1_HAS_LOADER_NAME	0x200

struct mb1_module {
	u32 start, end, text, reserved;
};

/* size does not count itself. */
struct mb1_memory {
	u32 size;
	u64 start, bytes;
	u32 type;
} __attribute__((packed));

/* Multiboot 2.0, section 3.6: tags, aligned to eight bytes.  Type 0 is the last. */
struct mb2_tag {
	u32 type;
	u32 size;
	char text[];
};

#define MB2_END			0
#define MB2_COMMAND_LINE	1
#define MB2_LOADER_NAME		2
#define MB2_MODULE		3
#define MB2_MEMORY		6
#define MB2_FRAMEBUFFER		8
#define MB2_RSDP_1		14
#define MB2_RSDP_2		15

struct mb2_module {
	u32 type, size;
	u32 start, end;
	char text[];
};

struct mb2_memory {
	u32 type, size;
	u32 entry_size, entry_version;
	u8 entries[];
};

struct mb2_range {
	u64 start, bytes;
	u32 type, reserved;
};

/* Multiboot 2.0, section 3.6.12 */
struct mb2_framebuffer {
	u32 type;
	u32 size;
	u64 address;
	u32 pitch, width, height;
	u8 bits;
	u8 kind;
};

#define MB2_EGA_TEXT		2

/* Xen's public/arch-x86/hvm/start_info.h.  The memory map is there since version 1. */
struct pvh_info {
	u32 magic, version, flags, modules;
	u64 module_list;
	u64 command_line;
	u64 rsdp;
	u64 memory_list;
	u32 memory, reserved;
};

struct pvh_module {
	u64 start, bytes, text, reserved;
};

struct pvh_memory {
	u64 start, bytes;
	u32 type, reserved;
};

const char *bootinfo_start(u32 magic)
{
	switch (magic) {
	case START_MB1_MAGIC:
		return "multiboot1";
	case START_MB2_MAGIC:
		return "multiboot2";
	case START_PVH_MAGIC:
		return "pvh";
	case START_ROM_MAGIC:
		return "rom";
	}
	return "unknown";
}

/*
 * Returns the first tag of that type after the tag `behind`, or the first of all if that is
 * NULL.  Returns NULL if there is none.  A tag shorter than its own header ends the list.
 */
static const void *mb2_next(u32 info, const void *behind, u32 type)
{
	const struct mb2_tag *tag = behind ? behind : (const void *)info;
	u32 size = behind ? tag->size : 8;	/* 8: the header before all tags */

	for (;;) {
		tag = (const void *)((u32)tag + ((size + 7) & ~7u));
		if (tag->type == MB2_END || tag->size < sizeof(*tag))
			return NULL;
		if (tag->type == type)
			return tag;
		size = tag->size;
	}
}

/* PVH addresses have 64 bits, and we can use 32.  Returns NULL for a larger address. */
static const void *pvh_address(u64 address)
{
	return address >> 32 ? NULL : (const void *)(u32)address;
}

static const struct pvh_info *pvh(u32 info)
{
	const struct pvh_info *pvh = (const struct pvh_info *)info;

	return pvh->magic == START_PVH_MAGIC ? pvh : NULL;
}

const char *bootinfo_loader(u32 magic, u32 info)
{
	const struct mb1_info *mb1 = (const struct mb1_info *)info;
	const struct mb2_tag *tag = NULL;

	if (magic == START_MB1_MAGIC && mb1->flags & MB1_HAS_LOADER_NAME)
		return (const char *)mb1->loader_name;
	if (magic == START_MB2_MAGIC)
		tag = mb2_next(info, NULL, MB2_LOADER_NAME);
	return tag ? tag->text : "";
}

bool bootinfo_is_grub(u32 magic, u32 info)
{
	return str_starts(bootinfo_loader(magic, info), "GRUB 2");
}

const char *bootinfo_command_line(u32 magic, u32 info)
{
	const struct mb1_info *mb1 = (const struct mb1_info *)info;
	const char *text = NULL;

	if (magic == START_MB1_MAGIC && mb1->flags & MB1_HAS_COMMAND_LINE) {
		text = (const char *)mb1->command_line;
	} else if (magic == START_MB2_MAGIC) {
		const struct mb2_tag *tag = mb2_next(info, NULL, MB2_COMMAND_LINE);

		text = tag ? tag->text : NULL;
	} else if (magic == START_PVH_MAGIC && pvh(info)) {
		text = pvh_address(pvh(info)->command_line);
	}
	return text ? text : "";
}

/* GRUB passes the screen on by multiboot2.  QEMU's multiboot1 has no screen. */
struct text_screen bootinfo_screen(u32 magic, u32 info)
{
	const struct mb2_framebuffer *f = NULL;

	if (magic == START_MB2_MAGIC)
		f = mb2_next(info, NULL, MB2_FRAMEBUFFER);
	if (!f || f->kind != MB2_EGA_TEXT || f->address >> 32)
		return (struct text_screen){ 0, 0, 0, 0 };
	return (struct text_screen){ f->address, f->pitch, f->width, f->height };
}

/* QEMU puts the file's name first, as GRUB 1 did.  GRUB 2 gives the arguments only. */
static const char *mb1_arguments(const struct mb1_info *mb1, const char *text)
{
	if (bootinfo_is_grub(START_MB1_MAGIC, (u32)mb1))
		return text;
	while (*text && *text != ' ')
		text++;
	return text + (*text == ' ');
}

static u32 mb1_modules(const struct mb1_info *mb1, struct module *modules, u32 max)
{
	const struct mb1_module *m = (const struct mb1_module *)mb1->module_list;

	if (!(mb1->flags & MB1_HAS_MODULES))
		return 0;
	for (u32 i = 0; i < mb1->modules && i < max; i++)
		modules[i] = (struct module){ m[i].start, m[i].end - m[i].start,
					      m[i].text ? mb1_arguments(mb1, (char *)m[i].text) : "" };
	return mb1->modules;
}

static u32 mb2_modules(u32 info, struct module *modules, u32 max)
{
	const struct mb2_module *m = NULL;
	u32 n = 0;

	while ((m = mb2_next(info, m, MB2_MODULE))) {
		if (n < max)
			modules[n] = (struct module){ m->start, m->end - m->start, m->text };
		n++;
	}
	return n;
}

static u32 pvh_modules(const struct pvh_info *info, struct module *modules, u32 max)
{
	const struct pvh_module *m = pvh_address(info->module_list);

	if (!m)
		return 0;
	for (u32 i = 0; i < info->modules && i < max; i++) {
		const char *text = m[i].text ? pvh_address(m[i].text) : NULL;

		modules[i] = (struct module){ m[i].start, m[i].bytes, text ? text : "" };
	}
	return info->modules;
}

u32 bootinfo_modules(u32 magic, u32 info, struct module *modules, u32 max)
{
	switch (magic) {
	case START_MB1_MAGIC:
		return mb1_modules((const struct mb1_info *)info, modules, max);
	case START_MB2_MAGIC:
		return mb2_modules(info, modules, max);
	case START_PVH_MAGIC:
		return pvh(info) ? pvh_modules(pvh(info), modules, max) : 0;
	}
	return 0;
}

static u32 mb1_memory(const struct mb1_info *mb1, struct range *ranges, u32 max)
{
	u64 at = mb1->memory_list, end = at + mb1->memory_bytes;
	u32 n = 0;

	if (!(mb1->flags & MB1_HAS_MEMORY))
		return 0;
	if (end >> 32)
		return BOOTINFO_DAMAGED;
	for (; at < end; n++) {
		const struct mb1_memory *m = (const struct mb1_memory *)(u32)at;

		u64 bytes = end - at < sizeof(*m) ? 0 : (u64)m->size + sizeof(m->size);

		if (bytes < sizeof(*m) || bytes > end - at)
			return BOOTINFO_DAMAGED;
		if (n < max)
			ranges[n] = (struct range){ m->start, m->bytes, m->type };
		at += bytes;
	}
	return n;
}

static u32 mb2_memory(u32 info, struct range *ranges, u32 max)
{
	const struct mb2_memory *m = mb2_next(info, NULL, MB2_MEMORY);
	u32 n;

	if (!m)
		return 0;
	if (m->size < sizeof(*m) || m->entry_size < sizeof(struct mb2_range) ||
	    (m->size - sizeof(*m)) % m->entry_size)
		return BOOTINFO_DAMAGED;
	n = (m->size - sizeof(*m)) / m->entry_size;
	for (u32 i = 0; i < n && i < max; i++) {
		const struct mb2_range *r = (const void *)(m->entries + i * m->entry_size);

		ranges[i] = (struct range){ r->start, r->bytes, r->type };
	}
	return n;
}

static u32 pvh_memory(const struct pvh_info *info, struct range *ranges, u32 max)
{
	const struct pvh_memory *m = pvh_address(info->memory_list);

	if (!info->version || !m)
		return 0;
	for (u32 i = 0; i < info->memory && i < max; i++)
		ranges[i] = (struct range){ m[i].start, m[i].bytes, m[i].type };
	return info->memory;
}

u32 bootinfo_memory(u32 magic, u32 info, struct range *ranges, u32 max)
{
	switch (magic) {
	case START_MB1_MAGIC:
		return mb1_memory((const struct mb1_info *)info, ranges, max);
	case START_MB2_MAGIC:
		return mb2_memory(info, ranges, max);
	case START_PVH_MAGIC:
		return pvh(info) ? pvh_memory(pvh(info), ranges, max) : 0;
	}
	return 0;
}

/* Multiboot2 has a copy of the RSDP, of ACPI 2.0 or of ACPI 1.0. */
u32 bootinfo_rsdp(u32 magic, u32 info)
{
	const struct mb2_tag *tag;

	if (magic == START_PVH_MAGIC && pvh(info))
		return (u32)pvh_address(pvh(info)->rsdp);
	if (magic != START_MB2_MAGIC)
		return 0;
	tag = mb2_next(info, NULL, MB2_RSDP_2);
	if (!tag)
		tag = mb2_next(info, NULL, MB2_RSDP_1);
	return tag ? (u32)tag->text : 0;
}
