# The bar.
bar-microphone-on = Mic on
bar-microphone-on-hint = Microphone: on. Mute (M)
bar-microphone-off = Muted
bar-microphone-off-hint = Microphone: muted. Unmute (M)
bar-microphone-locked-hint = Microphone: muted by a moderator
bar-microphone-not-granted-hint = Microphone: you may only listen here
bar-microphone-hold = Hold B
bar-microphone-hold-hint = Microphone: hold B to talk. Mute (M)
bar-microphone-held = Talking
bar-microphone-held-hint = Microphone: on while you hold B. Mute (M)
bar-microphone-problem = No mic
bar-microphone-test = Testing
bar-microphone-test-hint = Voice test: others hear nothing. Stop the test
bar-hand = Hand
bar-hand-up = Lower
bar-hand-hint = Raise or lower your hand ({ $key })
bar-reactions = React
bar-reactions-hint = Show a reaction
bar-chat = Chat
bar-chat-hint = { $count ->
    [0] Chat ({ $key })
    [one] Chat ({ $key }): { $count } new message
   *[other] Chat ({ $key }): { $count } new messages
}
bar-people = People
bar-people-hint = { $count ->
    [0] People ({ $key })
   *[other] People ({ $key }): { $count } waiting to come in
}
bar-invite = Invite
bar-invite-hint = Invite others ({ $key })
bar-settings = Settings
bar-settings-hint = Settings (,)
bar-more = More
bar-more-hint = Reactions, invite, settings
bar-leave = Leave
bar-leave-hint = Leave the room

# Reactions.
reaction-thumbs-up = Thumbs up
reaction-heart = Heart
reaction-clap = Applause
reaction-laugh = Laughing
reaction-surprise = Surprised
reaction-party = Hooray
reaction-wave = Waving
reaction-question = Question

# People.
people-in-room = { $count ->
    [one] { $count } person here
   *[other] { $count } people here
}
people-waiting = { $count ->
    [one] { $count } person waits to come in
   *[other] { $count } people wait to come in
}
people-hands = Hands raised, in order
people-hand-line = { $number }. { $name }
admit = Let in
admit-spoken = Let { $name } in
deny = Turn away
deny-spoken = Turn { $name } away
room-locked = Lock the room: nobody new gets in
room-lobby = Guests wait in the lobby
mute-all = Mute everyone
recall-host = Take the room back
role-guest = Guest
role-member = Member
role-moderator = Moderator
role-owner = Owner
fact-you = you
fact-muted-here = silenced by you
fact-unheard = cannot be heard
fact-reconnecting = reconnecting
fact-speaking = speaking
fact-muted = muted
fact-muted-by-moderator = muted by a moderator
fact-hand = hand raised
fact-presenting = presenting
hear-volume = How loud you hear them
hear-not = Do not hear them
act-mute = Mute
act-allow-unmute = Allow to unmute
act-lower-hand = Lower hand
act-transfer = Hand the room over
act-role = Role
act-grants = May
act-remove = Remove
act-ban = Ban
act-step-down-hint = A lower role for yourself takes effect at once.
grant-voice = Speak
grant-draw = Write on boards
grant-share = Share a screen
grant-record = Record

# Chat.
chat-empty = Nothing has been said here yet.
chat-new = New
chat-me = You
chat-field = Message
chat-hint = Write to everyone
chat-send = Send
chat-count = { $count } of { $most } · Shift+Enter: new line

# Invite.
invite-about = A link lets others into this room.
invite-make = Make a link
invite-ask-host = Ask an owner or moderator of the room for a link.
invite-link-about = Whoever has this link can come in.
invite-copy = Copy link
invite-role = They come as: { $role }
invite-expires = Works until { $day }, { $time }
invite-code = The link as a QR code
invite-code-about = Or scan it with a phone or headset.

# Questions.
leave-title = Leave the room?
leave-about = { $count ->
    [one] One other person is still inside and stays.
   *[other] { $count } others are still inside and stay.
}
leave-about-host = { $count ->
    [one] The room runs on this computer: the meeting ends for one other person.
   *[other] The room runs on this computer: the meeting ends for { $count } others.
}
leave-unsaved = Not everything that you drew has reached the server yet. If you leave now, it is lost.
leave-yes = Leave
remove-title = Remove { $name }?
remove-about = They can come back with an invite link.
remove-yes = Remove
ban-title = Ban { $name }?
ban-about = They cannot come back until the ban is lifted.
ban-yes = Ban
reason = Reason
reason-hint = They read this (may be empty)
transfer-title = Hand the room over to { $name }?
transfer-about = They become owner, you become moderator. You can take it back.
transfer-yes = Hand over

# Notices.
lost = Connection lost. Coming back … { $seconds } s
toast-joined = { $name } came in
toast-left = { $name } left
toast-timed-out = { $name } lost the connection
toast-removed = { $name } was removed
toast-banned = { $name } was banned
toast-hand = { $name } raised a hand
toast-knock = { $name } waits to come in
toast-rights = What you may do here has changed
toast-muted = A moderator muted you
toast-may-speak = You may unmute yourself again
toast-plain-room = The looks of this room could not be loaded, so you see its plain shape. { $reason }
toast-refused = Not done: { $reason }
refused-not-allowed = you may not do that
refused-not-found = that is no longer there
refused-taken = somebody else has it
refused-too-fast = too much at a time, try again in a moment
refused-invalid = that is not possible
refused-storage = the server cannot store it now, try again
toast-copied = Copied
