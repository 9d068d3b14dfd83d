"""Questions to a model of which only the text of the answer is known: what it recites, and two exact tests."""
