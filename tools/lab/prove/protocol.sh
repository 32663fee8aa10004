# SPDX-License-Identifier: GPL-2.0
# Copyright (C) 2026 The mctp-pcc authors
# shellcheck shell=bash
#
# Protocol: all interleavings, in small scenarios. Each is what may happen: packets,
# spurious interrupts, opens and stops, packets of the platform, doorbells that fail,
# other clients, turnaround time.

SCENARIOS=(
	"2 0 1 0 0 0 0" # two packets, late and lost completions
	"2 0 1 0 0 1 0" # another client takes the channel
	"2 0 1 0 1 0 0" # a doorbell fails
	"2 1 1 0 0 0 0" # an interrupt too many
	"1 0 3 0 0 0 9" # open, stop, open, with turnaround time
	"1 0 1 1 0 0 0" # the platform sends
	"3 0 1 0 0 0 0" # three packets: the queue stops and is woken
	"2 0 3 0 0 0 0" # opened again while the platform has the buffer
)
# With this the core's interrupt handler may be overtaken by a submission between its
# look at command complete and tx_done.
OVERTAKEN="overtake 3 0 1 0 0 0 0"

# core_functions: those of the mailbox core that the driver and its interrupt use
core_functions() {
	"$HERE/prepare-source" --parts "$SOURCE/drivers/mailbox/mailbox.c" \
		mbox_chan_txdone mbox_send_message mbox_bind_client mbox_free_channel \
		mbox_chan_received_data &&
		"$HERE/prepare-source" --parts "$SOURCE/drivers/mailbox/pcc.c" \
			pcc_mbox_request_channel pcc_mbox_irq pcc_send_data pcc_startup \
			pcc_shutdown pcc_last_tx_done
}

# interleavings [FUNCTION BEFORE AFTER]: in all scenarios, or those of $CASES
interleavings() {
	local scenario

	"$HERE/prepare-source" --bare "$DRIVER" "$@" >driver.c &&
		gcc -O1 -w -fno-stack-protector -D_LINUX -I "$SOURCE/include" \
			-I "$HERE/model" -I "$WORK" -I . "$HERE/model/protocol.c" -o protocol ||
		return 2
	for scenario in "${CASES[@]}"; do
		echo "scenario $scenario"
		# shellcheck disable=SC2086 # words
		./protocol $scenario || return
	done
}

core_functions >"$WORK/core.c"
for scenario in "${SCENARIOS[@]}"; do
	CASES=("$scenario")
	aside 0 "holds in scenario $scenario" interleavings
done
CASES=("$OVERTAKEN")
aside 1 "does not hold in scenario $OVERTAKEN" interleavings
wait
CASES=("${SCENARIOS[@]}")
mutants interleavings
