"""History: tagged articles, copies, alerts and stories, in a store that can be asked."""
