"""Programme packs: reading, validation, forms, CEL, findings and values, the Rules port.

To read a pack: reading, pack_folder, pack, shapes, forms (drafts), examples, facts (facts_schema).
To evaluate: expression (expression_parser, syntax_nodes), functions (working_days), cel_adapter
(the only one that imports `cel`), compiled, evaluation, finding_text, messages.
To validate: pack_schema (section_schema, schema_fields), references, figures, expression_check
(expression_types, operator_types, type_families), exercise (variants), validation. vectors tests.
"""
