"""Steps of a case, declared by its pack (docs/reference/pack-format.md): the same in every service.

book.py holds what was taken and decides, commands.py and events.py its words, taking.py the
handlers' part: forms, rules, facts. Each service adds its command classes (so that a command has
one owner) and says what it knows of a case (StepCase).
"""
