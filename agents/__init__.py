"""The steps: one package each, a pure core and the lines that attach it."""
