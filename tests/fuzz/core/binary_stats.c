// SPDX-License-Identifier: GPL-2.0-only
/* The kernel's kvm_stats_read(), of either kernel: in later ones a descriptor has its name in it. */
#include "kernel.h"

#define kvm_stats_desc _kvm_stats_desc
#include <virt/kvm/binary_stats.c>
