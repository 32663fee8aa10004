#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Copyright (C) 2026 The mctp-pcc authors
#
# channel_taken.sh: another client of the mailbox has the channels of link 0. The link does
# not come up, says why, and keeps nothing; it comes up when they are free. The
# other way round, the link keeps what it has.

. "$(dirname "$0")/tap.sh"

LINK=mctppcc1
OUTBOX=0 INBOX=1
MODULE=/lab/pcc_bare.ko

# refused COMMAND...: fails because somebody else has it
refused() {
	! said=$("$@" 2>&1) && echo "$said" | grep -q 'Device or resource busy'
}

is_down() {
	ip link show dev "$LINK" | grep -q 'state DOWN'
}

talks() {
	rc=0
	ip link set "$LINK" up && conversation "$LINK" 0 || rc=1
	ip link set "$LINK" down && [ "$rc" = 0 ]
}

# The link that was refused has kept neither channel.
later() {
	rmmod pcc_bare &&
		insmod "$MODULE" outbox="$OUTBOX" inbox="$INBOX" &&
		rmmod pcc_bare && talks
}

# taken NAME PARAMETER...: while the module has these channels, and afterwards
taken() {
	what=$1
	shift
	check "taken.$what.loads" insmod "$MODULE" "$@"
	check "taken.$what.refused" refused ip link set "$LINK" up
	check "taken.$what.down" is_down
	check "taken.$what.later" later
}

echo "1..14"
ip link set "$LINK" down
taken outbox outbox="$OUTBOX"
taken inbox inbox="$INBOX"
taken both outbox="$OUTBOX" inbox="$INBOX"
ip link set "$LINK" up
check taken.up.refused refused insmod "$MODULE" outbox="$OUTBOX" inbox="$INBOX"
check taken.up.talks talks
