"""Authors: candidates from a page's marks, lines, links, boxes and states, and the choice of one (`choice`)."""
