# SPDX-License-Identifier: GPL-2.0
# Copyright (C) 2026 The mctp-pcc authors
"""The kernel's own parsing of a PCCT as a program, built from a kernel tree."""

import os
import re
import struct
import subprocess

HERE = os.path.dirname(os.path.abspath(__file__))
LAB = os.path.join(HERE, '..', '..', 'lab')
# What mailbox.c calls, and which file has it with all that it needs.
ROOTS = (('lib/fw_table.c', ('acpi_parse_entries_array',)),
         ('drivers/mailbox/pcc.c', ('acpi_pcc_probe', 'pcc_mbox_probe')))
OUTSIDE = ('pcc_chan_ops', 'pcc_chan_count', 'chan_info')
EMPTY = ('acpi', 'mailbox_client', 'mailbox_controller')
# A structure, an enumeration, or a function, each up to its last brace.
DEFINITION = re.compile(r'^(?:(?:struct|enum) (?P<type>\w+) \{.*?^\};|'
                        r'(?!struct \w+ \{|enum)[a-z][^\n;={]*\n?'
                        r'(?:[a-z_]\w*[ *]+)*\b(?P<name>\w+)\([^;{]*\)\n\{'
                        r'.*?^\})$', re.M | re.S)


def kernel_source():
    """The kernel tree that the lab builds from: KDIR, or Debian's."""
    done = subprocess.run([os.path.join(LAB, 'kernel', 'fetch-source')], check=True,
                          stdout=subprocess.PIPE, text=True)
    return done.stdout.strip()


def parts(path, roots):
    """The definitions in a file that the roots need, in the file's order."""
    with open(path, encoding='utf-8') as file:
        source = re.sub(r'/\*.*?\*/', '', file.read(), flags=re.S)
    found = {m['type'] or m['name']: m.group()
             for m in DEFINITION.finditer(source)}
    needed, queue = set(), list(roots)
    while queue:
        name = queue.pop()
        if name in needed or name in OUTSIDE:
            continue
        needed.add(name)
        queue += set(re.findall(r'\w+', found[name])) & set(found) - needed
    return [text for name, text in found.items() if name in needed]


def build(top):
    """Compiles mailbox.c with the kernel's parts; the program's path."""
    kernel = kernel_source()
    os.makedirs(os.path.join(top, 'linux'))
    for name in EMPTY:
        with open(os.path.join(top, 'linux', name + '.h'), 'wb'):
            pass
    os.symlink(os.path.join(kernel, 'include', 'linux', 'fw_table.h'),
               os.path.join(top, 'linux', 'fw_table.h'))
    os.symlink(os.path.join(kernel, 'include', 'acpi'),
               os.path.join(top, 'acpi'))
    with open(os.path.join(top, 'kernel_parts.h'), 'w',
              encoding='utf-8') as file:
        for name, roots in ROOTS:
            file.write('\n\n'.join(parts(os.path.join(kernel, name), roots)))
            file.write('\n')
    program = os.path.join(top, 'mailbox')
    subprocess.run(['gcc', '-O1', '-w', '-D_LINUX', '-DCONFIG_PCC',
                    '-DIS_ENABLED(option)=0', '-I', top, '-o', program,
                    os.path.join(HERE, 'mailbox.c')], check=True)
    return program


def verdicts(program, tables):
    """What the kernel says of (table, fill) pairs, a line for each."""
    stream = b''.join(struct.pack('<IB', len(data), fill) + data
                      for data, fill in tables)
    done = subprocess.run([program], input=stream, stdout=subprocess.PIPE,
                          check=True, timeout=120)
    return done.stdout.decode().splitlines()
