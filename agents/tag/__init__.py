"""Tag: the regions and topics that an article is about, each with score and evidence."""
