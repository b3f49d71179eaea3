/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The exit tracer's hooks in the code that all of KVM's architectures share
 */
#ifndef __KVM_EXIT_TRACE_HOOKS_H
#define __KVM_EXIT_TRACE_HOOKS_H

#include <linux/kvm_host.h>

#ifdef CONFIG_KVM_EXIT_TRACE
#include "../../arch/x86/kvm/exit_trace.h"
#else
static inline void exit_trace_sched_in(struct kvm_vcpu *vcpu) {}
static inline void exit_trace_sched_out(struct kvm_vcpu *vcpu) {}
static inline void exit_trace_ioctl_begin(struct kvm_vcpu *vcpu) {}
static inline void exit_trace_ioctl_end(struct kvm_vcpu *vcpu) {}
static inline bool exit_trace_has_stats(struct kvm_vcpu *vcpu) { return false; }
ssize_t exit_trace_stats_read(struct kvm_vcpu *vcpu, char __user *buffer, size_t size,
			      loff_t *offset);
#endif

#endif /* __KVM_EXIT_TRACE_HOOKS_H */
