"""What does not add up is said, in one sentence with the page."""

from __future__ import annotations

from tests.unit.extraction.reading import read


def warnings(drawing: str) -> list[tuple[str, str]]:
    return [
        (f.field, f.message) for f in read(drawing).findings if not f.field.endswith((".name", ".number"))
    ]


def fields(drawing: str) -> list[str]:
    return [field for field, message in warnings(drawing) if "on page 1" in message]


def test_an_amount_due_that_is_not_what_is_left() -> None:
    drawing = """
    Date 2024-03-01
    Subtotal       200.00
    VAT 20%         40.00
    Total          240.00
    Paid          -{paid}
    Amount due     119.50
    """
    assert fields(drawing.format(paid="120.50")) == []
    assert fields(drawing.format(paid="12.50 ")) == ["invoice.amounts.due"]


def test_a_discount_that_does_not_explain_the_total() -> None:
    drawing = """
    Date 2024-03-01
    Subtotal      200.00
    Discount      -{discount}
    Sales tax      16.00
    Total         196.00
    """
    assert fields(drawing.format(discount="20.00")) == []
    ((field, message),) = [w for w in warnings(drawing.format(discount="23.00")) if "add up" in w[1]]
    assert field == "invoice.amounts.total"
    assert "discounts" in message


def test_a_total_that_includes_the_tax_is_in_order() -> None:
    drawing = """
    Date 2024-03-01
    Sub-Total             60.60
    Coupon Discount       27.60
    Grand Total           33.00
    6% GST included        1.87
    """
    assert not [w for w in warnings(drawing) if "add up" in w[1]]


ITEMS = """
Date 2024-03-01
Text              Quantity     Price     Discount     Amount
Oak board                4     12.50         10 %      45.00
Pine board              10      {pine}                   32.00
Glue                     3      7.00                   21.00
Total                                                  98.00
"""


def test_an_item_less_its_discount() -> None:
    assert fields(ITEMS.format(pine="3.20")) == []


def test_a_small_error_counts_where_all_other_items_are_exact() -> None:
    assert fields(ITEMS.format(pine="3.21")) == ["lineItems.1.amount"]


def test_a_small_error_does_not_count_where_prices_are_rounded() -> None:
    drawing = ITEMS.format(pine="3.21").replace("     7.00 ", "     7.03 ")
    assert fields(drawing) == []
