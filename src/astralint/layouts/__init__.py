"""How teams lay out their code: which evaluations there are in a tree, and what could not be read.

One module or sub-package a layout, behind the protocol in `astralint.layouts.protocol`. Nothing above
knows of layouts.
"""
