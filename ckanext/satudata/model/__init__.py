"""Tables of our own; all names start with `satudata_`."""
