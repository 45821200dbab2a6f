"""The branch: takes in what schemes send, answers with receipts, and shows it. Nobody's name."""
