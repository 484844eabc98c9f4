"""Readiness: who is qualified for what is asked of them, what is missing, what runs out.

`reckon` is arithmetic alone; `people` and `reading` gather what it works on under the rule of one reader;
`counts` sums up. Nothing of it is stored.
"""
