/* SPDX-License-Identifier: GPL-2.0-only */
/* exitstat's numbers as JSON.  Keys are only ever added. */
#ifndef STAT_JSON_H
#define STAT_JSON_H

#include <jansson.h>

#include "payload/exitstat/snapshot.h"

/* The tracer: vendor, vcpus, abi, from_start, incomplete, tsc_khz, unit */
json_t *tracer_json(const char *unit);

/* tsc, whole, the sum's counters, and reasons.  A difference also has own, and net everywhere. */
json_t *snapshot_json(const struct snapshot *snapshot, bool difference);

/* Each vCPU's exits and cycles, live. */
json_t *vcpus_json(void);

/* A number of 64 bits.  If JSON's readers can't hold it as a number, it is a string. */
json_t *u64_json(u64 number);

/* Prints root and frees it. */
void json_show(json_t *root);

#endif
