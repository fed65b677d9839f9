"""The lectures' live widgets, one module each.

Owns what a learner can play with: each has a plain function that draws one picture, and a widget that
changes that function's arguments. Must not know how a program is run or judged; a widget that shows an
exchange is given it.
"""
