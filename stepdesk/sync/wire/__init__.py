"""The wire: what a return may hold, and the files that carry it. Bytes and keys, nobody's name.

Read `cells` first (every number that may leave), then `content` (one month's return), `bundle`
(a desk to its branch) and `receipt` (the answer). `docs/bundle.md` tells every byte.
"""
