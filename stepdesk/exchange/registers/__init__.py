"""Bringing in a members' register, whatever it looks like; no step writes but the last.

    opened = open_file(path)                      # or open_text(what was pasted)
    choices = proposed(opened, saved=…)           # sheet, table, shape and columns guessed
    result = judge(opened, choices, known)        # every row with its state and reason
    done = bring_in(work, opened=…, choices=…)    # one work, one act
    undo(work, batch_id=…)

docs/registers.md tells what is understood and the form of a mapping.
"""
