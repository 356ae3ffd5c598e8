import time
from datetime import date
import pytest
from core import clock
from core.actor import system
from members import actions
from members.models import Member
from core.models import ImportBatch
from tests.corps import moment
from tests.members.workbooks import person, roster
from tests.members.conftest import *  # noqa

def unique(n):
    born = date(1980 + n // 500 % 20, 1 + n // 10000, 1 + n % 28)
    from tests.members.workbooks import id_number
    return person(n, 身份证号=id_number(n, born), 出生年月=born, 入党时间="2018-01-01", 转正时间="2019-01-01")

@pytest.mark.django_db
def test_perf(tree):
    rows = [unique(n) for n in range(5000)]
    content = roster(rows)
    by = system("花名册导入")
    with clock.at(moment(date(2026,10,20))):
        t=time.time(); r,_ = actions.import_now(by, organization=tree.battalion, content=content, name="a.xlsx", dry_run=True); print("dry", time.time()-t, r.count("new"), r.errors[:3])
        t=time.time(); r,b = actions.import_now(by, organization=tree.battalion, content=content, name="a.xlsx"); print("write", time.time()-t)
        t=time.time(); r,_ = actions.import_now(by, organization=tree.battalion, content=content, name="a.xlsx", dry_run=True); print("again", time.time()-t, r.count("same"))
        rows=[unique(n) for n in range(5000)]
        for row in rows: row[8]="班长"; row[12]="138"+row[12][3:]; row[7]="2019-02-01"; row[11]="西站党支部"
        t=time.time(); r,b2 = actions.import_now(by, organization=tree.battalion, content=roster(rows), name="a.xlsx"); print("change", time.time()-t, r.count("changed"))
        t=time.time(); actions.undo_import(by, b2); print("undo change", time.time()-t)
        r,_ = actions.import_now(by, organization=tree.battalion, content=content, name="a.xlsx", dry_run=True); print(r.count("same"))
    assert 0
