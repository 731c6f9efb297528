// Every sentence of the page, in Chinese and in English, and the language that it speaks now.

const KEPT = "homeward.audit.language";
const HEARD = new EventTarget();

const TEXTS = {
  title: ["归途 · 审计", "Homeward · Audit"],
  skip: ["跳到正文", "Skip to the content"],
  language: ["语言", "Language"],
  sign_in: ["登录", "Sign in"],
  sign_out: ["退出登录", "Sign out"],
  for_whom: [
    "供审计员和个人信息保护负责人核查案件。每次查阅都会留下记录。本页不能更改任何内容。",
    "For auditors and data protection officers who check a case. Every look is written down. Nothing can be changed here.",
  ],
  username: ["用户名", "User name"],
  password: ["密码", "Password"],
  code: ["动态验证码", "One-time code"],
  code_hint: [
    "已设置第二验证方式的账号必须填写；也可填写备用码。",
    "Needed where the account has a second factor; a recovery code will do.",
  ],
  signed_in: ["已登录。", "You are signed in."],
  signed_out: ["已退出登录。", "You are signed out."],
  session_ended: [
    "会话已结束，页面上的案件内容已清除。请重新登录。",
    "The session has ended and the case has been cleared from this page. Please sign in again.",
  ],
  not_auditor: [
    "此账号不是审计员或个人信息保护负责人，本页不供其使用。",
    "This account is neither an auditor's nor a data protection officer's: this page is not for it.",
  ],
  set_up_first: [
    "此账号须先设置自己的密码和第二验证方式，然后才能使用本页。",
    "This account must first be given a password and a second factor of its own, then it can be used here.",
  ],
  wait: ["请在 {0} 秒后再试。", "Try again in {0} seconds."],
  not_reached: ["无法连接服务器，请稍后再试。", "The server cannot be reached. Please try again later."],
  defect: ["页面出错，请重新载入。", "Something went wrong in this page. Please load it again."],
  reading: ["正在读取…", "Reading…"],
  find: ["查找案件", "Find a case"],
  number: ["案件编号", "Case number"],
  number_hint: ["例如 2026-032-2474-1", "For example 2026-032-2474-1"],
  look_up: ["查找", "Find"],
  case_found: ["案件 {0}，已读取 {1} 条记录。", "Case {0}: {1} lines read."],
  case_not_found: [
    "没有这一编号的案件，或该案件不由您审计。",
    "There is no case of this number, or it is not yours to audit.",
  ],
  case: ["案件", "Case"],
  unit: ["单位", "Unit"],
  instant: ["截至时刻（{0}）", "As of ({0})"],
  as_of: ["案件在某一时刻的情形", "The case as it stood"],
  as_of_hint: [
    "显示截至该时刻已登记的内容，不含此后才得知的事。",
    "What was on record by then; not what was learned later.",
  ],
  show_then: ["查看", "Show"],
  back_to_now: ["回到现在", "Back to now"],
  stood_at: ["截至 {0}，共 {1} 条登记", "As of {0}: {1} entries on record"],
  nothing_yet: ["截至该时刻还没有任何登记。", "Nothing was on record at that time."],
  state: ["状态", "State"],
  round: ["轮次", "Round"],
  owner: ["主办单位", "Owner"],
  offered_to: ["正移交给", "Offered to"],
  closing_reason: ["结案原因", "Closing reason"],
  file_erased: ["案卷已于 {0} 删除。", "The file was erased on {0}."],
  stages: ["各阶段", "Stages"],
  stage: ["阶段", "Stage"],
  person: ["当事人", "Person"],
  person_n: ["当事人{0}", "Person {0}"],
  people: ["当事人", "People"],
  whole_case: ["全案", "Whole case"],
  held_by: ["承办单位", "Held by"],
  due: ["期限", "Due"],
  known_of: ["已登记的信息", "What is known"],
  erased: ["已删除", "Erased"],
  withheld: ["不予显示：{0}", "Withheld: {0}"],
  names_withheld: ["不予显示：姓名和个人信息（审计只用代号）", "Withheld: names and personal data (audits see signs only)"],
  none: ["无", "None"],
  "case.open": ["办理中", "Open"],
  "case.closed": ["已结案", "Closed"],
  chain: ["链条的完整性", "State of the chain"],
  check_again: ["重新检查", "Check again"],
  chain_whole: ["✓ 完整：全部 {0} 条登记首尾相接，内容未变。", "✓ Whole: all {0} entries follow one another, unaltered."],
  chain_broken: ["✗ 有问题：第 {0} 条（{1}）。", "✗ Broken at entry {0} ({1})."],
  "fault.gap": ["缺少登记", "an entry is missing"],
  "fault.other_chain": ["属于另一条链", "it belongs to another chain"],
  "fault.broken_link": ["与前一条不相接", "it does not follow the one before"],
  "fault.altered_body": ["登记被改动", "the entry was altered"],
  "fault.altered_section": ["内容被改动", "what it says was altered"],
  "fault.head_differs": ["末尾与案件所记不符", "the end is not the one that the case names"],
  head: ["末条登记的摘要", "Digest of the head"],
  checked_at: ["检查时间", "Checked"],
  proves: [
    "证明：存放在这里的登记逐条相接，与案件记下的末尾一致，没有一条被单独改动、插入或抽走。",
    "What this proves: the entries stored here follow one another up to the end that the case names; none was altered, put in or taken out by itself.",
  ],
  not_proves: [
    "不能证明：有人把整条链连同末尾一起重写。这要与存放在外部的检查点比对，并用案卷包离线核验。它也不证明所登记的事真实发生，或没有遗漏登记。",
    "What it does not prove: that nobody wrote the whole chain anew, end and all. For that, compare a checkpoint kept elsewhere and verify a bundle offline. Nor does it prove that what was entered is true, or that everything was entered.",
  ],
  checkpoint: ["最新检查点", "Newest checkpoint"],
  no_checkpoint: ["还没有检查点。", "No checkpoint yet."],
  checkpoint_of: ["{0} 签署，共 {1} 片叶", "Signed {0}, {1} leaves"],
  checkpoint_proves: [
    "证明：签署时全部登记的状态。请把它另存到别处：日后若有登记被删改，凭它可以发现。",
    "What it proves: the state of everything entered when it was signed. Keep a copy elsewhere: what is altered or removed later can be told by it.",
  ],
  checkpoint_not_proves: [
    "不能证明：签署之后的登记。签名须用另行取得的公钥核对，不能用本服务器给出的公钥。",
    "What it does not prove: anything entered after it. Check its signature with a key that you were given another way, not by this server.",
  ],
  picture: ["图示", "Picture"],
  picture_label: ["案件时间线图示", "Timeline of the case as a picture"],
  picture_hint: [
    "每个机构一栏，每个阶段一条。用方向键在各点之间移动，按回车查看内容。",
    "A lane for each agency, a bar for each stage. Move between the points with the arrow keys; Enter shows what they are.",
  ],
  time_by: ["时间", "Time"],
  by_recorded: ["登记时间", "when it was recorded"],
  by_happened: ["发生时间", "when it happened"],
  scale: ["刻度", "Scale"],
  shortened: ["缩短空白时段", "quiet times shortened"],
  true_scale: ["按实际时长", "true to time"],
  narrower: ["缩小", "Narrower"],
  wider: ["放大", "Wider"],
  picture_part: [
    "图中只有前 {0} 条记录，后面还有。",
    "The picture shows the first {0} lines; there are more.",
  ],
  read_more: ["继续读取", "Read more"],
  lane_case: ["案件本身", "The case itself"],
  lane_reads: ["查阅记录", "Who looked"],
  lane_none: ["未分派", "With nobody"],
  point_of_many: ["{0} 条", "{0} lines"],
  legend: ["图例", "Legend"],
  legend_waiting: ["待受理", "waiting to be taken up"],
  legend_work: ["办理中", "in work"],
  legend_hold: ["暂停", "on hold"],
  legend_due: ["期限", "due time"],
  legend_met: ["按期履行", "met in time"],
  legend_over: ["逾期", "overrun"],
  as_table: ["以表格显示图示内容", "The picture as a table"],
  agency: ["机构", "Agency"],
  from_to: ["起止", "From, to"],
  until_now: ["至今", "until now"],
  due_times: ["期限", "Due times"],
  overruns: ["逾期", "Overruns"],
  due_open: ["未到期", "running"],
  due_met: ["按期履行", "met in time"],
  due_stopped: ["已停止", "stopped"],
  due_late: ["逾期 {0}", "overrun by {0}"],
  days: ["{0} 天", "{0} d"],
  hours: ["{0} 小时", "{0} h"],
  minutes: ["{0} 分钟", "{0} min"],
  details: ["所选记录", "Selected lines"],
  entries: ["记录", "Entries"],
  filters: ["筛选", "Filter"],
  kind: ["类别", "Kind"],
  from: ["起（{0}）", "From ({0})"],
  until: ["止（{0}）", "Until ({0})"],
  any: ["全部", "Any"],
  apply: ["应用", "Apply"],
  clear: ["清除", "Clear"],
  show_more: ["显示更多", "Show more"],
  shown: ["已显示 {0} 条。", "{0} lines shown."],
  shown_all: ["已显示全部 {0} 条。", "All {0} lines shown."],
  no_entries: ["没有符合条件的记录。", "No lines fit."],
  recorded: ["登记于 {0}", "Recorded {0}"],
  happened: ["发生于 {0}", "Happened {0}"],
  late: ["补记", "Recorded late"],
  corrects: ["更正第{0}条", "Corrects no. {0}"],
  by_rule: ["依规则自动", "by rule"],
  account: ["账号", "account"],
  articles: ["依据第{0}条", "Art. {0}"],
  changed: ["更改项", "Fields"],
  looked_at: ["查阅：{0}", "Looked at: {0}"],
  purpose: ["用途：{0}", "Purpose: {0}"],
  clock: ["时限：{0}，{1}，期限 {2}", "Clock: {0}, {1}, due {2}"],
  "did.started": ["开始", "started"],
  "did.met": ["已履行", "met"],
  "did.stopped": ["停止", "stopped"],
  "did.paused": ["暂停", "paused"],
  "did.resumed": ["恢复", "resumed"],
  digest: ["摘要", "Digest"],
  "part.what": ["发生了什么", "what happened"],
  "part.who": ["谁办理的", "who did it"],
  "part.values": ["数值的承诺", "commitments of values"],
  "part.kind": ["类别", "kind"],
  "part.happened_at": ["发生时间", "when it happened"],
  "part.late": ["是否补记", "whether it was late"],
  "part.corrects": ["更正哪一条", "what it corrects"],
  "part.case": ["案件的情形", "how the case stood"],
  "subject.case": ["案件", "the case"],
  "subject.stage": ["一个阶段", "a stage"],
  "subject.stage_list": ["各阶段列表", "the list of stages"],
  "subject.stage_records": ["阶段记录", "the records of a stage"],
  "subject.stage_remarks": ["阶段备注", "the remarks of a stage"],
  "subject.victim": ["当事人信息", "a person's record"],
  "subject.victim_list": ["当事人列表", "the list of people"],
  "subject.consent": ["一项同意", "a consent"],
  "subject.consent_list": ["同意列表", "the consents"],
  "subject.approval": ["一项批准", "an approval"],
  "subject.approval_list": ["批准列表", "the approvals"],
  "subject.conflict": ["一项回避", "a conflict"],
  "subject.conflict_list": ["回避列表", "the conflicts"],
  "subject.deadlines": ["期限", "the due times"],
  "subject.timeline": ["时间线", "the timeline"],
  "subject.timeline_check": ["链条的检查", "the check of the chain"],
  "subject.timeline_jsonl": ["时间线导出（JSON）", "the timeline, exported (JSON)"],
  "subject.timeline_csv": ["时间线导出（CSV）", "the timeline, exported (CSV)"],
  "subject.timeline_pdf": ["时间线导出（PDF）", "the timeline, exported (PDF)"],
  "subject.case_as_of": ["案件在某一时刻的情形", "the case as it stood"],
  "subject.audited_case": ["按编号查找案件", "the case, found by its number"],
  "subject.search_result": ["检索结果", "a result of a search"],
  "subject.relative": ["亲属信息", "a relative's record"],
  "subject.relative_list": ["亲属列表", "the relatives"],
  "subject.refused": ["请求查阅而未获准", "asked for and not shown"],
  export: ["导出", "Export"],
  export_hint: [
    "按上面的筛选条件导出。导出前须再次验证身份；每次导出都会留下记录。",
    "Exports follow the filter above. You prove once more that it is you; every export is written down.",
  ],
  export_jsonl: ["JSON 行", "JSON lines"],
  export_csv: ["CSV 表格", "CSV"],
  export_pdf_zh: ["PDF（中文）", "PDF (Chinese)"],
  export_pdf_en: ["PDF（英文）", "PDF (English)"],
  exported: ["已保存 {0}。", "Saved {0}."],
  confirm: ["再次验证身份", "Prove once more that it is you"],
  confirm_hint: [
    "请输入动态验证码；没有第二验证方式的账号输入密码。",
    "Enter a one-time code, or the password if the account has no second factor.",
  ],
  proof: ["验证码或密码", "Code or password"],
  go_on: ["继续", "Go on"],
  cancel: ["取消", "Cancel"],
};

