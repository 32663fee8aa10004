// SPDX-License-Identifier: GPL-2.0
/*
 * Load messages, of which each byte follows from a seed; AF_PACKET sockets
 * Copyright (C) 2026 The mctp-pcc authors
 */
#include <arpa/inet.h>
#include <sys/mman.h>

#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/virtio_net.h>

#include "pcc.h"

/* Load service: enterprise number for documentation (RFC 5612), long form */
#define LOAD_ENTERPRISE	32473
#define LOAD_LONG	0x4c
#define LOAD_HEADER	13
#define LOAD_REPLY_SEED	0x5a5a5a5a

/* How many packets, and MCTP bytes, a body of @len makes at @mtu */
unsigned long long mctp_packets(size_t len, unsigned int mtu)
{
	unsigned int unit = mtu - MCTP_HDR_LEN;

	return (len + 1 + unit - 1) / unit;
}

unsigned long long mctp_bytes(size_t len, unsigned int mtu)
{
	return len + 1 + MCTP_HDR_LEN * mctp_packets(len, mtu);
}

static __u8 load_byte(__u32 seed, __u32 i)
{
	__u32 x = seed + i * 0x9e3779b1;

	x ^= x >> 16;
	x *= 0x85ebca6b;
	x ^= x >> 13;
	return x & 0xff;
}

static void load_le32(__u8 *p, __u32 value)
{
	int i;

	for (i = 0; i < 4; i++)
		p[i] = value >> (8 * i);
}

/* A body that is too short for the header is all pattern */
static void load_fill(__u8 *body, size_t len, __u32 seed, __u32 reply_len)
{
	static const __u8 header[] = {
		LOAD_ENTERPRISE >> 24, LOAD_ENTERPRISE >> 16 & 0xff,
		LOAD_ENTERPRISE >> 8 & 0xff, LOAD_ENTERPRISE & 0xff, LOAD_LONG,
	};
	size_t i = 0;

	if (len >= LOAD_HEADER) {
		memcpy(body, header, sizeof(header));
		load_le32(body + 5, seed);
		load_le32(body + 9, reply_len);
		i = LOAD_HEADER;
	}
	for (; i < len; i++)
		body[i] = load_byte(seed, i);
}

/* One without room for a seed has its length as that */
static __u32 load_seed(size_t len, __u32 seed)
{
	return len < LOAD_HEADER ? len : seed;
}

void load_request(__u8 *body, size_t len, __u32 seed, __u32 reply_len)
{
	load_fill(body, len, load_seed(len, seed), reply_len);
}

void load_answer(__u8 *body, size_t len, __u32 seed)
{
	load_fill(body, len, load_seed(len, seed) ^ LOAD_REPLY_SEED, 0);
}

/* Is this the answer to the request that was made with @seed? */
int load_check(const __u8 *body, size_t len, __u32 seed)
{
	__u8 *want = malloc(len + 1);
	size_t i = 0;
	int rc = 0;

	if (!want)
		return -ENOMEM;
	load_answer(want, len, seed);
	if (memcmp(body, want, len)) {
		while (body[i] == want[i])
			i++;
		printf("# byte %zu of %zu is %02x, not %02x\n", i, len,
		       body[i], want[i]);
		rc = -EBADMSG;
	}
	free(want);
	return rc;
}

#define RING_FRAME	16384
#define RING_FRAMES	4
/* One block, which is whole pages of any size */
#define RING_SIZE	(RING_FRAME * RING_FRAMES)

/* @sndbuf: how much may wait to be sent; 0: the system's default */
int pkt_socket(int sndbuf)
{
	int fd, rc;

	fd = socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	if (sndbuf && setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &sndbuf,
				 sizeof(sndbuf)) < 0) {
		rc = -errno;
		close(fd);
		return rc;
	}
	return fd;
}

/* Straight to the driver, also while its queue is stopped or torn down */
int pkt_bypass(int fd)
{
	int on = 1;

	return setsockopt(fd, SOL_PACKET, PACKET_QDISC_BYPASS, &on,
			  sizeof(on)) < 0 ? -errno : 0;
}

int pkt_bind(int ifindex, unsigned short protocol)
{
	struct sockaddr_ll addr = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(protocol),
		.sll_ifindex = ifindex,
	};

	return sock_bind(AF_PACKET, SOCK_RAW, &addr, sizeof(addr));
}

/* Receives all packets of the link, both ways */
int pkt_listen(const struct pcc *pcc)
{
	return pkt_bind(pcc->link.ifindex, ETH_P_ALL);
}

int pkt_send(int fd, int ifindex, const void *data, size_t len)
{
	struct sockaddr_ll addr = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(ETH_P_MCTP),
		.sll_ifindex = ifindex,
	};

	if (sendto(fd, data, len, 0, (struct sockaddr *)&addr,
		   sizeof(addr)) < 0)
		return -errno;
	return 0;
}

/* A load message of one packet, @len bytes with its header, no answer wanted */
void pkt_load(const struct pcc *pcc, __u8 *packet, size_t len, __u32 seed)
{
	packet[0] = 1;		/* header version */
	packet[1] = pcc->peer_eid;
	packet[2] = pcc->eid;
	packet[3] = MCTP_SOM | MCTP_EOM | MCTP_TO | (seed & MCTP_TAG_MASK);
	packet[4] = MCTP_TYPE_VENDOR_IANA;
	load_request(packet + MCTP_HDR_LEN + 1, len - MCTP_HDR_LEN - 1, seed,
		     0);
}

