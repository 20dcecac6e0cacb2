"""How large a picture may be: a scan of A2 at 1,200 dots an inch is, a square metre of nothing is not."""

from typing import Final

from ppid_saas.inspection.refusals import refuse

MOST: Final = 600_000_000


def check_pixels(width: int, height: int) -> None:
    if not width or not height:
        refuse("damaged")
    if width * height > MOST:
        refuse("bomb")
