"""Other people's Kafka topics as sources: their messages become requests, and so raw messages."""
