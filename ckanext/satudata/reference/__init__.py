"""Reference data: the shipped files, and reading and checking any such file. Pure."""
