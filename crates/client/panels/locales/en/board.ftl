# Tools.
board-tools = Tools: { $tool }
board-tools-all = Tools
board-with-key = { $name } ({ $key })
board-shapes = Shapes: { $tool }
board-shapes-all = Shapes
tool-select = Select
tool-hand = Move the view
tool-laser = Laser pointer
tool-pen = Pen
tool-highlighter = Highlighter
tool-eraser = Eraser
tool-text = Text
tool-note = Note
tool-line = Line
tool-arrow = Arrow
tool-rectangle = Rectangle
tool-ellipse = Ellipse

# How things look.
board-style = Colours and lines
board-color = Colour: { $name }
color-graphite = Graphite
color-blue = Blue
color-sky = Sky blue
color-green = Green
color-yellow = Yellow
color-orange = Orange
color-red = Red
color-purple = Purple
board-width = Width
width-fine = Fine
width-usual = Medium
width-broad = Broad
width-marker = Very broad
width-exact = Exact width
board-fill = Fill
fill-none = Not filled
fill-tint = Pale
fill-solid = Filled
board-dash = Line
dash-solid = Solid
dash-dashed = Dashed
dash-dotted = Dotted
board-letters = Letters
letters-small = Small
letters-medium = Medium
letters-large = Large
letters-huge = Very large
board-align = Alignment
align-start = At the left
align-middle = In the middle
align-end = At the right
board-eraser = Eraser
eraser-whole = Whole strokes
eraser-parts = Parts of strokes

# Pages.
board-page-number = Page { $number }
board-page-on-wall = { $name } (on the wall)
board-pages = { $count ->
    [one] { $count } page
   *[other] { $count } pages
}
board-pages-all = Pages
board-page-add = New page
board-page-rename = Rename this page
board-page-name = Name of the page
board-page-remove = Remove this page

# Whether it is safe.
board-saved = Saved
board-saved-about = The server has stored everything that you drew.
board-saving = Saving …
board-saving-about = What you drew is on its way to the server.
board-waiting = { $count ->
    [one] { $count } change waits
   *[other] { $count } changes wait
}
board-not-saved = Not saved
board-not-saved-about = { $count ->
    [one] Not saved: the server's disk is full. One change of yours is kept here and offered again.
   *[other] Not saved: the server's disk is full. { $count } changes of yours are kept here and offered again.
}

# Others at the board.
board-people = { $count ->
    [one] { $count } other person at this board
   *[other] { $count } others at this board
}
board-people-all = People at this board
board-lead = Others may follow me
board-follow-title = Look at what they look at
board-follow = Follow { $name }
board-follow-leader = Follow { $name }, who leads
board-follow-stop = Stop following { $name }

# Notices.
board-loading = The board is being fetched …
board-not-granted = You can look, but not draw. A moderator can let you write on boards.
board-frozen = A moderator has frozen this board: nobody can draw.
board-thaw = Let all draw
board-too-much-waits = Too much waits for the server. You can go on when it answers.
board-leading = You lead: others can follow what you look at.
board-following = You follow { $name }.
board-led-by = { $name } leads at this board.
board-do-follow = Follow
board-stop = Stop

# What is done with a board.
board-open = Open the whole board
board-put-away = Put the pen away
board-close = Back to the room
board-more = This board
board-back = Back
board-show = Show this on the wall
board-picture = Insert a picture
board-templates = Templates
template-grid = Grid
template-kanban = Kanban
template-retrospective = Retrospective
template-two-by-two = Two by two
kanban-to-do = To do
kanban-doing = In progress
kanban-done = Done
retrospective-good = What went well
retrospective-bad = What did not
retrospective-do = What we will do
two-by-two-left = Little effort
two-by-two-right = Much effort
two-by-two-bottom = Little value
two-by-two-top = Much value
board-export = Save page as
board-file-png = Picture (PNG)
board-file-pdf = Document to print (PDF)
board-file-svg = Shapes to edit (SVG)
board-dark = Dark paper
board-freeze = Freeze: nobody can draw
board-remove-by = Take away drawings by
board-remove-by-whom = Everything that they drew on this board goes.
board-author = { $name } · { $count }
board-author-gone = somebody who left

# Undo, zoom, selection, text.
board-undo = Undo
board-redo = Redo
zoom-title = Zoom
zoom-in = Nearer
zoom-out = Further away
zoom-fit = Show all
zoom-whole = Real size
zoom-now = { $percent }. Real size (0)
zoom-menu = Zoom: { $percent }
selection-duplicate = Duplicate
selection-delete = Delete
selection-front = To the front
selection-back = To the back
selection-lock = Lock
selection-unlock = Unlock
selection-more = More for the selection
board-text-field = Text on the board

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

# What happened at a board.
board-exported = Saved: { $file }
board-exported-missing = Saved: { $file }. No font on this computer has: { $missing }
board-exported-without-pictures = { $saved }. { $count ->
    [one] One picture is not in it, because it has not arrived here.
   *[other] { $count } pictures are not in it, because they have not arrived here.
}
board-not-exported = The page was not saved: { $reason }
board-no-picture = The picture was not inserted: { $reason }
board-nothing-to-insert = There is no picture on the clipboard. Copy one, or drop a file onto the board.
board-too-many-pictures = Several pictures are on their way already. Try again in a moment.
board-stored = What was kept here is saved now.
board-undo-skipped = { $count ->
    [one] One change was left: somebody else has changed the same thing since.
   *[other] { $count } changes were left: somebody else has changed the same things since.
}
board-text-cut = The text was longer than a text may be, and ends here.
board-text-kept = Somebody removed the text while you typed: it was kept as a new one.
refusal-gone = It is not on the board any more.
refusal-locked = It is locked. Unlock it first.
refusal-moderators = Only moderators can do this.
refusal-full = This board holds as much as it can. Take something away, or use another board.
refusal-pages = This board has as many pages as it can.
refusal-last-page = The last page stays.
refusal-impossible = That is not possible here.

# The help at a board.
help-draw = At a board: draw on it; a click opens it
help-in-room = In the room
help-at-board = At a board
cap-space = Space
help-erase = Eraser; with Shift only what it touches
help-write = Text, note
help-shapes = Rectangle, ellipse, line, arrow
help-pan = Move the view, while held
help-zoom = Nearer, further, real size, show all
help-pages = The page before, the next one
help-undo = Undo, redo
help-copy = Copy, cut, paste
help-double = Duplicate, delete
help-all = Select all
help-nudge = Move the selection; with Shift further
help-order = To the front, to the back
help-text-done = Finish a text; so does Esc
help-room-letters = The chat; so with H, P and I
help-open-board = Open the nearest board, unless B is for talking
help-leave-board = Let go: selection, tool, board
