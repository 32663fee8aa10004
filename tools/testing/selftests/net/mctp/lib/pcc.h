/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Common code of the tests of MCTP over PCC (mctp-pcc).
 * Copyright (C) 2026 The mctp-pcc authors
 *
 * Functions return 0 or a negative errno unless they say otherwise; none of
 * them asserts, so that each test says itself what it expects.
 */
#ifndef PCC_H
#define PCC_H

/* What almost every file needs, and does not include again */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/ethtool.h>
#include <linux/if.h>
#include <linux/mctp.h>
#include <linux/rtnetlink.h>
#include <linux/sockios.h>
#include <linux/types.h>

#include "kselftest.h"

#ifndef AF_MCTP
#define AF_MCTP 45
#endif

/* DSP0236: smallest transmission unit and the packet header before it */
#define MCTP_BTU	64
#define MCTP_HDR_LEN	4
#define MCTP_MTU_MIN	(MCTP_BTU + MCTP_HDR_LEN)
#define MCTP_MSG_MAX	65535	/* body, without the message type byte */

/* MCTP packet header, byte 3 */
#define MCTP_SOM	0x80
#define MCTP_EOM	0x40
#define MCTP_TO		0x08

#define MCTP_TYPE_CONTROL	0x00
#define MCTP_TYPE_VENDOR_IANA	0x7f

#define MCTP_BINDING_PCC	0x08

/* These end what hangs, also on a slow host; tests measure what must be soon */
#define PCC_WAIT_MS	60000	/* until one thing is so */
#define PCC_TEST_S	900	/* until a test has ended */
#define PCC_LONG_S	7200	/* the same, when the caller asks for more */

/* Of the first link; each further one has two more, or the next that is free */
#define PCC_EID		8
#define PCC_NET		4711	/* not one that a machine has */

#define PCC_DRIVER	"mctp-pcc"
#define PCC_HID		"DMT0001"

/* What a test cannot do without; see pcc_get() */
#define PCC_NEED_PLATFORM	0x1	/* the lab's, or pccsim */
#define PCC_NEED_MODULE		0x2
#define PCC_NEED_LAB		0x4	/* the lab's: pccsim cannot do that */

struct pcc_link {
	char name[IFNAMSIZ];
	int ifindex;
};

struct pcc_attrs {
	unsigned int type, flags, mtu, min_mtu, max_mtu;
	unsigned int txqlen, carrier, operstate, addr_len, net;
	int binding;
	char qdisc[IFNAMSIZ];
	struct rtnl_link_stats64 stats;
};

struct pcc_qdisc {
	char kind[IFNAMSIZ];
	unsigned int qlen;
	unsigned int drops;
};

struct pcc_counters {
	unsigned long long in_packets, in_bytes, in_messages;
	unsigned long long out_packets, out_bytes, out_acked, out_pending;
	unsigned long long doorbells, violations, busy, bad_messages;
	unsigned long long in_errored, in_early, dropped_while_busy, faults;
	unsigned long long ignored, changed, refused, lagged, irqs_lost;
	unsigned long long fuzz_valid, ring_max_ns, ack_max_ns;
	unsigned long long fuzz_malformed_length, fuzz_malformed_command;
};

/* One link, and what a test has for it */
struct pcc {
	char device[64];
	struct pcc_link link;
	unsigned int number;	/* of its device, and on the command channel */
	bool platform;
	unsigned int net;
	__u8 eid;		/* ours */
	__u8 peer_eid;
	int fd;			/* AF_PACKET, to send */
	int listener;		/* AF_PACKET, or -1: see pkt_listen() */
	int kmsg;		/* the kernel's log, since pcc_get() */
	unsigned int sent;	/* by send_many(), since count_anew() */
	/* when pcc_up() was done */
	struct pcc_attrs start;
	long long stack;	/* its drops */
	unsigned long long violations;
};

/* What driver and platform have counted since then */
struct count {
	unsigned long long tx, tx_bytes, tx_errors, tx_dropped;
	unsigned long long rx, rx_bytes, rx_errors, rx_length, rx_dropped;
	long long stack;	/* dropped by the network stack */
	struct pcc_counters plat;
};

/* An EID or a route of MCTP, as rtnetlink tells and takes it */
struct nl_addr {
	int ifindex;
	unsigned short type;	/* RTM_NEWADDR, RTM_NEWROUTE */
	unsigned short len;
	char data[64];
};

#define DEVICES_MAX	64
#define ADDRS_MAX	64

struct link_state {
	char device[64];
	bool bound;
	struct pcc_link link;	/* ifindex 0: there is none */
	struct pcc_attrs attrs;
	struct pcc_link now;	/* while it is put back */
};

