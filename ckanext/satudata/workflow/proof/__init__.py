"""Proving that what is public agrees, judging it again, and making it anew from the files."""
