"""Other libraries' galleries as pages of ours, compared with the same code run in plain Python."""
