"""Where audio comes from; each module knows one service family."""
