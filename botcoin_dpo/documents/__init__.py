"""What a challenge's document says, read without any trace.

`document.read_document` reads a document, whose `settled` and `supports` answer for one entity and
one attribute; `answers.answers_of` answers questions. What is ambiguous is not read.
Contract: schemas/README.md, "Reading documents".
"""
