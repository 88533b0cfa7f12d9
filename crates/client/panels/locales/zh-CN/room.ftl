# 底栏。
bar-microphone-on = 麦克风开
bar-microphone-on-hint = 麦克风已打开。按 M 静音
bar-microphone-off = 已静音
bar-microphone-off-hint = 麦克风已静音。按 M 打开
bar-microphone-locked-hint = 麦克风已被主持人静音
bar-microphone-not-granted-hint = 你在这里只能旁听
bar-microphone-hold = 按住 B
bar-microphone-hold-hint = 按住 B 说话。按 M 静音
bar-microphone-held = 正在说话
bar-microphone-held-hint = 按住 B 时麦克风打开。按 M 静音
bar-microphone-problem = 无麦克风
bar-microphone-test = 试音中
bar-microphone-test-hint = 正在试音，别人听不到你。点击停止
bar-hand = 举手
bar-hand-up = 放下手
bar-hand-hint = 举手或放下（{ $key }）
bar-reactions = 表情
bar-reactions-hint = 发一个表情
bar-chat = 聊天
bar-chat-hint = { $count ->
    [0] 聊天（{ $key }）
   *[other] 聊天（{ $key }）：{ $count } 条新消息
}
bar-people = 成员
bar-people-hint = { $count ->
    [0] 成员（{ $key }）
   *[other] 成员（{ $key }）：{ $count } 人等待进入
}
bar-invite = 邀请
bar-invite-hint = 邀请别人（{ $key }）
bar-settings = 设置
bar-settings-hint = 设置（,）
bar-more = 更多
bar-more-hint = 表情、邀请、设置
bar-leave = 离开
bar-leave-hint = 离开房间

# 表情。
reaction-thumbs-up = 点赞
reaction-heart = 爱心
reaction-clap = 鼓掌
reaction-laugh = 大笑
reaction-surprise = 惊讶
reaction-party = 庆祝
reaction-wave = 挥手
reaction-question = 疑问

# 成员。
people-in-room = { $count } 人在场
people-waiting = { $count } 人等待进入
people-hands = 举手的人（按先后）
people-hand-line = { $number }. { $name }
admit = 允许进入
admit-spoken = 允许{ $name }进入
deny = 拒绝
deny-spoken = 拒绝{ $name }进入
room-locked = 锁定房间：不再让新的人进来
room-lobby = 访客先在等候室等待
mute-all = 全体静音
recall-host = 收回房间
role-guest = 访客
role-member = 成员
role-moderator = 主持人
role-owner = 房主
fact-you = 你
fact-muted-here = 已被你屏蔽
fact-unheard = 听不到
fact-reconnecting = 正在重连
fact-speaking = 正在说话
fact-muted = 已静音
fact-muted-by-moderator = 被主持人静音
fact-hand = 已举手
fact-presenting = 正在演示
hear-volume = 你听到的音量
hear-not = 不听此人的声音
act-mute = 静音
act-allow-unmute = 允许打开麦克风
act-lower-hand = 放下其举手
act-transfer = 移交房间
act-role = 身份
act-grants = 允许
act-remove = 移出
act-ban = 封禁
act-step-down-hint = 降低自己的身份会立即生效。
grant-voice = 发言
grant-draw = 在白板上书写
grant-share = 共享屏幕
grant-record = 录制

# 聊天。
chat-empty = 还没有人说话。
chat-new = 新消息
chat-me = 我
chat-field = 消息
chat-hint = 发给所有人
chat-send = 发送
chat-count = { $count } / { $most } 字 · Shift+Enter 换行

# 邀请。
invite-about = 有了链接，别人就能进入这个房间。
invite-make = 生成链接
invite-ask-host = 请向房主或主持人索取邀请链接。
invite-link-about = 拿到这个链接的人都可以进来。
invite-copy = 复制链接
invite-role = 进来后的身份：{ $role }
invite-expires = 有效期至{ $day } { $time }
invite-code = 邀请链接的二维码
invite-code-about = 也可以用手机或头显扫码。

# 提问。
leave-title = 要离开房间吗？
leave-about = 房间里还有 { $count } 人，他们会留下。
leave-about-host = 房间运行在这台电脑上：你一离开，另外 { $count } 人的会议也会结束。
leave-unsaved = 你画的内容还没有全部存到服务器。现在离开，这些内容就会丢失。
leave-yes = 离开
remove-title = 把{ $name }移出房间？
remove-about = 对方仍可以用邀请链接回来。
remove-yes = 移出
ban-title = 封禁{ $name }？
ban-about = 解除封禁之前，对方无法再进来。
ban-yes = 封禁
reason = 原因
reason-hint = 对方会看到（可不填）
transfer-title = 把房间移交给{ $name }？
transfer-about = 对方成为房主，你成为主持人。之后可以收回。
transfer-yes = 移交

# 通知。
lost = 连接已断开，正在重连…… { $seconds } 秒
toast-joined = { $name }进来了
toast-left = { $name }离开了
toast-timed-out = { $name }断线了
toast-removed = { $name }已被移出
toast-banned = { $name }已被封禁
toast-hand = { $name }举手了
toast-knock = { $name }等待进入
toast-rights = 你在这里的权限有变化
toast-muted = 主持人把你静音了
toast-may-speak = 你可以重新打开麦克风了
toast-plain-room = 无法载入此房间的外观，只显示其简单形状。{ $reason }
toast-refused = 没有完成：{ $reason }
refused-not-allowed = 你没有这个权限
refused-not-found = 它已经不在了
refused-taken = 已被别人占用
refused-too-fast = 操作太频繁，请稍后再试
refused-invalid = 无法这样做
refused-storage = 服务器暂时无法保存，请再试一次
toast-copied = 已复制
