/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Copyright (C) 2026 The mctp-pcc authors
 *
 * Visits all states of the world w: at a point() the context that runs stops,
 * and any other may go on. The world is copied to come back to it, stacks and
 * all; a hash of what is alive in it tells whether it has been here before.
 */
#include <signal.h>
#include <ucontext.h>
#include <unistd.h>

static bool running(void);
static bool enabled(int action);
static void act(int action);
static void check_quiet(void);
static unsigned long states, steps;
static ucontext_t scheduler;
static int self = -1; /* the context that runs */
static int path[1 << 16], depth, taken[ACTIONS];
static bool swift; /* it is not overtaken until it has txq.lock */

static void violation(const char *what)
{
	int i;

	for (i = 0; i < depth; i++)
		printf("%s%s", i ? ", " : "", names[path[i]]);
	printf("\nviolation: %s\n", what);
	fflush(stdout);
	_exit(1);
}

#define must(x)                        \
	do {                           \
		if (!(x))              \
			violation(#x); \
	} while (0)

/* Anything may happen here. With a flag: until it is 0 */
static void point(u8 *wait)
{
	if (self < 0 || (swift && !(wait && *wait)))
		return;
	w.context[self].wait = wait;
	swapcontext(&w.context[self].at, &scheduler);
}

/* FNV-1a, by words */
static void mix(unsigned long *hash, const void *from, size_t bytes)
{
	const unsigned long *word = from;

	for (; bytes >= 8; bytes -= 8, word++)
		*hash = ((*hash ^ *word) * 0x100000001b3UL) ^ (*hash >> 29);
}

static const int saved[] = { REG_RBX, REG_RBP, REG_RSP, REG_RIP,
			     REG_R12, REG_R13, REG_R14, REG_R15 };

static unsigned long hash_of_world(void)
{
	unsigned long hash = 0xcbf29ce484222325UL;
	unsigned int i, j;

	mix(&hash, &w, offsetof(struct world, context));
	for (i = 0; i < CONTEXTS; i++) {
		struct context *c = &w.context[i];
		const greg_t *reg = c->at.uc_mcontext.gregs;

		hash = hash * 3 + c->running;
		if (!c->running)
			continue;
		for (j = 0; j < ARRAY_SIZE(saved); j++)
			mix(&hash, &reg[saved[j]], 8);
		mix(&hash, &c->wait, 8);
		mix(&hash, (void *)reg[REG_RSP],
		    c->stack + STACK - (char *)reg[REG_RSP]);
	}
	return hash | 1;
}

#define SLOTS BIT(25)
static unsigned long seen[SLOTS], states, steps;

static bool is_new(unsigned long hash)
{
	unsigned long i;

	for (i = hash % SLOTS; seen[i]; i = (i + 1) % SLOTS)
		if (seen[i] == hash)
			return false;
	seen[i] = hash;
	must(++states < SLOTS / 2);
	return true;
}

static void explore(void)
{
	struct world *here;
	bool any = false;
	int a;

	if (!is_new(hash_of_world()))
		return;
	here = malloc(sizeof(w));
	memcpy(here, &w, sizeof(w));
	if (!running()) {
		check_quiet();
		memcpy(&w, here, sizeof(w));
	}
	for (a = 0; a < ACTIONS; a++) {
		if (!enabled(a))
			continue;
		any |= a < CONTEXTS;
		path[depth++] = a;
		steps++;
		act(a);
		explore();
		depth--;
		memcpy(&w, here, sizeof(w));
	}
	must(any || !running()); /* no deadlock */
	free(here);
}

static void crashed(int signal)
{
	violation("a crash");
}
