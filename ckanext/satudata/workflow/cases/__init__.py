"""Requests for information, objections, complaints and suggestions: one case model, one engine."""
