/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Copyright (C) 2026 The mctp-pcc authors
 *
 * What the driver and the PCC mailbox take from the kernel, for a program of one
 * file: the types, and the helpers that hold no state. The ACPI structures, and those
 * of the mailbox and of PCC, are the kernel's own. Each program defines the functions
 * that it is about.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <acpi/acpi.h>

#define __iomem
#define __must_hold(...)
#define __guarded_by(...)
#define BIT(n)			(1UL << (n))
#define IS_ENABLED(option)	0
#define ARRAY_SIZE(a)		(sizeof(a) / sizeof((a)[0]))
#define min(a, b)		((a) < (b) ? (a) : (b))
#define max(a, b)		((a) > (b) ? (a) : (b))
#define container_of(p, type, member) \
	((type *)((char *)(p) - offsetof(type, member)))
#define READ_ONCE(x)		(*(volatile __typeof__(x) *)&(x))
#define WRITE_ONCE(x, v)	(*(volatile __typeof__(x) *)&(x) = (v))
#define data_race(x)		(x)
#define unlikely(x)		(x)
#define ERR_PTR(e)		((void *)(long)(e))
#define PTR_ERR(p)		((long)(p))
#define IS_ERR(p)		((unsigned long)(p) >= (unsigned long)-4095)
#define SZ_64K		0x10000U
#define USEC_PER_SEC	1000000U
#define htons(x)	((u16)((x) << 8 | (x) >> 8))

/* Twenty jiffies a second: each time of the driver is a number of them */
#define HZ		20
extern unsigned long jiffies;
#define round_jiffies_relative(delay)	(delay)

typedef struct { u8 locked; } spinlock_t;
#define __packed		__attribute__((packed))
#define __aligned(n)		__attribute__((aligned(n)))

#ifdef CBMC
unsigned int nondet_uint(void);
unsigned long nondet_ulong(void);
u8 nondet_uchar(void);
bool nondet_bool(void);
struct acpi_resource_address64 nondet_address(void);
#define spin_take(lock)		((void)(lock))
#define spin_drop(lock)		((void)(lock))
#else
void spin_take(spinlock_t *lock);
void spin_drop(spinlock_t *lock);
#endif
#define spin_lock_irqsave(l, flags)		((void)((flags) = 0), spin_take(l))
#define spin_unlock_irqrestore(l, flags)	((void)(flags), spin_drop(l))
static inline void spin_end(spinlock_t **lock)
{
	if (*lock)
		spin_drop(*lock);
}

/* scoped_guard() is a loop of one round, as in the kernel */
#define __guard			__attribute__((cleanup(spin_end), unused))
#define guard(kind)		guard_##kind
#define guard_spinlock_irqsave(l) spinlock_t *guarded __guard = (spin_take(l), (l))
#define guard_mutex(l)
#define scoped_guard(kind, ...)	scoped_##kind(__VA_ARGS__)
#define scoped_irqsave()
#define scoped_spinlock_irqsave(l) \
	for (spinlock_t *guarded __guard = (spin_take(l), (l)), *once = guarded; once; \
	     once = NULL)

struct sk_buff {
	struct sk_buff *next, *prev;
	u8 *data;
	unsigned int len;
	unsigned int room;	/* bytes that data has */
	u16 protocol;
	u8 halen;
};

struct sk_buff_head {
	struct sk_buff *next, *prev;
	u32 qlen;
	spinlock_t lock;
};

static inline void __skb_queue_head_init(struct sk_buff_head *list)
{
	list->next = list->prev = (struct sk_buff *)list;
	list->qlen = 0;
}

#define skb_queue_head_init	__skb_queue_head_init
#define skb_queue_len(list)	((list)->qlen)
static inline struct sk_buff *skb_peek(struct sk_buff_head *list)
{
	return list->next == (struct sk_buff *)list ? NULL : list->next;
}

static inline void __skb_queue_tail(struct sk_buff_head *list, struct sk_buff *skb)
{
	skb->next = (struct sk_buff *)list;
	skb->prev = list->prev;
	list->prev->next = skb;
	list->prev = skb;
	list->qlen++;
}

