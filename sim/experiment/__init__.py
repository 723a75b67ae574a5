"""Design points, running them, and storing what came of them."""
