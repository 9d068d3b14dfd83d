"""Reservations of rights: one file per protocol, one verdict over all of them.

A protocol's reader turns bytes into statements (`statement`): a use, an answer, where it stood, when. `verdict` weighs
the statements about one target: within a protocol by that protocol's own rule, between protocols by ours, which is the
most restrictive. `policy` is what a rightsholder wants said, and `writing/` says it in every protocol that can.
"""
