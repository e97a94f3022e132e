"""Local sound: reading, checking, playing and converting."""
