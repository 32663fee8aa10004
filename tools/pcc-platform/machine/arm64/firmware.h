/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a firmware leaves in memory for an arm64 kernel
 *
 * Copyright (C) 2026 The mctp-pcc authors
 */
#ifndef PCC_PLATFORM_FIRMWARE_H
#define PCC_PLATFORM_FIRMWARE_H

#include "options.h"

#define FIRMWARE_DTB	"boot.dtb"

/*
 * Writes EFI's and ACPI's tables to the memory that the guest has at
 * FIRMWARE_BASE, and the device tree that leads to them to a file of the run's
 * directory. False, and one line on stderr, if a file is missing.
 */
bool firmware_write(const struct options *o, u8 *mem);

#endif /* PCC_PLATFORM_FIRMWARE_H */
