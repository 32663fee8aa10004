// SPDX-License-Identifier: GPL-2.0
/* Copyright (C) 2026 The mctp-pcc authors */
/*
 * A UART whose interrupt all channels share: level-triggered. A byte that it
 * receives raises the line, the read that acknowledges the interrupt lowers it.
 */
#include "acpi/layout.h"
#include "base/util.h"
#include "machine.h"

/*
 * The handler of one channel may read the byte of another's interrupt. A second
 * byte stands for the line that a real device would not have lowered.
 */
#define UART_AGAIN	(2 * NSEC_PER_MSEC)
#define UART_IER	(UART_ADDRESS + 1)	/* its interrupt enable */
#define UART_IER_RDI	1			/* received data */

static struct {
	struct sock *sock;
	struct qtest *qtest;
	struct timer again;
} u;

/* What the acknowledge's write sends is not used. */
void uart_input(struct sock *s)
{
	char bytes[256];

	sock_read(s, bytes, sizeof(bytes));
}

bool uart_open(struct sock *s, struct qtest *q, const char *dir,
	       const struct conf *conf)
{
	u.sock = s;
	u.qtest = q;
	s->fd = -1;
	s->listen_fd = -1;
	if (!conf->level)
		return true;
	for (unsigned int i = 0; i < conf->n; i++) {
		conf->links[i].out.ack = NULL;
		conf->links[i].in.ack = NULL;
	}
	return sock_listen(s, dir, "uart.sock");
}

static void uart_enable(unsigned int value)
{
	qtest_command(u.qtest, "%s 0x%x 0x%x\n", UART_SPACE ? "outb" : "writeb",
		      UART_IER, value);
}

static void uart_byte(void *arg)
{
	/*
	 * A change of the enable raises the line again: QEMU's IOAPIC loses a
	 * rise while the pin is masked. The reply also paces `irq`.
	 */
	uart_enable(0);
	uart_enable(UART_IER_RDI);
	sock_queue(u.sock, "", 1);
}

void uart_raise(void)
{
	uart_byte(NULL);
	timer_set(&u.again, UART_AGAIN, uart_byte, NULL);
}
