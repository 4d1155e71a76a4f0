"""Agreements of agencies about figures: proposed, accepted, in force, ended."""
