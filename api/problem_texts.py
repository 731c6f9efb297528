"""What a broken rule of a field is called, where a use case and not a type refused it."""

from collections.abc import Mapping
from typing import Final

from domain.texts import Text

FIELD_TEXTS: Final[Mapping[str, Text]] = {
    "hold_is_over": Text("该法定保留已解除", "this hold was released already"),
    "guardian_in_question": Text(
        "监护人正在回避之中，不向其提供任何资料",
        "the guardian is in question and gets nothing of the child's",
    ),
    "not_read_by_you": Text(
        "该单位不读取这类资料，不能以此查找",
        "your unit does not read this of anybody, so it does not search by it",
    ),
    "name_too_short": Text("至少填两个字", "give at least two characters of the name"),
    "size_not_reached": Text(
        "日志从未达到这一大小，或起点大于终点",
        "the log was never that large, or the first size is the greater one",
    ),
    "unknown_place": Text("没有这个地点", "there is no such place"),
    "no_duty_unit": Text("该地点没有值班的公安单位", "no police duty unit serves this place"),
    "no_level_above": Text(
        "该地点之上已无公安单位，可向检察院反映",
        "no police unit is above this place; turn to the procuratorate",
    ),
    "office_in_question": Text("报告人要求不经该单位", "the reporter asked that this office does not see it"),
    "leads_nowhere": Text("该报告本身已是重复或已删除", "that report is itself a duplicate, or erased"),
    "unknown_unit": Text("没有这个单位", "there is no such unit"),
    "unknown_victim": Text("案件中没有这个人", "this person is not in the case"),
    "unknown_case": Text("没有这个案件", "there is no such case"),
    "unknown_report": Text("没有这份报告", "there is no such report"),
    "unknown_account": Text("没有这个账号", "there is no such account"),
    "same_officer": Text("经办人与替补不能是同一人", "officer and deputy are two people"),
    "not_in_this_unit": Text(
        "此人不在该单位，或不办理个案", "this person is not in the unit, or their role moves no stage"
    ),
    "officer_excluded": Text("此人不得参与本案", "this person takes no part in the case"),
    "unit_in_conflict": Text("该单位在本案中须回避", "this unit is itself in question in the case"),
    "nothing_offered": Text("目前没有提出移交", "nothing is offered to another unit"),
    "agency_does_not_lead": Text("该机构依法不负责这一阶段", "this agency does not lead the stage"),
    "agency_does_not_cooperate": Text(
        "该机构不在本阶段的配合单位之列", "this agency does not cooperate in the stage"
    ),
    "consent_does_not_cover": Text(
        "本人的同意没有写明该单位，或已失效", "no consent in force names this unit"
    ),
    "agency_does_not_own_cases": Text(
        "案件只能由公安或民政负责", "cases are owned by the police or civil affairs"
    ),
    "agency_reads_no_cases": Text("该机构不接触个案", "this agency reads no cases"),
    "same_agency": Text("须由另一机构（或上一级）批准", "another agency approves, or the level above"),
    "another_agency_serves": Text(
        "当地有其他机构可以批准，不由上一级批准",
        "another agency serves this place and approves; the level above does not",
    ),
    "already_responsible": Text("该单位已经负责", "this unit is responsible already"),
    "already_answered": Text("已经答复过", "this was answered already"),
    "review_not_ahead": Text("复查时间须在将来", "the review lies ahead"),
    "review_too_far": Text("暂停最长90天，届时须复查", "a hold is reviewed within 90 days"),
    "agency_had_care": Text(
        "曾负责照料此人的机构不能批准", "an agency that had care of the person does not approve this"
    ),
    "day_not_ahead": Text("须是今天以后的日期", "a day after today"),
    "agency_reads_cases": Text(
        "该机构可受理或受邀参与个案，无须匿名请求",
        "this agency is invited or routed to, not asked namelessly",
    ),
    "time_is_past": Text("时间已过", "this time is past"),
    "names_somebody": Text(
        "请求中不得出现姓名、电话、证件号、地址或案号",
        "a request holds no name, phone, number or address of anybody",
    ),
    "needs_no_approval": Text("这一步无须另一机构批准", "this step needs no other agency's approval"),
    "stage_ended": Text("阶段已结束", "the stage has ended"),
    "stage_exists": Text("本轮已有这一阶段", "this round has the stage already"),
    "not_a_child": Text("此人已成年，没有监护人", "the person is an adult and has no guardian"),
    "unknown_relative": Text("没有登记这位亲属", "this relative of the child is not on file"),
    "judged_in_other_file": Text(
        "该回避来自同一人的另一份案卷，只能在那里核实与解除；两卷分开后，此处随之终止",
        "this conflict comes from the other file about the same person: it is judged there, and ends here when the files are"
        " parted",
    ),
    "already_in_question": Text("已在回避之中", "this one is in question already"),
    "not_the_police": Text(
        "只有公安机关能确认监护人不是嫌疑人", "only the police can say that a guardian is not a suspect"
    ),
    "no_unit_above": Text(
        "没有可以接手的上一级或其他责任单位", "there is no level above, nor another lead, to take the work"
    ),
    "owner_names_people": Text("由案件负责单位登记当事人", "the people of a case are named by its owner"),
    "age_decision_needed": Text(
        "曾按未成年人对待，须先作年龄认定",
        "somebody who counted as a minor is an adult only by an age_decision",
    ),
    "guardianship_not_safe": Text(
        "监护未确认安全前，不得联系家中任何人", "nobody at home is contacted before guardianship is safe"
    ),
    "another_case_needed": Text("须填另一个案件的编号", "name another case than this one"),
    "merged_already": Text(
        "此人已有一项合并或合并请求", "this person has a merge, or a request for one, already"
    ),
    "own_request": Text("不能批准自己的请求", "nobody approves their own request"),
    "proven_by_match_or_court": Text(
        "亲属关系只凭公安比对或法院裁定确认", "only the police's match or a court's order proves a kinship"
    ),
    "police_or_owner_says_suspect": Text(
        "是否涉嫌由公安或案件负责单位写明", "who is a suspect is said by the police or the case's owner"
    ),
    "not_an_advocate": Text(
        "须为非公安机构的援助员账号", "an advocate has an account of that role, outside the police"
    ),
    "term_over": Text("期限须在将来", "the term ends in the future"),
    "not_approvable": Text("没有可以这样批准的事项", "there is nothing to approve under this name"),
    "not_in_private": Text("须单独听取", "it must be heard in private"),
    "report_has_a_case": Text("该报告已有案件", "the report stands behind another case"),
    "not_another_duty_unit": Text("只能转给另一个公安单位", "reports are referred to another police unit"),
    "institution_of_another_agency": Text("该机构不办这类场所", "this agency runs no such institution"),
    "version_format": Text("If-Match 须为带引号的版本号", 'If-Match is a version in quotes, such as "3"'),
    "key_format": Text("键须为8至255个可见字符", "a key has 8 to 255 visible characters"),
    "key_too_short": Text(
        "不用账号时，键须至少32个字符", "without an account a key has at least 32 characters"
    ),
    "purpose_format": Text("用途代码格式不对", "a purpose is a code in small letters"),
    "purpose_unknown": Text("没有这种用途", "there is no such purpose"),
    "purpose_missing": Text("程序查阅个案须注明用途", "a machine says for which purpose it reads"),
    "cursor": Text("翻页标记无效，请从第一页开始", "this page mark is not valid; start from the first page"),
    "password_rule": Text("密码须为15至128个字符", "a password has 15 to 128 characters"),
    "password_holds_name": Text("密码中不得含有用户名", "a password does not hold the user name"),
    "password_unchanged": Text("新密码须与原密码不同", "the new password differs from the present one"),
    "code_does_not_fit": Text(
        "验证码不符，请用设备上最新的验证码", "this is not the code that the device shows now"
    ),
    "purpose_of_another_agency": Text(
        "该机构不以此用途阅读", "this agency does not read for one of these purposes"
    ),
    "units_of_one_agency": Text("须为同一机构的单位，每个地点一个", "units of one agency, one at each place"),
    "not_a_p256_key": Text("须为 P-256 公钥，且不含私钥部分", "a public P-256 key, without its private half"),
    "key_term": Text("密钥有效期须在将来且不超过400天", "a key counts until a day within the next 400"),
    "form_format": Text("表单格式有误，或同一项出现两次", "the form cannot be read, or names a field twice"),
    "unsupported_here": Text("此处只接受文档所列的值", "only the value in the document is taken here"),
    "guardian_not_confirmed": Text(
        "监护人尚未确认安全，也不是临时监护人，不向其提供资料",
        "the guardian is neither confirmed as safe nor temporary: nothing is handed to them",
    ),
    "unknown_issuer": Text("没有登记这个身份提供方", "there is no such issuer"),
    "not_a_key_of_the_algorithm": Text(
        "须为该算法的公钥（RSA 至少2048位），且不含私钥部分",
        "public keys of the algorithm (RSA of 2,048 bits or more), without their private halves",
    ),
    "kid_twice": Text("同一密钥编号出现两次", "a key id is named twice"),
    "machines_have_keys": Text(
        "系统对接账号以密钥登录，请登记客户端", "a machine signs in with a key: register a client"
    ),
    "office_and_psb": Text("反拐办与公安职责不得兼任", "nobody holds OFFICE and PSB roles together"),
    "clock_not_running": Text("该时限没有在计算", "this clock does not run here"),
    "not_for_pdf": Text(
        "PDF 一次生成全部内容，不能续传", "a PDF is made whole and does not go on behind a mark"
    ),
    "clock_is_fixed": Text("该时限不能另行设定或延长", "this clock is not set otherwise or extended"),
    "not_later": Text("须晚于现在的期限", "it must be later than the time set now"),
    "amount_out_of_bounds": Text("超出允许的范围", "it lies outside what the table of clocks allows"),
    "number_format": Text("编号有误，请核对", "the number is mistyped: its check digit does not fit"),
}
