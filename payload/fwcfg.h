/* SPDX-License-Identifier: GPL-2.0-only */
/* QEMU's fw_cfg: a way in for options that needs no loader. */
#ifndef FWCFG_H
#define FWCFG_H

/* The text of QEMU's -fw_cfg name=opt/org.bootexits/options; "" where there is none. */
const char *fwcfg_options(void);

#endif
