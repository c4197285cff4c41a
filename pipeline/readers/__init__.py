"""From files to tables: every form is recognised by its content and read by its labels."""
