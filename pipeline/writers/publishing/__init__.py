"""Building an output beside the old one, its manifest, and swapping it in."""
