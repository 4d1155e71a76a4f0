"""Setoran data: kecamatan hand in figures, an agency asks back, accepts and recaps them.

``obligations`` says who owes what, ``calendar`` opens a setoran for each kecamatan and period,
``cells`` keeps what is typed, ``judging`` looks at it, ``handing`` moves it between the two sides,
``recapping`` makes a dataset of it, ``tracing`` leads back from a figure to cell and person.
"""