const chosen = () => {
  try {
    return localStorage.getItem(KEPT);
  } catch {
    return null; // a browser that keeps nothing
  }
};

let speaks = ["zh", "en"].includes(chosen()) ? chosen() : navigator.language.startsWith("zh") ? "zh" : "en";

export const language = () => speaks;

export function t(key, ...values) {
  const text = TEXTS[key][speaks === "zh" ? 0 : 1];
  return text.replace(/\{(\d)\}/g, (_whole, place) => values[Number(place)]);
}

export const has = (key) => Object.hasOwn(TEXTS, key);

export const pair = (key) => TEXTS[key];

// Sentences that stand in one language only, or that leave a place open in one and not in the other.
export const unpaired = () => {
  const places = (text) => (text.match(/\{\d\}/g) ?? []).sort().join();
  return Object.keys(TEXTS).filter((key) => TEXTS[key].length !== 2 || places(TEXTS[key][0]) !== places(TEXTS[key][1]));
};

export const onLanguage = (heard) => HEARD.addEventListener("change", heard);

export function speak(wanted) {
  speaks = wanted;
  try {
    localStorage.setItem(KEPT, wanted);
  } catch {
    // it is not remembered, and that is all
  }
  HEARD.dispatchEvent(new Event("change"));
}

// The texts of the page itself: what an element says stands in its data-text.
export function say(root) {
  document.documentElement.lang = speaks === "zh" ? "zh-CN" : "en";
  document.title = t("title");
  for (const element of root.querySelectorAll("[data-text]")) element.textContent = t(element.dataset.text);
  for (const element of root.querySelectorAll("[data-label]")) element.setAttribute("aria-label", t(element.dataset.label));
}
