"""Guessing what the columns of a table mean, for a person to confirm."""

from .guess import guess
from .memory import reusable, signature
from .messages import explain
from .result import Candidate, Guess, Question, Reason

__all__ = ["Candidate", "Guess", "Question", "Reason", "explain", "guess", "reusable", "signature"]
