"""Page images: measured, made easier to read, and the way between the image as served and upright."""
