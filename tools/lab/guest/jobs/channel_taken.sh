#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Copyright (C) 2026 The mctp-pcc authors
#
# channel_taken.sh: while another client of the mailbox has a channel of link 0, the link
# does not come up, says why, and keeps no channel. While the link is up, the other client
# gets none.

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

# Another client gets both channels, and then the link.
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
