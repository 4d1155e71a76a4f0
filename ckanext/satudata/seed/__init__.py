"""The first contents of a kabupaten's portal: its bodies, their users and the indicators."""
