"""Realistic challenges, miners and logs, for samples, tests and benchmarks.

    domain ─▶ table ─▶ questions ─▶ constraints, traps ─▶ document       a challenge
    miner ─▶ mistakes ─▶ trace and artifact ─▶ coordinator ─▶ record     an attempt
    records ─▶ damage ─▶ files, and a ledger of what was damaged

What challenges are about is data: `domains/` has a TOML file for each domain.

Everything is true: answers come from the table, outcomes from checking the artifact, annotations
from the definitions of the contract. Nothing but the command line imports this room;
from Python, use `botcoin_dpo.simulate`.
"""
