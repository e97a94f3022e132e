"""Qt item models: thin adapters over what the engine knows."""
