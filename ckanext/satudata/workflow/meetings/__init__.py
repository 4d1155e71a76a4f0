"""The weekly meeting: its agenda, who came, what was decided, and what follows from that."""
