"""What is done in the members' room."""

from stepdesk.members.service.amending import (
    correct_by_register,
    take_back_corrections,
)
from stepdesk.members.service.bringing import (
    Brought,
    NewBatch,
    add_to_batch,
    batch_of,
    keep_mapping,
    note_batch,
    note_rows,
    seal_batch,
    take_back_households,
)
from stepdesk.members.service.cards import (
    issue_cards,
)
from stepdesk.members.service.correcting import (
    categorise,
    correct_household,
    correct_person,
    put_category,
    set_photo,
    set_statutes,
)
from stepdesk.members.service.households import (
    change_head,
    exclude,
    merge_households,
    move_section,
    readmit,
    resign,
    split_household,
    strike_off,
)
from stepdesk.members.service.merging import (
    merge_persons,
    tell_apart,
    undo_merge,
)
from stepdesk.members.service.numbering import (
    Purpose,
    next_serial,
    next_serials,
    serial_on_card,
    take_block,
)
from stepdesk.members.service.persons import (
    mark_disabled,
    mark_student,
    record_birth,
    record_death,
    record_divorce,
    record_joining,
    record_leaving,
    record_marriage,
)
from stepdesk.members.service.photos import (
    photograph,
    remove_photo,
)
from stepdesk.members.service.register import (
    end_membership,
    record_event,
    register_household,
)
from stepdesk.members.service.reversing import (
    reverse_event,
)
from stepdesk.members.service.searching import (
    put_search_rows,
    rebuild_search,
    refresh_search,
)
from stepdesk.members.service.writing import check_news

__all__ = [
    "Brought",
    "NewBatch",
    "Purpose",
    "add_to_batch",
    "batch_of",
    "categorise",
    "change_head",
    "check_news",
    "correct_by_register",
    "correct_household",
    "correct_person",
    "end_membership",
    "exclude",
    "issue_cards",
    "keep_mapping",
    "mark_disabled",
    "mark_student",
    "merge_households",
    "merge_persons",
    "move_section",
    "next_serial",
    "next_serials",
    "note_batch",
    "note_rows",
    "photograph",
    "put_category",
    "put_search_rows",
    "readmit",
    "rebuild_search",
    "record_birth",
    "record_death",
    "record_divorce",
    "record_event",
    "record_joining",
    "record_leaving",
    "record_marriage",
    "refresh_search",
    "register_household",
    "remove_photo",
    "resign",
    "reverse_event",
    "seal_batch",
    "serial_on_card",
    "set_photo",
    "set_statutes",
    "split_household",
    "strike_off",
    "take_back_corrections",
    "take_back_households",
    "take_block",
    "tell_apart",
    "undo_merge",
]
