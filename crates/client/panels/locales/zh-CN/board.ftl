# 白板的页。
board-page-number = 第 { $number } 页

# 提问。
board-remove-page-title = 移除“{ $name }”？
board-remove-page-about = 这一页上的所有内容会对所有人移除。可以撤销。
board-remove-page-yes = 移除
board-remove-by-title = 清除{ $name }画的所有内容？
board-remove-by-about = 白板上的 { $count } 个对象会对所有人消失。
board-remove-by-yes = 清除
board-author-gone = 已离开的人
