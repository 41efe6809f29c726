"""The ledger: what was published as final, append-only, and what has moved since.

It stands above disclosure, so that only what has passed withholding is ever kept or compared, and below words: it
holds facts. Reading is for reports; the engine alone writes. A final lies in
`ledger/<group>/<period>/<practice>/<n>/`, n counting from 1; `ledger/<group>/log.jsonl` tells what happened.
"""