struct pcc_state {
	bool module;		/* loaded */
	char port[64];		/* the device that has the platform's port */
	struct link_state links[DEVICES_MAX];
	int n;
	struct nl_addr addrs[ADDRS_MAX];
	int n_addrs;
};

/* state.c: what a test finds, and what it must leave */
void state_save(struct pcc_state *state);
int state_restore(struct pcc_state *state);

/* guard.c: each test in a child, and everything as before when it is over */
void guard(void);
void guard_anew(void);
/* Set by then: what puts back in the parent whatever is no link's */
extern void (*guard_undo)(void);
void guard_time(unsigned int seconds);

/* link.c: a link and its counters; the first two return why to skip a test */
const char *pcc_get(struct pcc *pcc, unsigned int nth, unsigned int needs);
const char *pcc_get_quirk(struct pcc *pcc, const char *quirk);
int pcc_up(struct pcc *pcc, unsigned int mtu);
int pcc_link_wait(struct pcc *pcc);
int pcc_reopen(const struct pcc *pcc);
int pcc_rebind(struct pcc *pcc);
int pcc_back(struct pcc *pcc);
int count_link(const struct pcc *pcc, struct count *c);
int count_since(const struct pcc *pcc, struct count *c);
bool count_errors(const struct pcc *pcc, unsigned int n);
int count_anew(struct pcc *pcc);
unsigned long long count_gone(const struct count *c);
bool count_wait(const struct pcc *pcc, struct count *c,
		unsigned long long gone);
int plat_agree(const struct pcc *pcc);
int plat_forgive(const struct pcc *pcc);

/* devices.c: the driver's module and devices */
const char *pcc_driver(void);
int pcc_devices(char names[][64], int max);
int pcc_links(struct pcc_link *links, int max);
int pcc_link_of(const char *device, struct pcc_link *link);
int pcc_description(const char *device, char *buf, size_t size);
bool pcc_bound(const char *device);
int pcc_bind(const char *device, bool bind);
size_t pcc_inbox_size(const struct pcc *pcc);
int pcc_autoload(const char *device);
int pcc_module_load(void);
int pcc_module_unload(void);
bool pcc_module_loaded(void);
int ethtool_driver(const char *ifname, struct ethtool_drvinfo *info);
long slab_objects(const char *cache);
int pcc_mappings(void);
bool pcc_mapped(int n);

/* base.c: time, files, sockets, the kernel's log */
__printf(3, 4)
int file_read(char *buf, size_t size, const char *fmt, ...);
int file_write(const char *path, const char *text);
__printf(4, 5)
int dir_read(char names[][64], int max, const char *prefix, const char *fmt,
	     ...);
int sock_bind(int family, int type, const void *addr, socklen_t len);
unsigned long from_env(const char *name, unsigned long fallback);
unsigned long long now_ns(void);
long long now_ms(void);
int kmsg_open(void);
int kmsg_next(int fd, char *line, size_t size);
bool kmsg_has(int fd, const char *text);
int kmsg_of_device(int fd, const char *device, char *line, size_t size);
int kmsg_noise(int fd, char *line, size_t size);
int kmsg_splats(int fd, char *line, size_t size);

/* addr.c: EIDs and routes */
int nl_addr(int ifindex, __u8 eid, bool add);
int nl_route(int ifindex, __u8 eid, bool add);
int nl_addrs(struct nl_addr *addrs, int max);
bool nl_eid_taken(int ifindex, __u8 eid);
void nl_addr_move(struct nl_addr *addr, int ifindex);
int nl_addr_put(const struct nl_addr *addr, bool add);

/* netlink.c: requests, for addr.c; links */
struct nl_request {
	struct nlmsghdr hdr;
	char data[256];
};

typedef void (*nl_handler)(const struct nlmsghdr *hdr, void *arg);
void nl_init(struct nl_request *req, int type, int flags,
	     const void *family_hdr, size_t len);
void nl_put(struct nl_request *req, int type, const void *data, size_t len);
int nl_talk(struct nl_request *req, nl_handler handler, void *arg);
/* The first of that type in @len bytes of attributes, or NULL */
struct rtattr *rta_find(const void *attrs, int len, unsigned int type);
int nl_link_get(int ifindex, struct pcc_attrs *attrs);
int nl_link_stats(int ifindex, struct rtnl_link_stats64 *stats);
unsigned int nl_link_state(int ifindex);
int nl_link_up(int ifindex, bool up);
int nl_link_mtu(int ifindex, unsigned int mtu);
int nl_link_name(int ifindex, const char *name);
int nl_link_net(int ifindex, unsigned int net);
int nl_link_netns(int ifindex, int netns);
int nl_qdisc_set(int ifindex, const char *kind);
int nl_qdisc_get(int ifindex, struct pcc_qdisc *qdisc);
int nl_events_open(void);
int nl_events_next(int fd, int ifindex, struct pcc_attrs *attrs);

