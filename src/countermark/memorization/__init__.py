"""Whether a model reproduces works, and whether it can be proved that it was given them: plans, runs, results.

Three grades that are never mixed: A, proof (exact, from something drawn at random and planted); B, reproduction (an
exact probability, or output word for word, held against control works); C, hint (no p-value).
"""
