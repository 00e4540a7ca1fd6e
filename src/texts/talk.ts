/** What people hear who ask, or who have more to tell. They may be frightened: short, no blame, nothing to look up. */
export const talkTexts = {
  'help.what':
    "*Did something happen on your account that wasn't you?* A new password, a sign-in, a prompt that you did not start? Press the button: the security team is told at once. You cannot do anything wrong here; if you are not sure, press it.",
  'help.how.command':
    'You can also write to me in a direct message, in your own words, or send `/notme` and what happened. Only you see this answer.',
  'help.how.mention':
    'Only you see this answer. Please write nothing about it in this channel: the button is enough, or a direct message to me, in your own words.',
  'help.else': 'For anything else, please ask your IT help desk.',
  'help.open.taken':
    '*Your report {reference}* of {when} has arrived, and {owner} is looking at it. You do not have to report it again. If you remember anything else, write it to me in a direct message: I pass it on.',
  'help.open.waiting':
    '*Your report {reference}* of {when} has arrived. The security team has been told; nobody has taken it yet. You do not have to report it again. If you remember anything else, write it to me in a direct message: I pass it on.',

  'timeline.added': ':speech_balloon: {who} adds, {surface}: {said}',
  'report.late':
    'I was away and have only now read this; I am sorry that you had to wait. The security team has been told.',
  'timeline.late': ':clock3: That was written {when}, while I was away; I have only now read it.',
  'report.added.taken': 'Passed on: {owner} is looking at your report *{reference}* and will read it.',
  'report.added.waiting':
    'Passed on to the security team, with your report *{reference}*. Nobody has taken it yet; they have been told.',
  'report.added.files':
    'I can pass on words, but no files: please keep them for the person who gets in touch with you.',
  'report.limited':
    'Your report *{reference}* is with the security team, and nothing of it is lost. You have written very often: until {until} I only count what you write, and tell them how much it was. If something new happens before that, please call them.',
  'talk.limited':
    'You have written very often, so I answer questions and small talk again after {until}. If something happened on your account that wasn\'t you, write "that wasn\'t me": I always take that.',
  'problem.limited.lookups':
    'You have had very many people looked up in this hour. Name the person by @mention, which is never limited, or wait until {until}.',
  'problem.limited.doctor':
    'The doctor was asked very often in this hour. Ask again after {until}; `notme doctor` on the host always works.',
  'announce.many_lockdowns':
    ':warning: {who} has opened more than {limit} incidents by /lockdown in this hour. Nothing is held up. If you do not know why, ask them in another way than Slack: somebody may be using their account.',
  'timeline.withheld.messages':
    ':heavy_plus_sign: {count} more messages of {who} in the hour from {since} are not repeated here: they wrote very often.',
  'timeline.withheld.refusals':
    ':no_entry: {count} more refused tries of {who} in the hour from {since} stand in the record as this number only.',
  'report.files': '{said} (with {count} files, which I cannot pass on: ask for them)',
  'report.files.only': '{count} files, which I cannot pass on: ask for them',

  'left.title': 'What is left to do',
  'left.steps': '*Steps that wait for a person*',
  'left.no_step': '*Steps that wait for a person:* none.',
  'left.failed': ':warning: *{system}*: {action} needs a human.{link}',
  'left.manual': ':clipboard: *{system}*: {action} is done by hand.{link}',
  'left.unproven': ':hourglass_flowing_sand: *{system}*: {action} is not proven yet: check whether it holds.{link}',
  'left.link': 'How, and tick off',
  'left.thread': 'The list of tasks is in the thread too.',
} as const;