/* platform.c: the command channel of the scripted platform */
bool plat_present(void);
const char *plat_absent(void);
const char *plat_not_lab(void);
void plat_close(void);
int plat_device(char *name, size_t size);
int plat_restore(const char *device);
int plat_away(bool away);
int plat_ask(const char *line, char *reply, size_t size);
__printf(2, 3)
int plat_cmd(const struct pcc *pcc, const char *fmt, ...);
int plat_counters(const struct pcc *pcc, struct pcc_counters *c);
int plat_post(const struct pcc *pcc, const void *data, size_t len,
	      const char *options);
int plat_wait_in(const struct pcc *pcc, unsigned long long packets);
int plat_wait_busy(const struct pcc *pcc);
int plat_reset(struct pcc *pcc);
int plat_quiesce(const struct pcc *pcc);

/* mctp.c: AF_MCTP sockets, the control protocol, requests to the services */
int mctp_peer_start(struct pcc *pcc);
int mctp_socket(const struct pcc *pcc, __u8 *tag);
int mctp_bind(const struct pcc *pcc, __u8 type);
int mctp_send(int fd, const struct pcc *pcc, __u8 type, __u8 tag,
	      const void *body, size_t len);
int mctp_recv(int fd, struct sockaddr_mctp *from, void *body, size_t size,
	      int timeout_ms);
int mctp_exchange(const struct pcc *pcc, __u8 type, const void *req,
		  size_t len, void *resp, size_t size, int timeout_ms);
int mctp_get_eid(const struct pcc *pcc);
int mctp_set_eid(const struct pcc *pcc, __u8 eid);
int mctp_echo(const struct pcc *pcc, size_t len);

/* A thread that has one request at a time on its way until told to stop */
struct mctp_client {
	struct pcc pcc;
	int fd;
	__u8 tag;
	int timeout_ms;		/* for one answer */
	bool stop;
	unsigned long long sent;	/* packets: one each */
	unsigned long long answered;
	unsigned long long bad;
	pthread_t thread;
};

int mctp_client_start(struct mctp_client *client, const struct pcc *pcc,
		      int timeout_ms);
void mctp_client_stop(struct mctp_client *client);

/* packet.c: load messages, AF_PACKET */
unsigned long long mctp_packets(size_t len, unsigned int mtu);
unsigned long long mctp_bytes(size_t len, unsigned int mtu);
void load_request(__u8 *body, size_t len, __u32 seed, __u32 reply_len);
void load_answer(__u8 *body, size_t len, __u32 seed);
int load_check(const __u8 *body, size_t len, __u32 seed);
int pkt_socket(int sndbuf);
int pkt_bypass(int fd);
int pkt_bind(int ifindex, unsigned short protocol);
int pkt_listen(const struct pcc *pcc);
int pkt_send(int fd, int ifindex, const void *data, size_t len);
void pkt_load(const struct pcc *pcc, __u8 *packet, size_t len, __u32 seed);
void pkt_load_in(const struct pcc *pcc, __u8 *packet, size_t len, __u32 seed);
int pkt_post(const struct pcc *pcc, size_t len, __u32 seed,
	     const char *options);
int pkt_send_load(int fd, const struct pcc *pcc, size_t len, __u32 seed);
int pkt_wait_sent(int fd);
int pkt_ring_send(const struct pcc *pcc, const void *data, size_t len,
		  bool vnet_hdr);

/* A thread that sends single packets until told to stop, link up or not */
struct pkt_sender {
	struct pcc pcc;
	int fd;
	bool stop;
	unsigned long long sent;
	unsigned long long refused;	/* some of them count as dropped */
	pthread_t thread;
};

int pkt_sender_start(struct pkt_sender *sender, const struct pcc *pcc,
		     bool bypass);
int pkt_sender_stop(struct pkt_sender *sender);

/* Waits for an expression to become true; false if it never does */
#define wait_until(expr)						\
	({								\
		long long __end = now_ms() + PCC_WAIT_MS;		\
		bool __ok;						\
		while (!(__ok = (expr)) && now_ms() < __end)		\
			usleep(2000);					\
		__ok;							\
	})

#endif /* PCC_H */
