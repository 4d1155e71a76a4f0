"""Bodies that take part in Satu Data: kinds, their fields, their place and their roles."""
