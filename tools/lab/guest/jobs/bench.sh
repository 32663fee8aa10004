#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Copyright (C) 2026 The mctp-pcc authors
#
# bench.sh [links]: the guest's part of `make bench`: a line "row NAME=VALUE ..." for
# each measurement. What is compared takes turns: a busy host slows both alike. With
# "links": full queues, and one to eight links side by side.

IF=mctppcc1
BARE=/sys/module/pcc_bare/parameters
ROUNDS=9
DRAINS=40
DRAIN=250
OUT=1000
IN=1000
MS=500

# row WORDS COMMAND...: one measurement, on one line
row() {
	words=$1
	shift
	# shellcheck disable=SC2046 # one line of words
	echo row "$words" $("$@" || echo failed=1)
}

up() {
	ip link set "$IF" mtu "$1" up &&
		traffic join "$IF" 8 9
}

# Packets of the largest size that fits, or one message in as many as it takes.
out_bare() {
	echo "$OUT $1" >"$BARE/pump" && echo "ns=$(cat "$BARE/ns")"
}

out_mctp() {
	traffic out "$IF" 9 $(($1 - 4)) "$OUT"
}

flood() {
	platform flood 0 count="$IN" len="$1" eid=8 src=9 rest=0 >/dev/null
}

in_bare() {
	echo "$IN" >"$BARE/expect"
	flood "$1"
	platform quiesce 0 ms=60000 >/dev/null
	echo "packets=$(cat "$BARE/received") ns=$(cat "$BARE/ns")"
}

# in_socket BYTES WORD
in_socket() {
	traffic "$2" "$IF" "$IN" &
	pid=$!
	sleep 0.3
	flood "$1"
	wait "$pid"
}

one_way() {
	insmod /lab/pcc_bare.ko outbox=0 inbox=1
	row "do=out who=bare mtu=$1" meter 0 "$0" out_bare "$1"
	row "do=in who=bare mtu=$1" meter 0 "$0" in_bare "$1"
	rmmod pcc_bare
	up "$1"
	row "do=out who=packet mtu=$1" meter 0 packets "$IF" "$OUT" "$1"
	row "do=out who=mctp mtu=$1" meter 0 "$0" out_mctp "$1"
	row "do=in who=packet mtu=$1" meter 0 "$0" in_socket "$1" in
	row "do=in who=mctp mtu=$1" meter 0 "$0" in_socket "$1" in-mctp
	ip link set "$IF" down
}

# echoes WHO PEER MTU SIZES WINDOWS
echoes() {
	for size in $4; do
		for window in $5; do
			row "do=echo who=$1 mtu=$3 size=$size window=$window" \
				meter 0 traffic echo "$2" "$size" "$window" "$MS"
		done
	done
}

serial() {
	modprobe mctp-serial
	traffic serial /dev/ttyS1 &
	serial=$!
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		[ ! -e /sys/class/net/mctpserial0 ] || break
		sleep 0.2
	done
	# as many packets as the other link's queue takes
	ip link set mctpserial0 txqueuelen 8192 up
	traffic join mctpserial0 10 11
}

against_serial() {
	up 68
	serial
	for size in 64 1024 8192 65536; do
		for window in 1 8; do
			# half a minute of a serial line
			[ "$size.$window" != 65536.8 ] || continue
			for _ in 1 2; do
				echoes pcc 9 68 "$size" "$window"
				echoes serial 11 68 "$size" "$window"
			done
		done
	done
	kill "$serial"
}

depth() {
	for count in 10 100 1000 10000; do
		row "do=depth count=$count" meter 0 packets "$IF" "$count" 68
	done
}

# As many packets whatever the message: 1,024 at MTU 68
sizes() {
	for size in 64 1024 8192 65536; do
		row "do=size size=$size" meter 0 \
			traffic out "$IF" 9 "$size" $((65536 / size))
	done
}

latency() {
	row "do=control qdisc=$1 load=0" traffic control 9 100
	row "do=control qdisc=$1 load=1" traffic control 9 20 65536 1
	# the eighth tag is that of the requests
	row "do=control qdisc=$1 load=7" traffic control 9 10 65536 7
}

side_by_side() {
	count=$1
	shift
	for name; do
		packets "$name" "$count" 68 &
	done
	wait
}

# drain WORDS LINK COMMAND...: a row of what the platform counted on that link
drain() {
	words=$1
	link=$2
	shift 2
	platform reset "$link" >/dev/null
	"$@" >/dev/null || words="$words failed=1"
	platform quiesce "$link" >/dev/null
	row "do=drain $words" platform counters "$link"
}

pump() {
	echo "$DRAIN $1" >"$BARE/pump"
}

# drains OURS OTHER: full queues go out, the driver's on one link and the bare
# mailbox's on another, in turns
drains() {
	ours=mctppcc$((2 * $1 + 1))
	insmod /lab/pcc_bare.ko outbox=$((2 * $2)) inbox=$((2 * $2 + 1))
	ip link set "$ours" mtu 8192 up
	for len in 68 512 8192; do
		for _ in $(seq "$DRAINS"); do
			drain "who=bare len=$len" "$2" pump "$len"
			drain "who=driver len=$len" "$1" \
				packets "$ours" "$DRAIN" "$len" queued "$1"
		done
	done
	ip link set "$ours" down
	rmmod pcc_bare
}

all_links() {
	drains 0 1
	drains 1 0
	names=''
	for n in 1 2 3 4 5 6 7 8; do
		names="$names mctppcc$((2 * n - 1))"
		ip link set "mctppcc$((2 * n - 1))" mtu 68 up
		for _ in $(seq "$ROUNDS"); do
			# shellcheck disable=SC2086 # a list of names
			row "do=links links=$n" meter 0 "$0" side_by_side \
				"$OUT" $names
		done
	done
}

one_link() {
	for _ in $(seq "$ROUNDS"); do
		for mtu in 68 512 8192; do
			one_way "$mtu"
		done
	done
	against_serial
	for _ in $(seq "$ROUNDS"); do
		depth
		sizes
	done
	latency default
	tc qdisc replace dev "$IF" root prio
	latency prio
	tc qdisc del dev "$IF" root
	for mtu in 512 8192; do
		ip link set "$IF" mtu "$mtu"
		echoes pcc 9 "$mtu" '64 1024 8192 65536' '1 2 4 8'
	done
	ip link set "$IF" mtu 68
	echoes pcc 9 68 '64 1024 8192 65536' '2 4'
	echoes pcc 9 68 65536 8
}

set -e
case ${1:-} in
'') one_link ;;
links) all_links ;;
*) "$@" ;;
esac
