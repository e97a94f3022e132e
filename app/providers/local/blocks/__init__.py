"""Building blocks that turn recipes into samples: float32, 48 kHz, NumPy only."""
