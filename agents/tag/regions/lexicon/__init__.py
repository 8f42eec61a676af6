"""Names of places as articles write them: the compiled gazetteer, its names with their senses, words, cases and scripts.

`gazetteer` reads the file, `names` its names; the others say how a language writes one. Nothing here has seen an article.
"""
