// SPDX-License-Identifier: GPL-2.0
/* Copyright (C) 2026 The mctp-pcc authors */
/* Endpoints outside of the program: serial framing, pty, sockets */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/sock.h"
#include "ports/ports.h"
#include "test.h"

static const u8 reply[] = { 0x01, 0x08, 0x00, 0xc0, 0x00, 0x00, 0x02, 0x00 };

/* By hand from DSP0253 1.0; the check sequence is of RFC 1662's table. */
static const struct {
	const char *packet;
	const char *frame;
} frames[] = {
	{ "01 00 08 c8 00 80 02", "7e 01 07 01 00 08 c8 00 80 02 2bc1 7e" },
	{ "01 09 7d 7e c8 7e 7d 00",
	  "7e 01 08 01 09 7d5d 7d5e c8 7d5e 7d5d 00 8507 7e" },
};

static unsigned int read_hex(struct serial_reader *r, const char *hex)
{
	unsigned int packets = 0;
	u8 bytes[1024];
	size_t n = test_hex(bytes, hex);

	for (size_t i = 0; i < n; i++)
		packets += serial_read(r, bytes[i]);
	return packets;
}

static void test_serial_frames(void)
{
	u8 packet[SERIAL_PACKET_MAX], frame[SERIAL_FRAME_MAX];
	struct serial_reader r = { 0 };
	size_t n;

	for (size_t i = 0; i < ARRAY_SIZE(frames); i++) {
		n = serial_frame(frame, packet,
				 test_hex(packet, frames[i].packet));
		test_bytes("serial frame", frame, n, frames[i].frame);
		CHECK(read_hex(&r, frames[i].frame) == 1, "frame %zu", i);
		test_bytes("serial packet", r.packet, r.len, frames[i].packet);
	}
	memset(packet, 0x7e, sizeof(packet));
	n = serial_frame(frame, packet, sizeof(packet));
	CHECK(n == SERIAL_FRAME_MAX, "the longest frame has %zu bytes", n);
	CHECK(!r.bad);
}

static void test_serial_noise(void)
{
	static const char * const bad[] = {
		"7e 01 07 01 00 08 c8 00 80 02 0000 7e",	/* sequence */
		"7e 01 07 01 00 08 c8 00 80 03 2bc1 7e",	/* a byte */
		"7e 02 07 01 00 08 c8 00 80 02 2bc1 7e",	/* revision */
		"7e 01 07 01 00 08",				/* cut short */
		"7e 01 06 01 00 08 c8 00 80 02 2bc1 7e",	/* length */
		"7e 01 07 01 00 08 c8 00 80 02 2bc1 00",	/* end */
	};
	struct serial_reader r = { 0 };

	CHECK(read_hex(&r, "00 12 7d") == 0 && !r.bad);
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		r.bad = 0;
		CHECK(!read_hex(&r, bad[i]), "bad frame %zu is taken", i);
		CHECK(read_hex(&r, frames[0].frame) == 1,
		      "no frame after bad frame %zu", i);
		CHECK(r.bad >= 1, "bad frame %zu is not counted", i);
	}
	/* one flag between two frames */
	CHECK(read_hex(&r, "7e 01 07 01 00 08 c8 00 80 02 2bc1") == 0 &&
	      read_hex(&r, "7e 01 07 01 00 08 c8 00 80 02 2bc1 7e") == 2);
}

static void turn(struct external *x)
{
	struct pollfd f;

	test_later(200 * NSEC_PER_MSEC);
	external_pollfd(x, &f);
	if (f.fd >= 0 && poll(&f, 1, 100) > 0)
		external_event(x, &f);
}

/* The other end: of a listener on @fd, or, if that is -1, of our own. */
static int meet(struct external *x, const char *path, int fd)
{
	int peer = fd < 0 ? sock_connect(path, SOCK_SEQPACKET) : -1;

	turn(x);
	if (fd >= 0)
		peer = accept(fd, NULL, NULL);
	CHECK(peer >= 0, "%s: %s", path, strerror(errno));
	return peer;
}

static void check_socket(struct external *x, struct link *l, int fd)
{
	u64 dropped = l->c.ext_dropped, posted = l->c.out_packets;
	u8 packet[16384] = { 0 };
	ssize_t n;

	test_os_send(l, get_eid, sizeof(get_eid));
	n = recv(fd, packet, sizeof(packet), 0);
	CHECK(n == sizeof(get_eid) && !memcmp(packet, get_eid, n));
	send(fd, reply, sizeof(reply), 0);
	turn(x);
	CHECK(!memcmp(l->in.buf + 16, reply, sizeof(reply)) &&
	      l->c.out_packets == posted + 1);
	test_os_ack(l);
	send(fd, packet, 4, 0);
	turn(x);
	send(fd, packet, l->in.size - 15, 0);
	turn(x);
	CHECK(l->c.ext_dropped == dropped + 2 && !l->posted);
}

static void test_external_socket(struct link *l, const char *spec,
				 const char *path)
{
	bool we_listen = spec[0] == 's';
	struct external x;
	int fd = -1, peer;

	if (!CHECK(external_open(&x, l, spec, test_dir), "%s", spec))
		return;
	test_os_send(l, get_eid, sizeof(get_eid));
	CHECK(l->c.ext_dropped == 1);
	if (!we_listen)
		fd = sock_bind(path, path, SOCK_SEQPACKET);
	peer = meet(&x, path, fd);
	check_socket(&x, l, peer);
	close(peer);
	turn(&x);
	CHECK(x.fd < 0, "%s: the end is not seen", spec);
	peer = meet(&x, path, fd);
	check_socket(&x, l, peer);
	close(peer);
	if (fd >= 0)
		close(fd);
	external_close(&x);
	unlink(path);
}

