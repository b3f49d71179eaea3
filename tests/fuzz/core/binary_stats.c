// SPDX-License-Identifier: GPL-2.0-only
/* kvm_stats_read() of either kernel.  In later kernels a descriptor contains its name. */
#include "tests/fuzz/core/kernel.h"

#define kvm_stats_desc _kvm_stats_desc
#include <virt/kvm/binary_stats.c>
