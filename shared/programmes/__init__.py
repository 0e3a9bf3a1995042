"""Programme packs: reading, validation, forms, CEL, findings and values, the Rules port.

reading -> pack -> shapes, facts, forms, examples -> expression, functions, cel_adapter -> compiled
-> finding_text -> evaluation; validation stands on all of them. Only cel_adapter imports `cel`.
"""
