"""What the app is about: plain values, states, one Protocol. Standard library only."""
