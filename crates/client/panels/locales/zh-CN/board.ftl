# 工具。
board-tools = 工具：{ $tool }
board-tools-all = 工具
board-with-key = { $name }（{ $key }）
board-shapes = 形状：{ $tool }
board-shapes-all = 形状
tool-select = 选择
tool-hand = 移动视图
tool-laser = 激光笔
tool-pen = 画笔
tool-highlighter = 荧光笔
tool-eraser = 橡皮
tool-text = 文字
tool-note = 便签
tool-line = 直线
tool-arrow = 箭头
tool-rectangle = 矩形
tool-ellipse = 椭圆

# 样式。
board-style = 颜色和线条
board-color = 颜色：{ $name }
color-graphite = 石墨色
color-blue = 蓝色
color-sky = 天蓝色
color-green = 绿色
color-yellow = 黄色
color-orange = 橙色
color-red = 红色
color-purple = 紫色
board-width = 粗细
width-fine = 细
width-usual = 中
width-broad = 粗
width-marker = 特粗
width-exact = 精确粗细
board-fill = 填充
fill-none = 不填充
fill-tint = 浅色
fill-solid = 实色
board-dash = 线型
dash-solid = 实线
dash-dashed = 虚线
dash-dotted = 点线
board-letters = 字号
letters-small = 小
letters-medium = 中号
letters-large = 大
letters-huge = 特大
board-align = 对齐
align-start = 左对齐
align-middle = 居中
align-end = 右对齐
board-eraser = 擦除方式
eraser-whole = 整笔擦除
eraser-parts = 部分擦除

# 页。
board-page-number = 第 { $number } 页
board-page-on-wall = { $name }（墙上正在显示）
board-pages = 共 { $count } 页
board-pages-all = 所有页
board-page-add = 新建一页
board-page-rename = 重命名本页
board-page-name = 页名
board-page-remove = 移除本页

# 保存情况。
board-saved = 已保存
board-saved-about = 你画的内容都已存到服务器。
board-saving = 正在保存……
board-saving-about = 你画的内容正在发往服务器。
board-waiting = { $count } 处修改等待保存
board-not-saved = 未保存
board-not-saved-about = 未保存：服务器磁盘已满。你的 { $count } 处修改暂存在这里，会再次提交。

# 白板前的人。
board-people = 还有 { $count } 人在这块白板前
board-people-all = 白板前的人
board-lead = 允许别人跟随我
board-follow-title = 跟随别人的视图
board-follow = 跟随{ $name }
board-follow-leader = 跟随正在带领的{ $name }
board-follow-stop = 不再跟随{ $name }

# 提示。
board-loading = 正在获取白板……
board-not-granted = 你只能观看，不能书写。主持人可以允许你在白板上书写。
board-frozen = 主持人已冻结这块白板：谁都不能书写。
board-thaw = 解除冻结
board-too-much-waits = 等待服务器处理的内容太多，等它回应后再继续。
board-leading = 你在带领：别人可以跟随你的视图。
board-following = 你在跟随{ $name }。
board-led-by = { $name }正在带领大家看白板。
board-do-follow = 跟随
board-stop = 停止

# 整块白板。
board-open = 打开整块白板
board-put-away = 放下笔
board-close = 回到房间
board-more = 这块白板
board-back = 返回
board-show = 让墙上显示这里
board-picture = 插入图片
board-templates = 模板
template-grid = 方格
template-kanban = 看板
template-retrospective = 回顾
template-two-by-two = 四象限
kanban-to-do = 待办
kanban-doing = 进行中
kanban-done = 已完成
retrospective-good = 做得好的
retrospective-bad = 不足之处
retrospective-do = 接下来要做的
two-by-two-left = 费力少
two-by-two-right = 费力多
two-by-two-bottom = 价值低
two-by-two-top = 价值高
board-export = 本页另存为
board-file-png = 图片（PNG）
board-file-pdf = 可打印文档（PDF）
board-file-svg = 可编辑图形（SVG）
board-dark = 深色板面
board-freeze = 冻结：谁都不能书写
board-remove-by = 清除某人画的内容
board-remove-by-whom = 此人在这块白板上画的内容会全部移除。
board-author = { $name } · { $count }
board-author-gone = 已离开的人

# 撤销、缩放、选中、文字。
board-undo = 撤销
board-redo = 重做
zoom-title = 缩放
zoom-in = 放大
zoom-out = 缩小
zoom-fit = 显示全部
zoom-whole = 实际大小
zoom-now = { $percent }。恢复实际大小（0）
zoom-menu = 缩放：{ $percent }
selection-duplicate = 复制一份
selection-delete = 删除
selection-front = 移到最前
selection-back = 移到最后
selection-lock = 锁定
selection-unlock = 解锁
selection-more = 选中内容的更多操作
board-text-field = 白板上的文字

# 提问。
board-remove-page-title = 移除“{ $name }”？
board-remove-page-about = 这一页上的所有内容会对所有人移除。可以撤销。
board-remove-page-yes = 移除
board-remove-by-title = 清除{ $name }画的所有内容？
board-remove-by-about = 白板上的 { $count } 个对象会对所有人消失。
board-remove-by-yes = 清除

# 白板上的事。
board-exported = 已保存：{ $file }
board-exported-missing = 已保存：{ $file }。这台电脑的字体缺少：{ $missing }
board-exported-without-pictures = { $saved }。其中缺少 { $count } 张图片，因为它们还没有传到这台电脑。
board-not-exported = 本页没有保存：{ $reason }
board-no-picture = 图片没有插入：{ $reason }
board-nothing-to-insert = 剪贴板上没有图片。请先复制一张，或把文件拖到白板上。
board-too-many-pictures = 已有几张图片正在处理，请稍后再试。
board-stored = 暂存的内容现在已保存。
board-undo-skipped = 有 { $count } 处没有撤销：之后别人已改过同样的内容。
board-text-cut = 文字太长，到这里为止。
board-text-kept = 你输入时有人移除了这段文字，已另存为新的文字。
refusal-gone = 它已不在白板上。
refusal-locked = 它已锁定，请先解锁。
refusal-moderators = 只有主持人可以这样做。
refusal-full = 这块白板已满。请清除一些内容，或换一块白板。
refusal-pages = 这块白板的页数已到上限。
refusal-last-page = 最后一页不能移除。
refusal-impossible = 这里不能这样做。

# 白板的操作方法。
help-draw = 对着白板：拖动书写，点击打开
help-in-room = 在房间里
help-at-board = 在白板前
cap-space = 空格
help-erase = 橡皮；加 Shift 只擦碰到的部分
help-write = 文字、便签
help-shapes = 矩形、椭圆、直线、箭头
help-pan = 按住时移动视图
help-zoom = 放大、缩小、实际大小、显示全部
help-pages = 上一页、下一页
help-undo = 撤销、重做
help-copy = 复制、剪切、粘贴
help-double = 复制一份、删除
help-all = 全选
help-nudge = 移动选中内容；加 Shift 更远
help-order = 移到最前、移到最后
help-text-done = 写完文字；Esc 也可以
help-room-letters = 聊天；H、P、I 同理
help-open-board = 打开最近的白板（B 用于说话时除外）
help-leave-board = 依次放开：选中、工具、白板
