"""Queries for the articles that a watch of trends is about: no article has a trend, so a search for one finds nothing."""

import re

from agents.watch.language.parse import parse
from agents.watch.language.query import And, Facet, Not, Or, Query, quoted

COUNTRY, TOPIC = re.compile("[A-Z]{2}"), re.compile(r"medtop:\d+")


def of_articles(query: Query) -> Query:
    """Return a query with, in the place of each trend, the articles that count for it; trends stand in AND, OR and NOT alone."""
    match query:
        case And(parts=parts):
            articles = map(of_articles, parts)
            return And(tuple(each for part in articles for each in (part.parts if isinstance(part, And) else (part,))))
        case Or(parts=parts):
            return Or(tuple(map(of_articles, parts)))
        case Not(part=part):
            return Not(of_articles(part))
        case Facet(field="trend", value=name):
            return articles_of_trend(name)
    return query


def articles_of_trend(name: str) -> Query:
    """Return the query for the articles of a trend by its canonical name (see `vocabulary.trend`)."""
    conditions = [f"region:{part}" for part in name.split(",") if COUNTRY.fullmatch(part)]
    conditions += [f"topic:{part}" for part in name.split(",") if TOPIC.fullmatch(part)]
    return parse(" AND ".join(conditions) or quoted(name))
