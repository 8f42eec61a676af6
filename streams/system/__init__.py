"""The machine and this process on it: threads and tasks, clocks, bounded logs, limits of files, processors and memory."""
