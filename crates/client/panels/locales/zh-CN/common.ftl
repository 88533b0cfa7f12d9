# 各处通用。
app-name = Atrium
cancel = 取消
close = 关闭
done = 完成
dismiss = 关闭这条通知
as-system = 跟随系统
percent = { $number }%
separator = { "，" }
today = 今天
yesterday = 昨天
date = { $year } 年 { $month } 月 { $day } 日
