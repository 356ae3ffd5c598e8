"""What forms say when something is missing or wrong."""

import pytest
from django import forms

from core.forms import word


class Everything(forms.Form):
    name = forms.CharField(label="名称", max_length=3)
    day = forms.DateField(label="日期")
    at = forms.DateTimeField(label="时间")
    hour = forms.TimeField(label="时刻")
    count = forms.IntegerField(label="人数", max_value=30, min_value=1)
    host = forms.ChoiceField(label="主持人", choices=[("a", "甲")])
    paper = forms.FileField(label="附件")
    sure = forms.BooleanField(label="已核对")
    own = forms.CharField(label="原因", error_messages={"required": "写明原因后才能免办"})


@pytest.mark.parametrize(
    ("data", "sentences"),
    [
        (
            {},
            {
                "name": "请填写名称",
                "day": "请填写日期",
                "host": "请选择主持人",
                "paper": "请选择附件",
                "sure": "请勾选“已核对”",
                "own": "写明原因后才能免办",
            },
        ),
        (
            {"name": "四个字吧", "day": "9月", "at": "x", "hour": "x", "count": "31", "host": "b"},
            {
                "name": "名称不超过 3 个字，现在是 4 个",
                "day": "请按 2026-09-18 的样式填写日期",
                "at": "请按 2026-09-18 19:30 的样式填写时间",
                "hour": "请按 19:30 的样式填写时刻",
                "count": "人数不大于 30",
                "host": "请在所列选项中选择主持人",
            },
        ),
        ({"count": "多"}, {"count": "请用数字填写人数"}),
    ],
)
def test_every_mistake_says_what_to_do(data: dict[str, str], sentences: dict[str, str]) -> None:
    form = Everything(data)
    word(form)
    assert {name: form.errors[name][0] for name in sentences} == sentences
