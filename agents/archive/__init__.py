"""History: what has been tagged, copied, alerted and grouped, in a store that can be asked."""
