"""How a claim comes to its amounts. Nothing here touches the book, the screen or the clock."""
