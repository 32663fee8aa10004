/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the files of the library that speak rtnetlink have in common
 * Copyright (C) 2026 The mctp-pcc authors
 */
#ifndef PCC_NL_H
#define PCC_NL_H

#include <stddef.h>

#include <linux/netlink.h>
#include <linux/rtnetlink.h>

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

#endif /* PCC_NL_H */
