// SPDX-License-Identifier: GPL-2.0-only
#include "payload/machine/fwcfg.h"
#include "payload/lib/lib.h"
#include "payload/lib/self.h"

/* QEMU's docs/specs/fw_cfg: the DMA interface, the file directory and its key */
#define FW_CFG_DMA		0x514	/* write: the address's high half; read: a signature */
#define FW_CFG_DMA_LOW		0x518	/* low half: starts the transfer */
#define FW_CFG_DMA_SIGNATURE	0x554d4551	/* "QEMU" */
#define FW_CFG_DMA_ERROR	0x01
#define FW_CFG_DMA_READ		0x02
#define FW_CFG_DMA_SELECT	0x08
#define FW_CFG_KEY_DIRECTORY	0x0019

/* All numbers are big endian */
struct fw_cfg_dma {
	u32 control;		/* key << 16 | what to do; QEMU clears it when it is done */
	u32 bytes;
	u64 address;
};

struct fw_cfg_directory {
	u32 count;
	struct {
		u32 size;
		u16 key;
		u16 reserved;
		char name[56];
	} files[63];
};

/*
 * Reads the first bytes of an item.  Bytes that it lacks read as zeros.  This is one
 * exit for any size.  A string instruction would be an unknown number of exits.
 */
static bool fw_cfg_read(u16 key, void *to, u32 bytes)
{
	volatile struct fw_cfg_dma dma = {
		.control = __builtin_bswap32(key << 16 | FW_CFG_DMA_SELECT | FW_CFG_DMA_READ),
		.bytes = __builtin_bswap32(bytes),
		.address = __builtin_bswap64((u32)to),
	};

	asm volatile("" : : "r"(&dma) : "memory");
	self_outl(FW_CFG_DMA_LOW, __builtin_bswap32((u32)&dma));
	while (dma.control & ~__builtin_bswap32(FW_CFG_DMA_ERROR))
		;
	asm volatile("" : : : "memory");
	return !dma.control;
}

/* Reads the directory once, and returns it.  If there is no fw_cfg, it has no files. */
static const struct fw_cfg_directory *read_directory(void)
{
	static struct fw_cfg_directory directory;
	static bool done;

	if (!done && self_inl(FW_CFG_DMA) == FW_CFG_DMA_SIGNATURE &&
	    !fw_cfg_read(FW_CFG_KEY_DIRECTORY, &directory, sizeof(directory)))
		directory.count = 0;
	done = true;
	return &directory;
}

bool fwcfg_read_text(const char *name, char *to, u32 max)
{
	const struct fw_cfg_directory *directory = read_directory();
	u32 count = __builtin_bswap32(directory->count);

	memset(to, 0, max);
	for (u32 i = 0; i < count && i < ARRAY_SIZE(directory->files); i++)
		if (str_equal(directory->files[i].name, name))
			return fw_cfg_read(__builtin_bswap16(directory->files[i].key), to, max - 1);
	return false;
}
