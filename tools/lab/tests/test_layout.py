# SPDX-License-Identifier: GPL-2.0
# Copyright (C) 2026 The mctp-pcc authors
"""Folders are small, say what they are, and know each other in one direction."""

import ast
import collections
import graphlib
import glob
import os
import re
import unittest

from scripts import TOP, read, run

ROOMS, PLATFORM = 'tools/lab', 'tools/pcc-platform'
MOST_FILES = 12
MOST_README = 15
# Of each program's own tests, and of data: no limit for these.
LARGE = (f'{ROOMS}/tests', f'{PLATFORM}/tests')
# How a script names a file of another room: by lib.sh's LAB, or by its own place.
CALL = re.compile(r'(?:\$LAB"?|tools/lab|lab)/(\w+)/|'
                  r'\$\(dirname "[^"]+"\)/\.\./(\w+)/')
PATH = re.compile(r'(?<![\w/.])(?:tools/(?:lab|pcc-\w+)|doc)/[\w./-]*\w')
INCLUDE = re.compile(r'^#include "([\w-]+)/[^"]+"', re.M)


def tracked(*paths):
    """Files of the checkout, also those not yet committed."""
    listed = run('git', '-C', TOP, 'ls-files', '-co', '--exclude-standard', *paths)
    return [path for path in listed.stdout.split('\n')
            if os.path.isfile(os.path.join(TOP, path))]


def parts(*names):
    """The words of these lists of the Makefile."""
    lists = dict(re.findall(r'^(\w+) := (.*)$',
                            read('Makefile').replace('\\\n', ' '), re.M))
    return [word for name in names for word in lists[name].split()]


def code(path):
    """The same without comments of whole lines."""
    return '\n'.join(line for line in read(path).splitlines()
                     if not re.match(r'\s*#(?!include)', line))


def joined(path):
    """What os.path.join() in it gives inside the checkout, where all is fixed."""
    tree = ast.parse(read(path))
    known = {'os': os, '__file__': os.path.join(TOP, path), 'TOP': TOP,
             'LAB': os.path.join(TOP, ROOMS)}

    def value(node):
        try:
            return eval(ast.unparse(node), dict(known))
        except (NameError, AttributeError, TypeError):
            return None

    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            known[node.targets[0].id] = value(node.value)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == 'os.path.join':
            name = os.path.normpath(value(node) or '')
            if name.startswith(TOP) and not name.startswith(TOP + '/out'):
                yield name


def room(path, top):
    """The folder below top that has the file; None: top itself, or its tests."""
    name, slash, _ = os.path.relpath(path, top).partition('/')
    return name if slash and name != 'tests' else None


class Layout(unittest.TestCase):

    def ordered(self, top, named):
        """Fails when rooms know each other in a circle; named gives their names."""
        knows = collections.defaultdict(set)
        for path in tracked(top):
            if room(path, top) and not path.endswith('.md'):
                knows[room(path, top)] |= {
                    name for name in named(code(path)) if name != room(path, top)}
        self.assertGreater(len(knows), 5)
        knows = {name: others & set(knows) for name, others in knows.items()}
        self.assertGreater(sum(map(len, knows.values())), 10)
        try:
            list(graphlib.TopologicalSorter(knows).static_order())
        except graphlib.CycleError as error:
            self.fail(f'{top}: these rooms know each other: {error.args[1]}')

    def test_lab(self):
        """No room of the lab calls one that calls it."""
        self.ordered(ROOMS, lambda text: {a or b for a, b in CALL.findall(text)})

    def test_platform(self):
        """No room of the platform includes one that includes it."""
        self.ordered(PLATFORM, INCLUDE.findall)

    def test_size(self):
        """A folder has few files; a room of the two says what it is for."""
        folders = collections.Counter(
            os.path.dirname(path) for path in tracked(ROOMS, PLATFORM)
            if os.path.basename(path) != 'README.md')
        for folder, files in folders.items():
            with self.subTest(folder):
                if folder not in LARGE:
                    self.assertLessEqual(files, MOST_FILES)
                if folder.count('/') == 2:
                    text = read(f'{folder}/README.md')
                    self.assertLessEqual(text.count('\n'), MOST_README)
                    self.assertIn('\n    ', text, 'no command to try')

    def test_paths(self):
        """Each path that a document, a comment or a script names is there."""
        for path in tracked(':!*.svg', f':!{ROOMS}/tests/*'):
            text = re.sub(r'\$LAB"?/', ' tools/lab/', read(path))
            for name in PATH.findall(text):
                with self.subTest(path):
                    self.assertTrue(os.path.exists(os.path.join(TOP, name)), name)

    def test_joined(self):
        """Each path that a Python program puts together of fixed parts is there."""
        seen = 0
        for path in tracked('tools'):
            if path.endswith('.py') or read(path).startswith('#!/usr/bin/env python3'):
                for name in joined(path):
                    seen += 1
                    with self.subTest(path):
                        self.assertTrue(os.path.exists(name), name)
        self.assertGreater(seen, 20)

    def test_picture(self):
        """ARCHITECTURE.md has boxes for folders that are there."""
        text = read('doc/ARCHITECTURE.md')
        self.assertEqual(text.count('```mermaid'), 2)
        boxes = re.findall(r'\["([^"<]+)', text)
        self.assertGreater(len(boxes), 12)
        for name in boxes:
            self.assertTrue(os.path.isdir(os.path.join(TOP, name)), name)
        self.assertLessEqual(text.count('\n'), 70)

    def test_all_parts(self):
        """Each part of the tests is one of `make test-all`."""
        named = parts('PARTS', 'ARM64_PARTS')
        self.assertIn('hosts', named)
        tested = {name.rpartition('/')[2]
                  for name in parts('TEST_x86_64', 'ALL_x86_64')}
        self.assertEqual(sorted(set(named) - tested), [])

    def test_scripts(self):
        """Each target has one script of its name, and no directory."""
        for name in ('shell', *parts('SCRIPTS', 'PARTS', 'ARM64_PARTS')):
            found = glob.glob(os.path.join(TOP, 'tools/lab/*', name))
            self.assertEqual([os.path.isfile(path) for path in found], [True], name)

    def test_help(self):
        lines = run('make', '-s', '-C', TOP, 'help').stdout.splitlines()
        self.assertGreater(len(lines), 20)
        self.assertLessEqual(len(lines), 40)
        self.assertLessEqual(max(map(len, lines)), 80)
