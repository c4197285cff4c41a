"""Lists the files of the input, finds their formats, and reads each in a process with limits."""