/* A slow endpoint: packets wait in order, up to a limit. */
static void test_external_slow(struct link *l, const char *path)
{
	u8 packet[68] = { 0x01, 0x09, 0x08, 0xc8, 0x7f };
	char spec[4096];
	struct external x;
	unsigned int got = 0;
	int peer;

	snprintf(spec, sizeof(spec), "socket:%s", path);
	external_open(&x, l, spec, test_dir);
	peer = meet(&x, path, -1);
	l->c.ext_dropped = 0;
	for (unsigned int i = 0; i < 9000; i++) {
		put_le32(packet + 8, i);
		test_os_send(l, packet, sizeof(packet));
	}
	CHECK(x.queue.len == 8192 && l->c.ext_dropped &&
	      l->c.ext_dropped < 9000 - 8192);
	do {
		turn(&x);
		while (recv(peer, packet, sizeof(packet), 0) > 0)
			got += get_le32(packet + 8) == got;
	} while (x.queue.len);
	while (recv(peer, packet, sizeof(packet), 0) > 0)
		got += get_le32(packet + 8) == got;
	CHECK(got + l->c.ext_dropped == 9000);
	close(peer);
	external_close(&x);
	unlink(path);
}

static void test_external_pty(struct link *l)
{
	u8 bytes[1024], frame[SERIAL_FRAME_MAX], packet[256] = { 1, 9, 8 };
	struct external x;
	char path[4096];
	ssize_t n;
	int fd;

	if (!CHECK(external_open(&x, l, "pty", test_dir)))
		return;
	snprintf(path, sizeof(path), "%s/link%u.pty", test_dir, l->number);
	fd = open(path, O_RDWR | O_NOCTTY | O_NONBLOCK);
	test_os_send(l, get_eid, sizeof(get_eid));
	n = read(fd, bytes, sizeof(bytes));
	test_bytes("frame on the pty", bytes, n < 0 ? 0 : n, frames[0].frame);
	n = serial_frame(frame, reply, sizeof(reply));
	CHECK(write(fd, frame, n) == n, "%s", path);
	turn(&x);
	CHECK(!memcmp(l->in.buf + 16, reply, sizeof(reply)) && l->posted);
	test_os_ack(l);
	l->c.ext_dropped = 0;
	frame[4] ^= 1;
	CHECK(write(fd, frame, n) == n, "%s", path);
	turn(&x);
	test_os_send(l, packet, sizeof(packet));
	CHECK(l->c.ext_dropped == 2);
	close(fd);
	turn(&x);
	fd = open(path, O_RDWR | O_NOCTTY | O_NONBLOCK);
	test_os_send(l, get_eid, sizeof(get_eid));
	CHECK(read(fd, bytes, sizeof(bytes)) > 0);
	close(fd);
	external_close(&x);
	unlink(path);
}

static void refused(struct external *x, struct link *l, const char *spec,
		    const char *want)
{
	CHECK_REFUSED(want, external_open(x, l, spec, test_dir));
	external_close(x);
}

static void test_external_bad(struct link *l)
{
	struct external x;
	char spec[256] = "socket:/";

	CHECK(!external_spec_ok("socket:") && !external_spec_ok("tcp:1") &&
	      !external_spec_ok("ptyx") && external_spec_ok("builtin"));
	memset(spec + 8, 'x', 200);
	refused(&x, l, spec, "201 bytes, 107 at most");
	refused(&x, l, "socket:/nonexistent/s", "No such file");
}

/* Another's file or socket stays. */
static void test_external_there(struct link *l, const char *path)
{
	char spec[128], pty[4096];
	struct external x, y;
	FILE *f = fopen(path, "w");

	snprintf(spec, sizeof(spec), "socket:%s", path);
	snprintf(pty, sizeof(pty), "%s/link%u.pty", test_dir, l->number);
	fclose(f);
	refused(&x, l, spec, "is no socket");
	CHECK(!unlink(path));

	f = fopen(pty, "w");
	fclose(f);
	refused(&x, l, "pty", "link0.pty: File exists");
	CHECK(!unlink(pty));

	external_open(&x, l, spec, test_dir);
	refused(&y, l, spec, "another program");
	external_close(&x);
	CHECK(external_open(&x, l, spec, test_dir));
	external_close(&x);
	unlink(path);
}

void test_external(void)
{
	char path[100], spec[128];

	test_serial_frames();
	test_serial_noise();
	/* a socket's path is short, the build's directory may not be */
	snprintf(path, sizeof(path), "/tmp/pcc-host-test-%d", getpid());
	for (unsigned int i = 0; i < 2; i++) {
		test_links_read("good");
		snprintf(spec, sizeof(spec), "%s:%s",
			 i ? "connect" : "socket", path);
		test_external_socket(&test_links.link[1], spec, path);
		test_links_free();
	}
	test_links_read("good");
	test_external_slow(&test_links.link[0], path);
	test_external_pty(&test_links.link[0]);
	test_external_bad(&test_links.link[0]);
	test_external_there(&test_links.link[0], path);
	test_links_free();
}
