"""Identity numbers, phones, masks, names, passwords, user names: facts and answers."""

from __future__ import annotations

from datetime import date

import pytest

from accounts import rules

TODAY = date(2026, 11, 24)
BODY = "37010219900101123"
NUMBER = BODY + rules.check_digit(BODY)


def with_check(body: str) -> str:
    """17 digits with their check digit."""
    return body + rules.check_digit(body)


def test_check_digit_of_the_standard() -> None:
    """The example of GB 11643-1999, annex A."""
    assert rules.check_digit("11010519491231002") == "X"


@pytest.mark.parametrize(
    ("text", "number", "born_on", "sex"),
    [
        ("11010519491231002X", "11010519491231002X", date(1949, 12, 31), "female"),
        ("11010519491231002x", "11010519491231002X", date(1949, 12, 31), "female"),
        ("１１０１０５１９４９１２３１００２Ｘ", "11010519491231002X", date(1949, 12, 31), "female"),
        (" 110105 19491231 002X ", "11010519491231002X", date(1949, 12, 31), "female"),
        ("'" + NUMBER, NUMBER, date(1990, 1, 1), "male"),
        ("110105491231002", "11010519491231002X", date(1949, 12, 31), "female"),
        (with_check("37010220000229001"), with_check("37010220000229001"), date(2000, 2, 29), "male"),
    ],
)
def test_good_numbers(text: str, number: str, born_on: date, sex: str) -> None:
    assert rules.read_id_number(text, TODAY) == rules.IdNumber(number, born_on, sex)


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("", rules.WRONG_LENGTH),
        ("3701021990010112", rules.WRONG_LENGTH),
        (NUMBER + "1", rules.WRONG_LENGTH),
        ("37010219900101123A", rules.WRONG_CHARACTERS),
        ("X7010219900101123", rules.WRONG_CHARACTERS),
        ("张三", rules.WRONG_CHARACTERS),
        ("3.70102199001011E+17", rules.LOST_DIGITS),
        ("3.7E17", rules.LOST_DIGITS),
        ("370102199001011000.0", rules.LOST_DIGITS),
        ("370102199001011000", rules.LOST_DIGITS),
        (with_check("37010219900230123"), rules.WRONG_DATE),
        (with_check("37010219900001123"), rules.WRONG_DATE),
        (with_check("37010218990101123"), rules.WRONG_DATE),
        (with_check("37010220270101123"), rules.WRONG_DATE),
        (BODY + rules.CHECK_DIGITS.replace(NUMBER[-1], "")[0], rules.WRONG_CHECK),
    ],
)
def test_bad_numbers(text: str, answer: str) -> None:
    assert rules.read_id_number(text, TODAY) == answer


def test_every_single_wrong_digit_is_found() -> None:
    for position in range(17):
        for digit in "0123456789":
            changed = NUMBER[:position] + digit + NUMBER[position + 1 :]
            if changed != NUMBER:
                assert isinstance(rules.read_id_number(changed, TODAY), str)


def test_a_number_that_ends_in_zeros_and_is_right_is_no_lost_number() -> None:
    bodies = (f"37010219900101{tail}" for tail in ("100", "200", "300", "400", "500", "600"))
    right = [number for number in map(with_check, bodies) if number.endswith("000")]
    for number in right:
        assert isinstance(rules.read_id_number(number, TODAY), rules.IdNumber)
    assert not rules.has_lost_digits(with_check("11010519491231000"))


def test_masks() -> None:
    assert rules.mask_id_number("11010519491231002X") == "110*************2X"
    assert rules.mask_phone("13800138000") == "138****8000"
    assert rules.mask_id_number("") == rules.mask_phone("") == ""


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("13800138000", "13800138000"),
        (" 138 0013 8000 ", "13800138000"),
        ("138-0013-8000", "13800138000"),
        ("+8613800138000", "13800138000"),
        ("１３８００１３８０００", "13800138000"),
        ("0531-88881234", "053188881234"),
        ("12345", None),
        ("12800138000", None),
        ("138001380001", None),
        ("电话", None),
    ],
)
def test_phones(text: str, number: str | None) -> None:
    assert rules.read_phone(text) == number


@pytest.mark.parametrize(
    ("name", "pinyin", "initials"),
    [
        ("张三", "zhangsan", "zs"),
        ("单玉华", "shanyuhua", "syh"),
        ("曾国", "zengguo", "zg"),
        ("仇英", "qiuying", "qy"),
        ("区海", "ouhai", "oh"),
        ("解放", "xiefang", "xf"),
        ("查明", "zhaming", "zm"),
        ("盖伟", "gewei", "gw"),
        ("朴成", "piaocheng", "pc"),
        ("任远", "renyuan", "ry"),
        ("覃勇", "qinyong", "qy"),
        ("尉迟恭", "yuchigong", "ycg"),
        ("尉健", "weijian", "wj"),
        ("单于山", "chanyushan", "cys"),
        ("长孙明", "zhangsunming", "zsm"),
        ("吕布", "lvbu", "lb"),
        ("李单", "lidan", "ld"),
        ("买买提·艾力", "maimaitiaili", "mmtal"),
    ],
)
def test_names_as_they_are_read(name: str, pinyin: str, initials: str) -> None:
    assert rules.spell_name(name) == (pinyin, initials)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("张 三", "张三"),
        ("张\u3000三 ", "张三"),
        ("买买提•艾力", "买买提·艾力"),
        ("Anna  Li", "Anna Li"),
        ("\n", ""),
    ],
)
def test_tidy_names(text: str, name: str) -> None:
    assert rules.tidy_name(text) == name


@pytest.mark.parametrize(
    ("password", "classes"),
    [("", 0), ("abc", 1), ("abcABC", 2), ("abcABC1", 3), ("abcABC1!", 4), ("密码abc1", 3)],
)
def test_password_classes(password: str, classes: int) -> None:
    assert rules.password_classes(password) == classes


def test_guessable_words() -> None:
    words = rules.guessable_words("zhangsan", "张三", "", "12", "1990")
    assert words == {"zhangsan", "张三", "1990"}
    assert rules.contains_word("MyZhangSan-77", words)
    assert rules.contains_word("春天张三-Ab1", words)
    assert not rules.contains_word("Quiet-River-7", words | rules.HOUSE_WORDS)


@pytest.mark.parametrize("name", ["ab", "1abc", "Zhang", "zhang san", "张三", "admin", "root", "a" * 51])
def test_bad_usernames(name: str) -> None:
    assert rules.username_problem(name)


@pytest.mark.parametrize("name", ["zhangsan", "zhangsan2", "li.ming", "x01"])
def test_good_usernames(name: str) -> None:
    assert rules.username_problem(name) == ""


@pytest.mark.parametrize(
    ("pinyin", "base"),
    [("zhangsan", "zhangsan"), ("", "u01"), ("li", "li01"), ("88", "u88"), ("root", "root01")],
)
def test_first_username_to_try(pinyin: str, base: str) -> None:
    assert rules.base_username(pinyin) == base
    assert rules.username_problem(base) == ""


def test_numbered_names() -> None:
    names = rules.numbered("li")
    assert [next(names) for _ in range(3)] == ["li", "li2", "li3"]


def test_tidy_username() -> None:
    assert rules.tidy_username(" ＺhangSan ") == "zhangsan"
