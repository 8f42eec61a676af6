"""Tables of other people's codes: UN M49 and ISO 3166-1 for places, IPTC Media Topics, ISO 639-1, names of time zones."""
