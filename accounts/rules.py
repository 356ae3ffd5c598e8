"""Identity numbers (GB 11643-1999), phones, masks, passwords, user names: facts in, answers out."""

from __future__ import annotations

import hmac
import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from itertools import count
from pathlib import Path

import pyotp

from core.pinyin import spell

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_DIGITS = "10X98765432"
FIRST_YEAR = 1900
ONE_TIME_DIGITS = 6
CLASSES_NEEDED = 3
SHORTEST_WORD = 3
HOUSE_WORDS = frozenset({"119", "xiaofang", "xfjy", "jiuyuan", "dangjian", "dangyuan", "zhibu", "fire"})
RESERVED_USERNAMES = frozenset({"admin", "administrator", "root", "test", "guest", "user", "system"})
USERNAME = re.compile(r"[a-z][a-z0-9._-]{2,49}")
PHONE = re.compile(r"1[3-9]\d{9}")
LANDLINE = re.compile(r"0\d{2,3}-?\d{7,8}")

WRONG_LENGTH = "公民身份号码应为 18 位"
WRONG_CHARACTERS = "公民身份号码只能由数字和末位 X 组成"
LOST_DIGITS = "号码位数丢失（表格按数值保存，末几位变为 0），请改为文本格式后重新填写"
WRONG_DATE = "公民身份号码中的出生日期不存在"
WRONG_CHECK = "校验位不符"
WRONG_PHONE = "联系电话应为 11 位手机号码，或带区号的固定电话"


@dataclass(frozen=True, slots=True)
class IdNumber:
    """A number that is in order: 18 characters, the day of birth and the sex it carries."""

    number: str
    born_on: date
    sex: str


def tidy(text: str) -> str:
    """Full-width signs made narrow, spaces and dashes between digits gone, ``x`` made ``X``."""
    narrow = unicodedata.normalize("NFKC", text).strip().upper()
    return re.sub(r"[\s'`]", "", narrow)


def read_id_number(text: str, today: date) -> IdNumber | str:
    """The number behind ``text``, or a sentence saying what is wrong with it (GB 11643 4, 5).

    A 15-digit number of the first generation is brought to 18. ``today`` bounds the day of birth.
    """
    number = tidy(text)
    if has_lost_digits(number):
        return LOST_DIGITS
    if not re.fullmatch(r"\d*X?", number):
        return WRONG_CHARACTERS
    if len(number) == 15 and number.isdigit():
        number = from_15(number)
    if len(number) != 18:
        return WRONG_LENGTH
    born_on = day_in(number[6:14])
    if born_on is None or born_on > today:
        return WRONG_DATE
    if number[-1] != check_digit(number):
        return WRONG_CHECK
    return IdNumber(number, born_on, "male" if int(number[16]) % 2 else "female")


def has_lost_digits(number: str) -> bool:
    """Whether a spreadsheet cut the number to 15 digits: ``3.70102E+17``, ``….0`` or ``…000``."""
    if re.fullmatch(r"\d(\.\d+)?E\+?\d+", number) or re.fullmatch(r"\d{17,18}\.0", number):
        return True
    return bool(re.fullmatch(r"\d{15}000", number)) and number[-1] != check_digit(number)


def check_digit(number: str) -> str:
    """The 18th character for the first 17 digits (ISO 7064 MOD 11-2)."""
    total = sum(int(digit) * weight for digit, weight in zip(number[:17], WEIGHTS, strict=True))
    return CHECK_DIGITS[total % 11]


def from_15(number: str) -> str:
    """A 15-digit number (two-digit year of the 1900s) as 18 characters."""
    longer = f"{number[:6]}19{number[6:]}"
    return longer + check_digit(longer)


def day_in(digits: str) -> date | None:
    """``19900314`` as a day; None when there is no such day or it lies before 1900."""
    try:
        day = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None
    return day if day.year >= FIRST_YEAR else None


def mask_id_number(number: str) -> str:
    """``370*************1X``: three signs in front, two behind; enough to tell two people apart."""
    return f"{number[:3]}{'*' * (len(number) - 5)}{number[-2:]}" if number else ""


def read_phone(text: str) -> str | None:
    """The phone number behind ``text`` in digits (landlines with area code), None if it is none."""
    number = re.sub(r"(?<=\d)-(?=\d{4})", "", tidy(text).removeprefix("+86"))
    return number if PHONE.fullmatch(number) or LANDLINE.fullmatch(number) else None


def mask_phone(number: str) -> str:
    """``138****5678``."""
    return f"{number[:3]}{'*' * (len(number) - 7)}{number[-4:]}" if number else ""


def tidy_name(text: str) -> str:
    """A name without the spaces that offices put between two characters; ``·`` in one form."""
    narrow = unicodedata.normalize("NFC", text).translate(str.maketrans("•・‧∙．", "·····"))
    if re.search(r"[A-Za-z]", narrow):
        return " ".join(narrow.split())
    return "".join(narrow.split())


