"""Small widgets that every panel is made of; each takes the theme first and follows it."""
