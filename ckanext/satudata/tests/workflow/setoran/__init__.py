"""Setoran data, from the obligation to the figure's origin."""
