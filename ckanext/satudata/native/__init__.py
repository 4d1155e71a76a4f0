"""The compiled part: what reading and comparing a million figures spends its time on.

``kernel`` is an extension module of C without further libraries. It knows numbers and texts, and
nothing of CKAN, tables or rules; what it does not understand it leaves to its callers, which have
a general way for it. Arrays are handed over as buffers, and their sizes are checked there.
"""
