"""The modes of common bodies, as multiples of their first one."""

from __future__ import annotations

WOOD = (1, 1.58, 2.31, 3.42, 4.7, 6.3)  # a plank: dense, uneven
BAR = (1, 2.756, 5.404, 8.933, 13.34)  # a free bar, after Euler and Bernoulli
PLATE = (1, 1.42, 1.93, 2.51, 3.17, 3.96, 4.88, 6.02, 7.4, 9.1)  # a metal plate
GLASS = (1, 2.32, 4.25, 6.63, 9.38)  # the rim of a glass
BELL = (0.5, 1.0, 1.003, 1.2, 1.5, 2.0, 2.005, 2.66, 3.0, 4.1, 5.3)  # hum, prime, tierce, quint, nominal; doublets beat
