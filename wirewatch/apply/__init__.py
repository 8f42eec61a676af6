"""`wirewatch apply`: the steps over files, without a broker."""
