"""The lectures' live widgets, one module each.

Owns what a learner can play with: each has a plain function that draws one picture, and a widget that
changes that function's arguments. Must not judge; what needs processes of its own starts them through `child`.
"""