static inline void __skb_unlink(struct sk_buff *skb, struct sk_buff_head *list)
{
	list->qlen--;
	skb->next->prev = skb->prev;
	skb->prev->next = skb->next;
	skb->next = skb->prev = NULL;
}

static inline void skb_queue_splice_init(struct sk_buff_head *list,
					 struct sk_buff_head *head)
{
	struct sk_buff *skb;

	while ((skb = skb_peek(list))) {
		__skb_unlink(skb, list);
		__skb_queue_tail(head, skb);
	}
}

enum skb_drop_reason {
	SKB_NOT_DROPPED_YET, SKB_CONSUMED, SKB_DROP_REASON_DEV_READY,
	SKB_DROP_REASON_PKT_TOO_SMALL, SKB_DROP_REASON_PKT_TOO_BIG,
};
void dev_kfree_skb_any_reason(struct sk_buff *skb, enum skb_drop_reason reason);
static inline void __skb_queue_purge_reason(struct sk_buff_head *list,
					    enum skb_drop_reason reason)
{
	struct sk_buff *skb;

	while ((skb = skb_peek(list))) {
		__skb_unlink(skb, list);
		dev_kfree_skb_any_reason(skb, reason);
	}
}

struct net_device;
#define GFP_ATOMIC	0
#define __GFP_NOWARN	0
#define ETH_P_MCTP	0xfa
struct sk_buff *__netdev_alloc_skb(struct net_device *ndev, unsigned int len, int gfp);
void *skb_put(struct sk_buff *skb, unsigned int len);
#define skb_reset_mac_header(skb)
#define skb_reset_network_header(skb)
#define __mctp_cb(skb)	(skb)
int netif_rx(struct sk_buff *skb);

u32 readl(const void *addr);
void writel(u32 val, void *addr);
void memcpy_toio(void *to, const void *from, size_t n);
void memcpy_fromio(void *to, const void *from, size_t n);
#define ioread32	readl
#define iounmap(addr)			((void)(addr))
#define acpi_os_map_iomem		acpi_os_ioremap
#define acpi_os_unmap_iomem(addr, size)	iounmap(addr)
void *acpi_os_ioremap(u64 base, u64 size);

typedef long ktime_t;
#define us_to_ktime(us)	((ktime_t)(us) * 1000)
enum hrtimer_restart { HRTIMER_NORESTART, HRTIMER_RESTART };
struct hrtimer { bool armed; };
#define HRTIMER_MODE_REL	0
#define hrtimer_setup(timer, function, clock, mode) ((void)(function))
void hrtimer_start(struct hrtimer *timer, ktime_t time, int mode);
void hrtimer_cancel(struct hrtimer *timer);

struct work_struct { bool queued; };
struct delayed_work { struct work_struct work; unsigned long delay; };
#define to_delayed_work(w)	container_of(w, struct delayed_work, work)
#define INIT_DELAYED_WORK(w, function)	((void)(function))
#define queue_delayed_work(wq, w, delay) queue_work_in(w, delay)
void queue_work_in(struct delayed_work *work, unsigned long delay);
void cancel_delayed_work_sync(struct delayed_work *work);

