"""Makes a folder from a build that trainers can load at once.

Rows become texts, texts become examples of configs, and those become files and a card.
"""
