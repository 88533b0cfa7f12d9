# Pages of a board.
board-page-number = Page { $number }

# Questions.
board-remove-page-title = Remove “{ $name }”?
board-remove-page-about = Everything on this page goes for everybody. Undo brings it back.
board-remove-page-yes = Remove
board-remove-by-title = Take away everything by { $name }?
board-remove-by-about = { $count ->
    [one] One thing disappears from this board for everybody.
   *[other] { $count } things disappear from this board for everybody.
}
board-remove-by-yes = Take away
board-author-gone = somebody who left
