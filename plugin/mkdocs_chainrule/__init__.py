"""An MkDocs plugin that runs Python in `autograd` fences and shows what came of it."""