/* What a driver counts is in stats; what it said to the queue in the flags */
struct stats {
	unsigned long tx_packets, tx_bytes, tx_errors, tx_dropped, rx_packets,
		rx_errors, rx_dropped, rx_length_errors;
};
struct net_device {
	struct stats stats;
	bool stopped, dormant;
	unsigned int mtu, min_mtu, max_mtu;
	unsigned long tx_queue_len;
	unsigned int type, flags, pcpu_stat_type;
	const struct net_device_ops *netdev_ops;
	void *priv;
};
#define netdev_priv(ndev)		((ndev)->priv)
#define DEV_STATS_INC(ndev, field)	((ndev)->stats.field++)
#define DEV_STATS_ADD(ndev, field, n)	((ndev)->stats.field += (n))
#define dev_dstats_tx_add(ndev, len)	((void)(len), (ndev)->stats.tx_packets++)
#define dev_dstats_rx_add(ndev, len)	((void)(len), (ndev)->stats.rx_packets++)
#define netif_stop_queue(ndev)		((ndev)->stopped = true)
#define netif_wake_queue(ndev)		((ndev)->stopped = false)
#define netif_start_queue		netif_wake_queue
#define netif_queue_stopped(ndev)	((ndev)->stopped)
#define netif_dormant_on(ndev)		((ndev)->dormant = true)
#define netif_dormant_off(ndev)		((ndev)->dormant = false)
#define netif_dormant(ndev)		((ndev)->dormant)
#define netdev_warn(ndev, ...)		((void)0)
#define netdev_info			netdev_warn
#define netdev_dbg			netdev_warn
#define ARPHRD_MCTP	290
#define IFF_NOARP	0x80
#define IFNAMSIZ	16
#define NETDEV_PCPU_STAT_DSTATS	3
#define NET_NAME_PREDICTABLE	2
#define snprintf(buf, size, ...)	memset(buf, 0, size)
#define MCTP_PHYS_BINDING_PCC	9
typedef int netdev_tx_t;
#define NETDEV_TX_OK	0
struct net_device_ops {
	int (*ndo_open)(struct net_device *ndev);
	int (*ndo_stop)(struct net_device *ndev);
	netdev_tx_t (*ndo_start_xmit)(struct sk_buff *skb, struct net_device *ndev);
};
struct net_device *alloc_netdev(size_t size, const char *name, int type,
				void (*setup)(struct net_device *ndev));
#define free_netdev(ndev)		((void)(ndev))
struct net_device *dev_get_by_name(void *net, const char *name);
extern int init_net;
#define dev_put				free_netdev
#define SET_NETDEV_DEV(ndev, dev)	((void)(dev))
int mctp_register_netdev(struct net_device *ndev, void *ops, int binding);
void mctp_unregister_netdev(struct net_device *ndev);
struct mctp_hdr { u8 ver, dest, src, flags_seq_tag; };

struct device { struct { void *owner; } *driver; };
struct platform_device { struct device dev; void *data; };
#define platform_set_drvdata(pdev, p)	((pdev)->data = (p))
#define platform_get_drvdata(pdev)	((pdev)->data)
struct acpi_device_id { char id[16]; };
struct platform_driver {
	int (*probe)(struct platform_device *pdev);
	void (*remove)(struct platform_device *pdev);
	struct { const char *name; const void *acpi_match_table; } driver;
};
#define acpi_put_table(table)		((void)(table))
#define acpi_format_exception(status)	""
#define ACPI_HANDLE(dev)		((acpi_handle)(dev))
#define dev_err_probe(dev, rc, ...)	(rc)
#define dev_warn(dev, ...)		((void)0)
#define dev_err				dev_warn
#define pr_err(...)			((void)0)
#define pr_warn				pr_err
#define KUNIT_STATIC_STUB_REDIRECT(...)
#define MODULE_DEVICE_TABLE(type, ids)	_Static_assert(1, "")
#define module_platform_driver(driver)	_Static_assert(1, "")
#define MODULE_LICENSE(x)		_Static_assert(1, "")
#define MODULE_AUTHOR			MODULE_LICENSE
#define MODULE_DESCRIPTION		MODULE_LICENSE

struct completion { int unused; };
struct list_head { int unused; };
struct fwnode_reference_args;
struct of_phandle_args;
#define CONFIG_PCC 1

/* What the mailbox core takes beside */
typedef int irqreturn_t;
#define IRQ_NONE	0
#define IRQ_HANDLED	1
#define IRQF_SHARED	1
#define MBOX_IRQ_NAME	"pcc-mbox"
#define init_completion(c)
#define complete(c)
#define wait_for_completion_timeout(c, t)	1
#define msecs_to_jiffies(ms)	(ms)
#define try_module_get(owner)	((void)(owner), true)
#define module_put(owner)	((void)(owner))
#define GFP_KERNEL	0
#define devm_kcalloc(dev, number, size, flags)	calloc(number, size)
#define devm_kzalloc(dev, size, flags)	calloc(1, size)
#define acpi_register_gsi(dev, gsi, trigger, polarity)	((gsi) & 0x7fffffff ?: 1)
#define readb			readl
#define readw			readl
#define readq			readl
#define writeb			writel
#define writew			writel
#define writeq			writel
