"""Tamper evidence (A7): what was recorded cannot be changed, taken away or added to without being named.

``digests`` canonical bytes, SM3, Merkle roots · ``entries`` the digest of an audit entry · ``seals``
entries in batches, each chained to the one before · ``anchors`` the heads of all chains in a file
outside of the database · ``verify`` database against digests, seals and anchors · ``state`` how it
stands, for the console · ``exports`` the same for the stand-alone verifier (docs/verify).
"""
