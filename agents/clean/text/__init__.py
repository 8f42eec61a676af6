"""Text: decoding, repairs, language and revisions of a text, whatever it came from."""
