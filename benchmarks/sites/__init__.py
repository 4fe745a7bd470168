"""What the plugin costs a site: whole builds and a real server, beside the same pages unexecuted."""