def spell_name(name: str) -> tuple[str, str]:
    """Full pinyin and initials of a name; the surname by our own table (单 shan, 曾 zeng)."""
    surname, syllables = surname_of(name)
    if not syllables:
        return spell(name)
    rest, initials = spell(name[len(surname) :])
    return "".join(syllables) + rest, "".join(part[0] for part in syllables) + initials


def surname_of(name: str) -> tuple[str, list[str]]:
    """The surname of ``name`` and its syllables; empty when the dictionary's reading stands."""
    table = surnames()
    for length in (2, 1):
        head = name[:length]
        if head in table and len(name) > length - 1:
            return head, table[head].split()
    return "", []


@cache
def surnames() -> dict[str, str]:
    """Readings of surnames from ``data/surnames.toml``."""
    with (Path(__file__).parent / "data" / "surnames.toml").open("rb") as file:
        data: dict[str, dict[str, str]] = tomllib.load(file)
    return data["double"] | data["single"]


def password_classes(password: str) -> int:
    """How many of the four classes of signs occur: capitals, small letters, digits, others."""
    return len({_class_of(sign) for sign in password})


def _class_of(sign: str) -> str:
    if "A" <= sign <= "Z":
        return "capital"
    if "a" <= sign <= "z":
        return "small"
    return "digit" if sign.isdigit() else "other"


def guessable_words(*facts: str) -> frozenset[str]:
    """The facts about a person as words to look for; shorter ones than three letters say nothing.

    A Chinese name counts from two characters on.
    """
    words = {fact.lower() for fact in facts}
    return frozenset(w for w in words if len(w) >= (SHORTEST_WORD if w.isascii() else 2))


def contains_word(password: str, words: frozenset[str]) -> bool:
    """Whether one of ``words`` occurs in ``password``, capitals or not."""
    low = unicodedata.normalize("NFKC", password).lower()
    return any(word in low for word in words)


def tidy_username(text: str) -> str:
    """A user name as it is stored and compared: narrow, small letters, no spaces around."""
    return unicodedata.normalize("NFKC", text).strip().lower()


def username_problem(username: str) -> str:
    """What is wrong with a new user name, '' when nothing is (GB/T 22239: no default accounts)."""
    if username in RESERVED_USERNAMES:
        return "不能使用系统默认名称作为用户名，请换一个。"
    if not USERNAME.fullmatch(username):
        return "用户名应以小写字母开头，由 3 至 50 位小写字母、数字、点或横线组成。"
    return ""


def base_username(pinyin: str) -> str:
    """The user name to try first for a person: the pinyin, filled up when it is too short."""
    base = re.sub(r"[^a-z0-9]", "", pinyin)[:40]
    if not base or not base[0].isalpha():
        base = f"u{base}"
    base = base if len(base) >= 3 else f"{base}01"
    return f"{base}01" if base in RESERVED_USERNAMES else base


def numbered(base: str) -> Iterator[str]:
    """``base``, ``base2``, ``base3`` … without end."""
    yield base
    for number in count(2):
        yield f"{base}{number}"


def provisioning_uri(secret: str, username: str, issuer: str) -> str:
    """What the QR code says to an authenticator: ``otpauth://totp/…`` (RFC 6238, 6 digits, 30 s)."""
    return pyotp.TOTP(secret).provisioning_uri(name=username, issuer_name=issuer)


def code_at(secret: str, at: int) -> str:
    """What a device with ``secret`` shows at a time (Unix seconds)."""
    return pyotp.TOTP(secret).at(at)


def matching_step(secret: str, code: str, at: int, either_side: int) -> int | None:
    """The time step whose code is ``code``, at most ``either_side`` steps from ``at`` (Unix seconds).

    None when there is none. A device may be a little off (RFC 6238 5.2); the later step counts.
    """
    totp = pyotp.TOTP(secret)
    now = at // totp.interval
    steps = range(now + either_side, now - either_side - 1, -1)
    return next((step for step in steps if hmac.compare_digest(totp.generate_otp(step), code)), None)


def is_dormant(signs: Iterable[datetime | None], now: datetime, days: int) -> bool:
    """Whether the last sign of life lies more than ``days`` back; no sign at all is not one (8.1.4.2 c)."""
    known = [sign for sign in signs if sign is not None]
    return bool(known) and now - max(known) > timedelta(days=days)


def tidy_code(text: str) -> str:
    """A code as people type it: narrow, without spaces and dashes, in capitals."""
    return re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", text)).upper()


def is_one_time_code(text: str) -> bool:
    """Whether a tidied text has the shape of a one-time code, not of a recovery code."""
    return len(text) == ONE_TIME_DIGITS and text.isascii() and text.isdigit()
