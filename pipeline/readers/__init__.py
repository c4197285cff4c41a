"""Files in, records out: every form is found by its content and read by its labels."""
