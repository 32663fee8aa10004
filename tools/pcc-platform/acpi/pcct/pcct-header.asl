/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Head of every PCCT. ACPI 6.5, 14.1: flags bit 0 says that
 * the platform interrupts on completion; type 4 subspaces demand it.
 * PCCT_NO_INTERRUPT: it does not say so.
 *
 * Copyright (C) 2026 The mctp-pcc authors
 */
[0004]                          Signature : "PCCT"
[0004]                       Table Length : 00000000
[0001]                           Revision : 02
[0001]                           Checksum : 00
[0006]                             Oem ID : "MCTPPC"
[0008]                       Oem Table ID : "PLATFORM"
[0004]                       Oem Revision : 00000001
[0004]                    Asl Compiler ID : "INTL"
[0004]              Asl Compiler Revision : 00000000

#ifdef PCCT_NO_INTERRUPT
[0004]              Flags (decoded below) : 00000000
                                 Platform : 0
#else
[0004]              Flags (decoded below) : 00000001
                                 Platform : 1
#endif
[0008]                           Reserved : 0000000000000000
