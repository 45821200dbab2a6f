"""The book: one encrypted file, its people and keys, its journal, and the works that change it."""
