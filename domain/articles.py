"""Articles 5 to 47 of the 2021 rules: what each orders, who leads, who cooperates, what we use it for."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from domain.agencies import MEMBERS, Agency
from domain.texts import Text

EDITION: Final = "xpcc-2021"


class ArticleUse(StrEnum):
    """What the product does with an article.

    `not_built` is refused on purpose; `outside` is prevention, publicity or punishment, not work on one
    person's case.
    """

    CASE_WORK = "case_work"
    REPORT_SOURCE = "report_source"
    NOT_BUILT = "not_built"
    OUTSIDE = "outside"


@dataclass(frozen=True, slots=True)
class Article:
    """One article; the gloss is ours and quotes nothing, agencies stand in the order of the document."""

    number: int
    chapter: int
    gloss: Text
    leads: tuple[Agency, ...]
    cooperating: tuple[Agency, ...]
    use: ArticleUse


# Short names, so that a row can be read beside the document.
_A = Agency
_CASE_WORK: Final = ArticleUse.CASE_WORK
_REPORT_SOURCE: Final = ArticleUse.REPORT_SOURCE
_NOT_BUILT: Final = ArticleUse.NOT_BUILT
_OUTSIDE: Final = ArticleUse.OUTSIDE

_ROWS: Final[tuple[Article, ...]] = (
    # Not built: big-data or AI discovery and household visits. A person's report is the only way in.
    Article(
        5,
        3,
        Text("部门联动的线索发现与举报", "Joint discovery of cases and tip-offs"),
        (_A.PLC, _A.PSB),
        (_A.CAC, _A.MIIT, _A.EDU, _A.CAB, _A.JUSTICE, _A.HEALTH, _A.PROC, _A.WCC, _A.WOMEN),
        _NOT_BUILT,
    ),
    # Not built: crime forecasting and population management.
    Article(
        6,
        3,
        Text("犯罪形势研判与治安防范", "Analysis of the crime situation and public order"),
        (_A.PSB,),
        (),
        _NOT_BUILT,
    ),
    Article(
        7,
        3,
        Text(
            "规范劳动力市场,查处童工与强迫劳动", "Labour market supervision against child and forced labour"
        ),
        (_A.HRSS, _A.PSB, _A.DPF),
        (_A.SAMR, _A.CULTURE, _A.UNION, _A.WOMEN),
        _REPORT_SOURCE,
    ),
    Article(
        8,
        3,
        Text(
            "监管娱乐场所,帮助其中的受害妇女和未成年人",
            "Venue control; help for women and minors found there",
        ),
        (_A.PSB, _A.CULTURE),
        (_A.CAB, _A.HRSS, _A.HEALTH, _A.SAMR, _A.WOMEN),
        _CASE_WORK,
    ),
    # Not built: online patrol.
    Article(
        9,
        3,
        Text("网络巡查,遏制对未成年人的性剥削", "Online patrol against sexual exploitation of minors"),
        (_A.PSB,),
        (_A.CAC, _A.MIIT, _A.SAMR),
        _NOT_BUILT,
    ),
    Article(
        10,
        3,
        Text("校园及周边安全管理", "Safety in and around schools"),
        (_A.EDU, _A.PSB),
        (_A.PROC, _A.YOUTH),
        _OUTSIDE,
    ),
    Article(
        11,
        3,
        Text("义务教育保障与学校的报告责任", "Compulsory schooling; schools report and stop suspected cases"),
        (_A.EDU, _A.PSB),
        (_A.PROC, _A.CAB, _A.CNWC),
        _REPORT_SOURCE,
    ),
    Article(
        12,
        3,
        Text(
            "由救助和儿童福利机构收留流浪儿童和弃婴",
            "Institutions take in street children and abandoned infants",
        ),
        (_A.CAB, _A.PSB),
        (_A.EDU, _A.FIN, _A.HRSS, _A.HOUSING, _A.HEALTH, _A.SASAC, _A.YOUTH),
        _CASE_WORK,
    ),
    # Used only for what the person wants: no list of people to be sent to work exists.
    Article(
        13,
        3,
        Text("自愿就业与技能培训支持", "Employment support and training for those who want it"),
        (_A.HRSS, _A.DPF),
        (_A.UFWD, _A.EDU, _A.AGRI, _A.WOMEN),
        _CASE_WORK,
    ),
    # Not built: registers of migrant or left-behind families. One referral to a children's home is possible.
    Article(
        14,
        3,
        Text("关爱外出务工家庭和留守家庭的妇女儿童", "Care for migrant and left-behind women and children"),
        (_A.CAB, _A.WCC),
        (_A.FIN, _A.CULTURE, _A.YOUTH, _A.WOMEN, _A.CNWC),
        _NOT_BUILT,
    ),
    # Not built: managing persons of concern. Their unattended children find help under guardianship (40).
    Article(
        15,
        3,
        Text(
            "管理屡次违法人员,帮助其无人照料的子女", "Repeat offenders; guardianship help for their children"
        ),
        (_A.PSB, _A.CAB),
        (_A.YOUTH,),
        _NOT_BUILT,
    ),
    Article(
        16,
        3,
        Text("婚姻登记人员的报告责任", "Marriage registrars report and stop suspected cases"),
        (_A.CAB,),
        (_A.PSB, _A.WOMEN),
        _REPORT_SOURCE,
    ),
    # Reports by hospital staff are taken; the police link to maternity admissions is not built.
    Article(
        17,
        3,
        Text("医院核实孕产妇身份,防止冒名", "Hospitals verify identity at maternity admission"),
        (_A.HEALTH, _A.PSB, _A.CAB),
        (),
        _REPORT_SOURCE,
    ),
    Article(
        18,
        3,
        Text("规范收养,制止以收养为名的买卖", "Proper adoption; no sale of children under its name"),
        (_A.PSB, _A.CAB),
        (_A.CAC, _A.MIIT, _A.HEALTH, _A.SAMR),
        _REPORT_SOURCE,
    ),
    Article(
        19,
        3,
        Text("基层自治规约与男女平等", "Community rules and equality of women and men"),
        (_A.AGRI, _A.JUSTICE, _A.CAB, _A.WOMEN),
        (_A.EDU, _A.RURAL),
        _OUTSIDE,
    ),
    # "All members" is read from the table of members; leading here gives nobody a right to read a case.
    Article(
        20,
        4,
        Text("各单位把任务落实到具体岗位和人员", "Every unit names the post and person who does the work"),
        MEMBERS,
        (),
        _CASE_WORK,
    ),
    Article(
        21,
        4,
        Text("专项打击与家庭团圆行动", "Special operations and family reunions"),
        (_A.PSB,),
        (_A.CAC, _A.COURT, _A.PROC, _A.CAB, _A.HEALTH, _A.WOMEN),
        _OUTSIDE,
    ),
    # Binds this product too: it holds children's personal data.
    Article(
        22,
        4,
        Text("保护儿童个人信息,打击非法收集和泄露", "Protection of children's personal data"),
        (_A.PSB,),
        (_A.CAC, _A.MIIT, _A.SAMR),
        _CASE_WORK,
    ),
    Article(
        23,
        4,
        Text("失踪儿童的快速查找与信息发布", "Rapid search for missing children"),
        (_A.PSB,),
        (),
        _CASE_WORK,
    ),
    # Used for the intake of one child whose origin is unknown; door-to-door screening is not built.
    Article(
        24,
        4,
        Text("核实来历不明儿童,查处虚假亲子鉴定", "Children of unknown origin; fake paternity tests"),
        (_A.PSB,),
        (_A.EDU, _A.CAB, _A.JUSTICE, _A.HEALTH, _A.SAMR, _A.CULTURE, _A.WOMEN),
        _CASE_WORK,
    ),
    Article(
        25,
        4,
        Text(
            "未成年人特别程序与照顾受害人的调查方式",
            "Special procedure for minors; inquiry fitted to victims",
        ),
        (_A.PSB,),
        (_A.PROC,),
        _CASE_WORK,
    ),
    # Read with Articles 30, 32 and 40: the parent to return to may be the one who sold the child.
    Article(
        26,
        4,
        Text("惩处盗抢婴幼儿和出卖亲生子女", "Stealing infants and selling one's own or found children"),
        (_A.PSB,),
        (),
        _CASE_WORK,
    ),
    Article(
        27,
        4,
        Text("从重惩处首要分子和多次作案者", "Heavier punishment for ringleaders and repeat traffickers"),
        (_A.COURT, _A.PROC, _A.PSB),
        (),
        _OUTSIDE,
    ),
    Article(
        28,
        4,
        Text("惩处强迫卖淫和对未成年人的性侵害", "Punishment of forced prostitution and abuse of minors"),
        (_A.COURT, _A.PROC, _A.PSB),
        (_A.CAC, _A.MIIT, _A.CAB),
        _OUTSIDE,
    ),
    # Used for the person's remedy: wages, compensation, annulment.
    Article(
        29,
        4,
        Text("追究收买、介绍和强迫者的法律责任", "Liability of those who buy, broker or force victims"),
        (_A.PSB, _A.HRSS, _A.HEALTH, _A.COURT, _A.PROC),
        (_A.PLC, _A.CAB, _A.SAMR, _A.UNION, _A.YOUTH, _A.WOMEN, _A.DPF),
        _CASE_WORK,
    ),
    Article(
        30,
        4,
        Text(
            "尽快侦破儿童案件,解救并护送回家",
            "Solve child cases fast, rescue the child, bring the child home",
        ),
        (_A.PSB, _A.CAB),
        (),
        _CASE_WORK,
    ),
    Article(
        31,
        5,
        Text(
            "利用现有福利设施提供合适的住所与康复", "Shelter and recovery fitted to body, mind, age and sex"
        ),
        (_A.CAB,),
        (_A.DRC, _A.PSB, _A.EDU, _A.HEALTH, _A.DPF),
        _CASE_WORK,
    ),
    Article(
        32,
        5,
        Text("为身份不明者寻亲,促进团圆", "Trace the relatives of people whose identity is unclear"),
        (_A.PSB, _A.CAB),
        (),
        _CASE_WORK,
    ),
    Article(
        33,
        5,
        Text(
            "为长期滞留且身份不明者落户并办理社保",
            "Registration and social security for those long unidentified",
        ),
        (_A.PSB, _A.CAB),
        (),
        _CASE_WORK,
    ),
    Article(
        34,
        5,
        Text(
            "指定医院的诊疗、心理支持与残疾评定",
            "Designated hospitals, psychological care, disability grading",
        ),
        (_A.HEALTH, _A.DPF),
        (_A.CAB,),
        _CASE_WORK,
    ),
    Article(
        35,
        5,
        Text("让受害人了解法律和自己的权利", "Victims learn the law and their rights"),
        (_A.JUSTICE,),
        (_A.PSB, _A.CAB, _A.UNION, _A.YOUTH, _A.WOMEN),
        _CASE_WORK,
    ),
    Article(
        36,
        5,
        Text("学龄儿童上学、复学并适应生活", "School-age children enter or return to school"),
        (_A.EDU,),
        (_A.CAB,),
        _CASE_WORK,
    ),
    Article(
        37,
        5,
        Text(
            "为年满十六岁且自愿者提供培训和就业服务",
            "Training and job services for willing people of 16 or older",
        ),
        (_A.HRSS,),
        (_A.CAB, _A.UNION, _A.WOMEN),
        _CASE_WORK,
    ),
    Article(
        38,
        5,
        Text("回归社会后的工作、生活与权利帮助", "Help with work, living and rights after the return"),
        (_A.CAB, _A.JUSTICE, _A.HRSS),
        (_A.YOUTH, _A.WOMEN),
        _CASE_WORK,
    ),
    # Used for agreed contact; nothing in it authorises tracking or compelled reporting.
    Article(
        39,
        5,
        Text("建立专档,了解近况,解决困难", "A dedicated file, agreed contact, help with difficulties"),
        (_A.PSB, _A.CAB),
        (_A.WOMEN,),
        _CASE_WORK,
    ),
    Article(
        40,
        5,
        Text("落实监护责任与家庭教育", "Guardianship and a good home for minors"),
        (_A.CAB, _A.JUSTICE),
        (_A.EDU, _A.PSB, _A.COURT, _A.PROC, _A.YOUTH, _A.WOMEN),
        _CASE_WORK,
    ),
    Article(
        41,
        6,
        Text("媒体与网络宣传", "Publicity in the media and online"),
        (_A.PUB, _A.CAC, _A.CULTURE, _A.PSB),
        (_A.EDU, _A.JUSTICE, _A.TRANSPORT, _A.HEALTH, _A.WCC, _A.UNION, _A.YOUTH, _A.WOMEN),
        _OUTSIDE,
    ),
    Article(
        42,
        6,
        Text("列入年度普法计划", "A place in the yearly legal-education plan"),
        (_A.JUSTICE,),
        (_A.PSB,),
        _OUTSIDE,
    ),
    Article(
        43,
        6,
        Text("学校安全课程", "Safety lessons in schools"),
        (_A.EDU,),
        (_A.PSB, _A.JUSTICE),
        _OUTSIDE,
    ),
    # PSB leads and, as a member, also cooperates: the document says so.
    Article(
        44,
        6,
        Text("公众参与、举报电话与志愿者", "Public participation, the report line, volunteers"),
        (_A.PSB,),
        MEMBERS,
        _REPORT_SOURCE,
    ),
    Article(
        45,
        6,
        Text(
            "车站、旅馆等场所的宣传与报告责任",
            "Transport, venue and hotel staff report and stop suspected cases",
        ),
        (_A.TRANSPORT, _A.CULTURE, _A.PSB),
        (_A.JUSTICE, _A.FIN, _A.COMMERCE, _A.YOUTH, _A.WOMEN),
        _REPORT_SOURCE,
    ),
    Article(
        46,
        7,
        Text("国际交流与培训", "International cooperation and training"),
        (_A.FAO, _A.PSB, _A.COMMERCE),
        (_A.COURT, _A.PROC, _A.WOMEN),
        _OUTSIDE,
    ),
    Article(
        47,
        7,
        Text(
            "接回被拐出境者,安全送返外籍受害人", "Receive victims from abroad; safe return of foreign victims"
        ),
        (_A.PSB, _A.CAB),
        (_A.FAO, _A.JUSTICE),
        _CASE_WORK,
    ),
)

ARTICLES: Final[Mapping[int, Article]] = MappingProxyType({article.number: article for article in _ROWS})