/* The same from the other side: what the platform floods and posts */
void pkt_load_in(const struct pcc *pcc, __u8 *packet, size_t len, __u32 seed)
{
	pkt_load(pcc, packet, len, seed);
	packet[1] = pcc->eid;
	packet[2] = pcc->peer_eid;
}

/* The platform posts such a packet; @options: see plat_post() */
int pkt_post(const struct pcc *pcc, size_t len, __u32 seed,
	     const char *options)
{
	__u8 packet[RING_FRAME];

	pkt_load_in(pcc, packet, len, seed);
	return plat_post(pcc, packet, len, options);
}

int pkt_send_load(int fd, const struct pcc *pcc, size_t len, __u32 seed)
{
	__u8 packet[RING_FRAME];

	pkt_load(pcc, packet, len, seed);
	return pkt_send(fd, pcc->link.ifindex, packet, len);
}

static int pkt_unsent(int fd)
{
	int bytes;

	if (ioctl(fd, SIOCOUTQ, &bytes) < 0)
		return -errno;
	return bytes;
}

int pkt_wait_sent(int fd)
{
	int bytes, left = pkt_unsent(fd);

	while (left > 0) {
		bytes = left;
		wait_until((left = pkt_unsent(fd)) != bytes);
		if (left == bytes)
			return -ETIMEDOUT;
	}
	return left;
}

static int ring_setup(int fd, bool vnet_hdr, void **ring)
{
	struct tpacket_req req = {
		.tp_block_size = RING_SIZE,
		.tp_block_nr = 1,
		.tp_frame_size = RING_FRAME,
		.tp_frame_nr = RING_FRAMES,
	};
	int version = TPACKET_V2, on = vnet_hdr;

	if (setsockopt(fd, SOL_PACKET, PACKET_VERSION, &version,
		       sizeof(version)) < 0 ||
	    setsockopt(fd, SOL_PACKET, PACKET_VNET_HDR, &on, sizeof(on)) < 0 ||
	    setsockopt(fd, SOL_PACKET, PACKET_TX_RING, &req, sizeof(req)) < 0)
		return -errno;
	*ring = mmap(NULL, RING_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd,
		     0);
	return *ring == MAP_FAILED ? -errno : 0;
}

/* Sends out of a transmit ring: not linear. With @vnet_hdr of any length. */
int pkt_ring_send(const struct pcc *pcc, const void *data, size_t len,
		  bool vnet_hdr)
{
	struct sockaddr_ll addr = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(ETH_P_MCTP),
		.sll_ifindex = pcc->link.ifindex,
	};
	size_t extra = vnet_hdr ? sizeof(struct virtio_net_hdr) : 0;
	struct tpacket2_hdr *frame;
	void *ring;
	int fd, rc;

	/* the only type that may have a virtio header */
	fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	rc = ring_setup(fd, vnet_hdr, &ring);
	if (!rc) {
		frame = ring;
		frame->tp_len = extra + len;
		memcpy((char *)frame + TPACKET2_HDRLEN -
		       sizeof(struct sockaddr_ll) + extra, data, len);
		frame->tp_status = TP_STATUS_SEND_REQUEST;
		rc = sendto(fd, NULL, 0, 0, (struct sockaddr *)&addr,
			    sizeof(addr));
		rc = rc < 0 ? -errno : 0;
		if (!rc && !wait_until(__atomic_load_n(&frame->tp_status,
						       __ATOMIC_ACQUIRE) ==
				       TP_STATUS_AVAILABLE))
			rc = -ETIMEDOUT;
		munmap(ring, RING_SIZE);
	}
	close(fd);
	return rc;
}

static void *sender_thread(void *arg)
{
	struct pkt_sender *sender = arg;
	struct pcc_link link;

	while (!__atomic_load_n(&sender->stop, __ATOMIC_RELAXED)) {
		if (!pkt_send_load(sender->fd, &sender->pcc, MCTP_MTU_MIN,
				   sender->sent)) {
			sender->sent++;
			continue;
		}
		sender->refused++;
		/* down, or gone and perhaps back with another index */
		usleep(500);
		if (!pcc_link_of(sender->pcc.device, &link))
			sender->pcc.link = link;
	}
	return NULL;
}

int pkt_sender_start(struct pkt_sender *sender, const struct pcc *pcc,
		     bool bypass)
{
	int rc = 0;

	memset(sender, 0, sizeof(*sender));
	sender->pcc = *pcc;
	sender->fd = pkt_socket(0);
	if (sender->fd < 0)
		return sender->fd;
	if (bypass)
		rc = pkt_bypass(sender->fd);
	if (!rc)
		rc = -pthread_create(&sender->thread, NULL, sender_thread,
				     sender);
	if (rc)
		close(sender->fd);
	return rc;
}

/* Needs the link up, or the sender may wait for room for ever */
int pkt_sender_stop(struct pkt_sender *sender)
{
	int rc;

	__atomic_store_n(&sender->stop, true, __ATOMIC_RELAXED);
	pthread_join(sender->thread, NULL);
	rc = pkt_wait_sent(sender->fd);
	close(sender->fd);
	return rc;
}
