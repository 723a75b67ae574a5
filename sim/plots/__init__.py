"""One function a picture: it takes a summary and an Axes, draws, and returns the Axes."""
