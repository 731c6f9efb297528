"""HTTP and the command line: the outermost layer, which asks the use cases and answers."""
