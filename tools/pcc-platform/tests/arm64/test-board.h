/* SPDX-License-Identifier: GPL-2.0 */
/* Copyright (C) 2026 The mctp-pcc authors */
/* What the host tests of QEMU's virt share, with a firmware and without */
#ifndef PCC_PLATFORM_TEST_BOARD_H
#define PCC_PLATFORM_TEST_BOARD_H

#include "settings/settings.h"
#include "tests/test.h"

u64 get_le64(const u8 *p);
/* All tables, in memory that the guest has at base. */
void test_acpi(const u8 *mem, u64 base, u64 rsdp, u32 processors);
/* On the links of the table type5; @conf, which the machine has, is theirs. */
void test_type5(struct conf *conf);
void test_firmware(struct options o);

#endif /* PCC_PLATFORM_TEST_BOARD_H */
