"""What people type who come from other libraries, and for each a sentence that says what is written here."""
