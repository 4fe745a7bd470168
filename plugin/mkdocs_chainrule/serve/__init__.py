"""What lives as long as a build or a server does: what is watched, told, and set aside."""
