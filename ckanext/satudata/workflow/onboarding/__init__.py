"""How people begin: accounts, the tour, the practice space, and how far everybody is."""
