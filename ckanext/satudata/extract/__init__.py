"""Files to figures: reading, guessing, declaring. Imports nothing of CKAN."""
