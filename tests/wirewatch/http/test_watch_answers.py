"""The desk's answers on the watches in force, read from their records."""

from streams.records import WatchRecord, encode
from wirewatch.http.watches.routes import MAX_WATCHES, read_records, share_of


def test_each_query_is_read_once_however_often_the_watches_are_listed() -> None:
    """Only of as many watches as an answer has; a record that is none has its error, a wrong query no share."""
    records = {f"w{n:04}": encode(WatchRecord(name=f"w{n:04}", query=f"ferry{n}")) for n in range(MAX_WATCHES + 5)}
    records |= {"a-wrong-query": encode(WatchRecord(name="a-wrong-query", query="oil embargo")), "none": b"{}"}
    share_of.cache_clear()

    good, wrong, shares = read_records(records)

    assert (len(good), list(wrong), len(shares)) == (MAX_WATCHES + 6, ["none"], MAX_WATCHES)
    assert shares[0] is None and shares[1] is not None
    assert read_records(records)[2] == shares
    assert share_of.cache_info().misses == MAX_WATCHES
