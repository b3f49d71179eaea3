/* SPDX-License-Identifier: GPL-2.0-only */
/* exitstat's numbers as JSON.  Keys are append-only. */
#ifndef STAT_JSON_H
#define STAT_JSON_H

#include <jansson.h>

#include "snapshot.h"

/* Who counts: vendor, vcpus, abi, from_start, incomplete, tsc_khz, unit */
json_t *tracer_json(const char *unit);

/* tsc, whole, sum, reasons; of a difference, own and each net, too. */
json_t *snapshot_json(const struct snapshot *snapshot, bool difference);

/* Each vCPU's exits and cycles, live. */
json_t *vcpus_json(void);

/* A number of 64 bits; what JSON's readers can't hold as a number is a string. */
json_t *u64_json(u64 number);

/* Prints and frees. */
void json_show(json_t *root);

#endif
