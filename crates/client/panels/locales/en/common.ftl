# Said everywhere.
app-name = Atrium
cancel = Cancel
close = Close
done = Done
dismiss = Dismiss this notice
as-system = As the system
percent = { $number } %
separator = { " · " }
today = Today
yesterday = Yesterday
date = { $year }-{ $month }-{ $day }
