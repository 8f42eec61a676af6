"""What the decider of stories remembers: running stories, how common words are, and copies that wait.

`story` is a story as it is persisted, `memory` all of a language as arrays, by which the nearest ones are found.
"""
