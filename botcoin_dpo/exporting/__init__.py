"""A build in, a folder that trains at once out.

Rows become texts, texts become examples of configs, and those become files and a card.
"""
