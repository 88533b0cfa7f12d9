# On the way in, and after.
loading-title = On the way in
lobby-title = In the lobby
lobby-sentence = Somebody inside will let you in.
lobby-waited = { $seconds ->
    [one] Waiting for { $seconds } second
   *[other] Waiting for { $seconds } seconds
}
lobby-stop = Stop waiting
try-again = Try again
go-home = Home
ended-left = You left the room
ended-left-do = The meeting goes on without you. You can come back by the same way.
ended-removed = You were removed from the room
ended-removed-do = A moderator ended your visit. If that was a mistake, ask for a new link.
ended-banned = You are banned from this room
ended-banned-do = Only a moderator of the room can lift the ban.
ended-turned-away = You were not let in
ended-turned-away-do = Somebody inside turned you away. Ask whoever invited you, then try again.
ended-full = The room is full
ended-full-do = Try again when somebody has left, or ask the host for a larger room.
ended-locked = The room is locked
ended-locked-do = Ask somebody inside to unlock it, then try again.
ended-expired = This link no longer works
ended-expired-do = It has expired, was withdrawn or is used up. Ask for a new one.
ended-refused = The server did not let you in
ended-refused-do = Check the link with whoever sent it, then try again.
ended-unreachable = The server cannot be reached
ended-unreachable-do = Check your network, and that the host's computer is on, then try again.
ended-stopped = The server stopped
ended-stopped-do = It may come back in a moment. Try again shortly.
ended-deleted = The room is no longer there
ended-deleted-do = Ask the host for a link to another room.
ended-elsewhere = You are in this room elsewhere
ended-elsewhere-do = The meeting goes on in your other window. Try again to bring it back here.
ended-broken = This room cannot be shown
ended-broken-do = Some of its files are missing or broken. Ask the host to check the room.

# The help.
help-title = Controls
cap-arrows = Arrow keys
cap-mouse = Drag
cap-right-click = Right click
cap-click = Click
cap-wheel = Wheel
help-walk = Walk
help-run = Run
help-arrows = Walk and turn
help-look = Look round
help-free-look = The view follows the mouse, until Esc
help-click = Sit on a seat, or walk there
help-stand = Stand up
help-scroll = Move the camera away from you, and back
help-view = See yourself from behind, and back
help-mute = Mute, unmute
help-talk = Held: talk, in push-to-talk mode
help-hand = Raise or lower your hand
help-wave = Wave
help-point = Point, while held
help-chat = Chat
help-people = People
help-invite = Invite
help-settings = Settings
help-help = These controls
help-close = Close a panel
