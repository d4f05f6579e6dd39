"""Every refusal code with its status and its sentence in Chinese and English (requirements 2.28)."""

from typing import NamedTuple


class RefusalText(NamedTuple):
    """What one code says and which HTTP status it answers with."""

    status: int
    zh: str
    en: str


REFUSAL_TEXTS: dict[str, RefusalText] = {
    "E_REQUIRED_FIELD": RefusalText(422, "必填项未填写完整", "A mandatory field is missing"),
    "E_FIELD_READONLY": RefusalText(
        422, "该项由系统带出，不可修改", "This field is filled in by the system and cannot be changed"
    ),
    "E_FORBIDDEN": RefusalText(403, "无权执行此操作", "Your role or organisation may not do this"),
    "E_ROLE_NOT_HELD": RefusalText(403, "当前用户不具有该角色", "You do not hold this role"),
    "E_ROLE_DUPLICATE": RefusalText(409, "该角色已存在", "This role has been granted already"),
    "E_LOGIN_FAILED": RefusalText(401, "用户名或密码错误", "The user name or the password is wrong"),
    "E_CAPTCHA": RefusalText(401, "验证码错误", "The captcha is wrong"),
    "E_PASSWORD_MUST_CHANGE": RefusalText(403, "请先修改初始密码", "Change the initial password first"),
    "E_PASSWORD_WEAK": RefusalText(422, "密码强度不足", "The password is too weak"),
    "E_ACCOUNT_CLOSED": RefusalText(
        403,
        "账号已关闭，须由支部激活后登录",
        "The account is closed; the branch must activate it before you can log in",
    ),
    "E_CERT_REQUIRED": RefusalText(403, "请使用数字证书登录", "Log in with your digital certificate"),
    "E_CERT_EXPIRED": RefusalText(403, "数字证书已过期", "The digital certificate has expired"),
    "E_PHONE_NOT_ACTIVATED": RefusalText(
        409,
        "被赋权的管理员须先绑定手机号码激活",
        "The person to be authorised must first activate the account with a mobile number",
    ),
    "E_PHONE_FORMAT": RefusalText(422, "联系电话格式不正确", "This is neither a mobile nor a landline number"),
    "E_POSTCODE_FORMAT": RefusalText(422, "邮编格式不正确", "A postcode has six digits"),
    "E_SMS_CODE_INVALID": RefusalText(422, "短信验证码错误", "The SMS code is wrong"),
    "E_SMS_CODE_EXPIRED": RefusalText(422, "短信验证码已失效", "The SMS code has expired"),
    "E_AUTH_CODE_INVALID": RefusalText(422, "授权码错误", "The authorisation code is wrong"),
    "E_AUTH_CODE_EXPIRED": RefusalText(
        422, "授权码已超过一周有效期", "The authorisation code is older than seven days"
    ),
    "E_ACTIVATION_MISMATCH": RefusalText(
        422, "姓名或身份证号与开通信息不一致", "Name or identity number differ from those registered"
    ),
    "E_ADMIN_LIMIT": RefusalText(
        409, "管理员人数已达上限", "The organisation already has as many administrators as allowed"
    ),
    "E_CANDIDATE_NOT_IN_BRANCH": RefusalText(
        422, "该党员不在此支部，无法授权", "The candidate is not a member of this branch"
    ),
    "E_CANDIDATE_NOT_MEMBER": RefusalText(
        422, "须为本组织内党员", "The candidate must be a member inside this organisation"
    ),
    "E_ORG_CYCLE": RefusalText(
        422, "上级组织不能是本组织或其下级", "The superior cannot be the organisation itself or one below it"
    ),
    "E_ORG_ROOT": RefusalText(422, "只能有一个根组织", "There must be exactly one root organisation"),
    "E_ORG_CODE_IMMUTABLE": RefusalText(
        422, "党组织编码由系统分配，无法更改", "The organisation code is assigned by the system and cannot be changed"
    ),
    "E_ORG_NAME_FORMAT": RefusalText(
        422, "党组织名称不符合模板", "The organisation's name does not follow the pattern"
    ),
    "E_ORG_OUT_OF_SCOPE": RefusalText(403, "该党组织不在您的管理范围内", "The organisation is outside your area"),
    "E_ORG_HAS_PENDING_TRANSFERS": RefusalText(
        409,
        "支部内有党员组织关系转接尚未完成，请先完成线上转接",
        "Transfers from or to this organisation are not finished yet",
    ),
    "E_ORG_NOT_EMPTY": RefusalText(
        409, "该组织仍有党员或下级组织", "The organisation still has members or subordinate organisations"
    ),
    "E_LEVEL_INVALID": RefusalText(422, "组织权限级别无效", "This authority level does not exist"),
    "E_LEVEL_ABOVE_SUPERIOR": RefusalText(
        422, "权限级别不能高于上级组织", "The authority level cannot outrank that of the superior"
    ),
    "E_PERM_INVALID": RefusalText(422, "权限设置无效", "This permission value does not exist"),
    "E_PERM_BY_SUPERIOR_ONLY": RefusalText(
        403, "该权限由上级党组织配置", "Only a superior organisation can set this permission"
    ),
    "E_PERM_NOT_EDITABLE": RefusalText(422, "该权限由系统默认，不可修改", "This permission is fixed by the system"),
    "E_NO_TRANSFER_PERMISSION": RefusalText(
        403, "本党组织不具备转接党员组织关系权限", "This organisation has no permission to transfer members"
    ),
    "E_SCOPE_REQUIRED": RefusalText(
        403, "本党组织不具有该转接类型的权限", "This organisation lacks the scope for this variety of transfer"
    ),
    "E_IMPORT_FORMAT": RefusalText(422, "导入文件格式不正确", "The import file is not well-formed"),
    "E_IMPORT_WINDOW": RefusalText(409, "请在每月第一个工作日报送", "Submit on the first working day of the month"),
    "E_DATE_FUTURE": RefusalText(422, "日期不能晚于今天", "The date cannot lie in the future"),
    "E_DATE_ORDER": RefusalText(422, "日期先后顺序不正确", "The dates are in the wrong order"),
    "E_ID_FORMAT": RefusalText(
        422, "身份证号格式不正确", "An identity number has 18 characters and contains a real birth date"
    ),
    "E_ID_CHECKSUM": RefusalText(422, "身份证号校验位不正确", "The check character of the identity number is wrong"),
    "E_ID_MISMATCH": RefusalText(
        422, "姓名与身份证号不一致", "Name, sex or birth date do not agree with the identity number"
    ),
    "E_MEMBER_NOT_FOUND": RefusalText(404, "未查询到该党员", "No such member was found"),
    "E_MEMBER_EXISTS": RefusalText(409, "该身份证号已存在", "This identity number exists already"),
    "E_MEMBER_IN_PROVINCE": RefusalText(
        409,
        "该党员为本省党员，请通过省内转接办理",
        "This person is a member in the province; use a transfer inside the province",
    ),
    "E_MEMBER_HISTORICAL": RefusalText(
        409,
        "该党员为历史党员（已转出、已故、出党等）",
        "This person is a former member (transferred out, deceased or expelled)",
    ),
    "E_MEMBER_SUSPENDED": RefusalText(409, "该党员已停止党籍", "The membership of this person is suspended"),
    "E_ALREADY_CLAIMED": RefusalText(
        409, "该人员已被其他组织预认领", "Another organisation has already claimed this person"
    ),
    "E_USE_INCOMING": RefusalText(
        409, "外系统党员须通过转入流程录入", "Members from another system enter through an incoming transfer only"
    ),
    "E_START_NOT_ALLOWED": RefusalText(
        403, "当前角色不能发起该类转接", "Your role or organisation cannot start this transfer"
    ),
    "E_PROBATIONARY_SELF_START": RefusalText(
        403, "预备党员请由所在党支部提出申请", "For a probationary member the branch has to apply"
    ),
    "E_NO_MEMBER_SELECTED": RefusalText(422, "请选择党员", "Select at least one member"),
    "E_NOT_SUBORDINATE": RefusalText(
        403, "该党员不是本党组织下属党员", "The member does not belong to your organisation or one below it"
    ),
    "E_TRANSFER_IN_PROGRESS": RefusalText(
        409, "该党员已有转接流程尚未结束，不允许重复提交", "This member already has a transfer that is not finished"
    ),
    "E_DUES_FUTURE": RefusalText(422, "党费缴纳至不允许超过当前月份", "Dues cannot be paid beyond the current month"),
    "E_DUES_TOO_OLD": RefusalText(
        422, "党费缴纳截止日期只能填写近三个月", "The month up to which dues are paid lies too far back"
    ),
    "E_DUES_GRADUATE_FIXED": RefusalText(
        422, "毕业生党员党费统一收至规定月份", "For graduates dues are paid up to the fixed month"
    ),
    "E_REASON_REQUIRED": RefusalText(422, "请填写理由", "Give a reason"),
    "E_HEADING_REQUIRED": RefusalText(
        422, "转出到省外或特殊组织须填写介绍信抬头", "A transfer outside needs the heading of the letter"
    ),
    "E_TARGET_PRECISION": RefusalText(
        422, "目标党组织须精确到规定层级", "The target organisation is not of the level asked for"
    ),
    "E_TARGET_IS_SUPERIOR": RefusalText(
        422, "不能选择转出党员的上级党组织", "The target cannot be a superior of the member's branch"
    ),
    "E_SAME_BRANCH": RefusalText(422, "目标支部与当前支部相同", "The target is the member's own branch"),
    "E_TARGET_NOT_ALLOWED": RefusalText(422, "该组织不能作为目标党组织", "This organisation cannot be a target"),
    "E_TARGET_NOT_SUBORDINATE": RefusalText(
        422, "只能选择本党组织的下级党组织", "Choose an organisation below your own"
    ),
    "E_TARGET_MUST_BE_TEXT": RefusalText(
        422, "转出省外请手工填写目标党组织", "For a transfer outside the target is typed by hand"
    ),
    "E_OFF_TREE_FLAG_REQUIRED": RefusalText(
        422,
        "请勾选“去向党组织不在本信息系统党组织机构树上”",
        'Tick "target is not in this system\'s tree" before typing a target',
    ),
    "E_OFF_TREE_LOCKED": RefusalText(
        422, "全国直接转接时该标识不可修改", "For a nationwide transfer the off-tree box cannot be unticked"
    ),
    "E_QUERY_TOO_SHORT": RefusalText(422, "请输入查询内容", "Enter what to search for"),
    "E_QUERY_INVALID": RefusalText(422, "查询条件无效", "The query is not valid"),
    "E_EXPORT_LIMIT": RefusalText(422, "导出数量超过上限", "Too many rows to export"),
    "E_OUT_TYPE_MISMATCH": RefusalText(
        422, "转出类型与转出、接收党组织不符", "The outgoing type does not fit origin and target"
    ),
    "E_IN_TYPE_INVALID": RefusalText(422, "接收类型无效", "The incoming type is not one of the four"),
    "E_VARIETY_MISMATCH": RefusalText(
        422, "转接类型与目标党组织不符", "The variety of transfer does not fit the target"
    ),
    "E_ATTESTATION_REQUIRED": RefusalText(
        422, "请先核实并勾选确认项", "Check the data and tick the confirmation first"
    ),
    "E_ROUTE_NO_AUTHORITY": RefusalText(
        409,
        "未找到具有审批权限的上级党组织，请先维护组织权限级别",
        "No superior organisation with the necessary authority was found; set the authority levels first",
    ),
    "E_TRANSFER_LOCKED": RefusalText(
        409, "确认发起后不可更改", "The transfer has been started and can no longer be edited"
    ),
    "E_TRANSFER_FINISHED": RefusalText(409, "该转接已结束", "This transfer is finished"),
    "E_TRANSFER_NOT_FINISHED": RefusalText(409, "该转接尚未完成", "This transfer is not finished yet"),
    "E_NOT_CURRENT_HOP": RefusalText(403, "当前环节不由本党组织办理", "The current step is not your organisation's"),
    "E_ACTION_NOT_ALLOWED": RefusalText(
        409, "当前状态不允许此操作", "This action is not possible in the current state"
    ),
    "E_ALREADY_DECIDED": RefusalText(409, "该环节已由他人办理", "Another person has already decided this step"),
    "E_STALE": RefusalText(409, "数据已变化，请刷新", "The data have changed; load them again"),
    "E_WITHDRAW_TOO_LATE": RefusalText(
        409, "下一环节已办理，不能撤回", "The next step has been decided; it is too late to withdraw"
    ),
    "E_VOID_NOT_ALLOWED": RefusalText(
        409,
        "仅退回或撤回到申请环节的记录可作废",
        "Only a record returned to or withdrawn to the application step can be voided",
    ),
    "E_REVOKE_NOT_ALLOWED": RefusalText(403, "无权撤销该转接", "You may not revoke this transfer"),
    "E_RECALL_NOT_ALLOWED": RefusalText(409, "该介绍信不能撤回", "This letter cannot be recalled"),
    "E_RETRIEVE_NOT_FOUND": RefusalText(
        404, "未找到可找回的党员", "Nobody with this number was closed out of this branch"
    ),
    "E_RETRIEVE_NOT_ALLOWED": RefusalText(409, "该党员不符合找回条件", "This person cannot be retrieved"),
    "E_ADJUST_BEFORE_RECEIVE": RefusalText(
        409, "请先调整接收党组织至党支部后再接收", "Adjust the receiver to a branch before receiving"
    ),
    "E_LETTER_NOT_SAVED": RefusalText(409, "介绍信未保存", "The letter has not been completed and saved"),
    "E_LETTER_EXPIRED": RefusalText(409, "介绍信已过有效期", "The letter has expired"),
    "E_LETTER_VOID": RefusalText(409, "介绍信已作废", "The letter is void"),
    "E_LETTER_NO_EXHAUSTED": RefusalText(409, "本月介绍信编号已用完", "The letter numbers of this month are used up"),
    "E_VALIDITY_NOT_ALLOWED": RefusalText(
        422, "有效期只能选择规定天数", "Choose one of the permitted periods of validity"
    ),
    "E_SEAL_FORMAT": RefusalText(415, "签章须为JPG格式", "A seal must be a JPG file"),
    "E_SEAL_SIZE": RefusalText(422, "签章须为500×500像素", "A seal must have 500×500 pixels"),
    "E_SEAL_DPI": RefusalText(422, "签章须为300dpi", "A seal must have 300 dpi"),
    "E_SEAL_MISSING": RefusalText(409, "请先上传签章", "Upload the seal first"),
    "E_TEMPLATE_UNKNOWN": RefusalText(422, "套打模板不存在", "This overlay template does not exist"),
    "E_ARCHIVE_NOT_VISIBLE": RefusalText(
        403,
        "只有本党组织操作过的申请单才可查看存档",
        "Only organisations that handled the transfer can see its archive",
    ),
    "E_IMMUTABLE": RefusalText(409, "记录不可修改或删除", "This record can be neither changed nor deleted"),
    "E_RECEIPT_EXISTS": RefusalText(409, "已录入回执", "The receipt has been recorded already"),
    "E_RECEIPT_IMAGE_REQUIRED": RefusalText(422, "请先上传介绍信回执联附件", "Upload the image of the receipt first"),
    "E_LETTER_PHOTO_REQUIRED": RefusalText(422, "请上传介绍信照片", "Upload a photo of the letter"),
    "E_REAL_NAME_FAILED": RefusalText(
        409, "实名认证未通过，是否进入人工审核", "The real-name check failed; choose manual review to go on"
    ),
    "E_ID_PHOTO_REQUIRED": RefusalText(
        422, "人工审核须上传身份证照片", "Manual review needs a photo of the identity card"
    ),
    "E_ADMIN_PENDING_TASKS": RefusalText(
        409,
        "管理员您好，您还有未办理的事项，请先办理完才能申请转出",
        "You still have open tasks as an administrator; finish them before you apply",
    ),
    "E_ADMIN_SUCCESSOR_REQUIRED": RefusalText(
        409, "请先赋权新管理员并免去旧管理员权限", "Authorise a new administrator and relieve the old one first"
    ),
    "E_LAST_ADMIN_LEAVING": RefusalText(409, "至少要留有一名管理员办理流程", "At least one administrator must stay"),
    "E_ATTACHMENT_TYPE": RefusalText(415, "附件格式不支持", "This type of attachment is not supported"),
    "E_ATTACHMENT_SIZE": RefusalText(413, "附件超过大小限制", "The attachment is too large"),
    "E_ATTACHMENT_CONTENT": RefusalText(
        415, "附件内容与格式不符", "The content of the attachment does not match its type"
    ),
    "E_URGE_TOO_OFTEN": RefusalText(409, "今日已催办", "You have already urged this today"),
    "E_EXCHANGE_DISABLED": RefusalText(409, "业务数据交换区未启用", "The exchange zone is not in use"),
    "E_PACKAGE_USED": RefusalText(409, "该交换数据已办理", "This exchange package has been used"),
    "E_PACKAGE_INVALID": RefusalText(422, "交换数据校验失败", "The exchange package is not valid"),
    "E_BPMN_INVALID": RefusalText(422, "流程图校验未通过", "The diagram did not pass its checks"),
    "E_PROFILE_INVALID": RefusalText(422, "配置项无效", "The profile is not valid"),
    "E_NOT_FOUND": RefusalText(404, "未找到所请求的内容", "Nothing was found here"),
    "E_ORG_NOT_FOUND": RefusalText(404, "未找到该党组织", "No such organisation was found"),
    "E_DATABASE_IN_USE": RefusalText(409, "数据库正被另一个服务进程使用", "Another server process uses this database"),
    "E_SCHEMA_VERSION": RefusalText(
        409, "数据库结构版本与程序不符", "The schema of the database does not fit this program"
    ),
    "E_STORAGE_FULL": RefusalText(507, "存储空间不足，操作未保存", "There is no storage space left; nothing was saved"),
    "E_STATE_FORMAT": RefusalText(500, "流程状态格式无法识别", "The stored state of the process cannot be read"),
    "E_RATE_LIMITED": RefusalText(429, "操作过于频繁，请稍后再试", "Too many requests; try again later"),
    "E_CSRF": RefusalText(403, "页面已失效，请刷新后重试", "The page has expired; load it again"),
    "E_REQUEST_TOO_LARGE": RefusalText(413, "请求内容过大", "The request is too large"),
    "E_METHOD_NOT_ALLOWED": RefusalText(405, "此地址不支持该操作", "This address does not know this method"),
    "E_MEDIA_TYPE": RefusalText(415, "不支持此内容类型", "This type of content is not supported here"),
    "E_IDEMPOTENCY_REUSED": RefusalText(
        422, "同一请求编号已用于其他内容", "This request key was used for another content"
    ),
    "E_IMPORT_NOT_EMPTY": RefusalText(409, "组织树已有数据，不能重复导入", "The organisation tree is not empty"),
    "E_INTERNAL": RefusalText(
        500, "系统内部错误，请联系管理员", "An internal error occurred; contact the administrator"
    ),
    "E_BACKUP_FAILED": RefusalText(500, "备份或恢复未完成", "The backup or its restoring was not completed"),
    "E_BACKUP_INVALID": RefusalText(422, "备份文件无效", "The backup file is not valid"),
    "E_RESTORE_NOT_EMPTY": RefusalText(
        409, "目标数据库不是空的，不能恢复", "The database is not empty: nothing is restored over it"
    ),
    "E_LOGIN_REQUIRED": RefusalText(401, "请先登录", "Log in first"),
    "E_SECOND_FACTOR_REQUIRED": RefusalText(403, "请完成二次验证", "Prove who you are by your second factor"),
    "E_SECOND_FACTOR_MISSING": RefusalText(403, "请先设置二次验证", "Set up a second factor first"),
    "E_SECOND_FACTOR_INVALID": RefusalText(422, "二次验证未通过", "The second factor was not right"),
    "E_CERT_INVALID": RefusalText(422, "数字证书无效", "The digital certificate is not valid"),
    "E_ACCOUNT_EXISTS": RefusalText(409, "该用户名已有账号", "There is an account of this name already"),
    "E_SETTING_INVALID": RefusalText(422, "运行参数无效", "A setting is not valid"),
    "E_FIELD_INVALID": RefusalText(422, "字段内容无效", "The field is not valid"),
}
