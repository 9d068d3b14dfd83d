"""Finding the works of an index in pictures: candidates, then geometry and pixels, which decide."""
