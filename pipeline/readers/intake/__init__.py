"""Finding the input's files, telling what their bytes are, and reading each in a limited process."""
