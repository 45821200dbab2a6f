"""Numbers that are missing in a series are found: nobody tears a receipt out unseen."""

from sqlalchemy import create_engine
from sqlalchemy.pool import StaticPool

from stepdesk.contributions.queries import receipt_gaps
from stepdesk.ledger.queries import voucher_gaps
from stepdesk.payers.queries import payer_receipt_gaps

ROWS = """
CREATE TABLE payment (year, letter, serial);
INSERT INTO payment VALUES (2024,'A',1),(2024,'A',2),(2024,'A',3),(2025,'A',1),(2025,'B',2);
CREATE TABLE payer_payment (year, letter, serial);
INSERT INTO payer_payment VALUES (NULL,NULL,NULL),(2024,'A',1),(2024,'A',4),(2025,'A',1);
CREATE TABLE voucher (series, box, box_id, year, letter, serial,
                      other_box, other_box_id, other_serial);
INSERT INTO voucher VALUES ('S','C1',x'01',2024,'A',1,NULL,NULL,NULL);
INSERT INTO voucher VALUES ('S','C1',x'01',2024,'A',2,'C2',x'02',3);
"""


def test_missing_numbers_are_counted_for_each_series() -> None:
    engine = create_engine("sqlite://", poolclass=StaticPool)
    with engine.connect() as connection:
        raw = connection.connection.driver_connection
        assert raw is not None
        raw.executescript(ROWS)
        # 2025-B begins with 2; of what a payer gave, 2 and 3 are gone; C2 took 3 as its first.
        assert receipt_gaps(connection) == [("B-2025", 1)]
        assert payer_receipt_gaps(connection) == [("P-2024-A", 2)]
        assert voucher_gaps(connection) == (("E-2024-C2-A", 2),)
    engine.dispose()
