"""Cuesmith: generate, audition and hand over sounds and voices, from any service, in one queue."""

__version__ = "0.1.0"
