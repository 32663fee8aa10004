/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The harness, which never ends a test: guard.c does, and puts things back
 * Copyright (C) 2026 The mctp-pcc authors
 */
#ifndef PCC_HARNESS_H
#define PCC_HARNESS_H

#include "pcc.h"
#include "kselftest_harness.h"

#undef TEST_TIMEOUT_DEFAULT
#define TEST_TIMEOUT_DEFAULT	(2 * PCC_LONG_S)

#endif /* PCC_HARNESS_H */
