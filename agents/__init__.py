"""What happens to an article: one package for each step, each a pure core and the lines that attach it."""
