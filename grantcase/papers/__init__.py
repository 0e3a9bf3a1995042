"""The documents the system writes: one neutral paper, filled from a pack's words and a case's
facts, written as PDF and as DOCX.

template (defaults/*.yaml, section `papers` of the pack) + facts (facts.py) -> filling.py -> Paper
(model.py) -> pdf.py or word.py; charts.py draws what both show. Nothing of a programme stands here.
"""
