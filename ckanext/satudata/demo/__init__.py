"""The demonstration that ``portal up`` prints; also an end-to-end test."""
