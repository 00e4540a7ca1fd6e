/** What is left open, and what the person hears whose accounts they are. */
export const tellingTexts = {
  'timeline.progress': '*{action}*: {done} of {total} steps done{rest}',
  'progress.rest.failed': ', {count} need a human',
  'progress.rest.manual': ', {count} wait for a person to do them by hand',
  'progress.rest.unproven': ', {count} not proven yet',
  'progress.rest.running': ', {count} under way',

  'status.closed.compromised':
    'The incident is closed: somebody else had access. Everything that was decided to protect your accounts is done. Thank you, your report made the difference.',
  'status.closed.compromised.open':
    'The incident is closed: somebody else had access. *Not everything on your accounts could be finished and proven.* Please talk to {owner} before you use them. Thank you, your report made the difference.',
  'status.closed.compromised.nothing':
    'The incident is closed: somebody else had access. *I changed nothing on your accounts.* Please talk to {owner} before you use them. Thank you, your report made the difference.',

  'tell.queue_refuses':
    ':hourglass: What was decided here ({actions}) *is waiting*: the queue accepts no work. {why} It will be done as soon as the queue works again; nothing has to be decided twice. If minutes count, act in the consoles meanwhile.',

  'status.closed.off':
    '*You cannot sign in yet to: {systems}.* The security team switched it off and gives it back; ask {owner} when.',
  'status.security_team': 'the security team',

  'card.next.unproven': 'a step was accepted but is not proven: look at it in its system, see the thread.',

  'card.owner.called': '*Taken by:* nobody yet. *Called:* {who}',
  'card.owner.none_called':
    '*Taken by:* nobody yet. :warning: Nobody is called: set `workspace.on_call` or `workspace.roles` in notme.yml.',
  'card.fallback.on_call': '{who} {text}',
  'on_call.nobody': 'Nobody is on call (set `workspace.on_call` in notme.yml).',
  'timeline.called_again': ':bell: Open since {since}, and nobody has taken it yet. {who}',
  'timeline.approvers_called': ':bell: Nobody has taken it yet. Each approver has been told in a direct message.',
  'timeline.nobody_to_call':
    ':warning: Nobody has taken it yet, and there is no approver to tell: set `workspace.roles.approver` in notme.yml.',
  'tell.untaken':
    ':bell: Incident *{reference}* ({name}) has been open since {since}, and nobody has taken it. Please press *Take it* on its card in <#{channel}>.',

  'modal.close.open':
    ':warning: *Still open*\n{lines}\nClosing finishes none of it. If it may stay so, say why under "What did you find?".',
  'modal.close.open.failed': '• {count} need a human: {which}',
  'modal.close.open.manual': '• {count} manual steps wait to be ticked off: {which}',
  'modal.close.open.unproven': '• {count} accepted, but not proven: {which}',
  'modal.close.open.running': '• {count} still under way: {which}',
  'modal.close.open.step': '{system}: {action}',
  'modal.close.open.more': '{steps} and {count} more',
  'modal.close.open.tasks': '• {count} tasks of the runbook',
  'modal.close.open.waiting':
    '• {what}, signed by {who}, waits for a second approver: closing ends it, *and it is not done*',
  'modal.close.open.review': '• what {who} did by break-glass is reviewed by nobody yet',
  'modal.close.off':
    ':no_entry: *Nobody can sign in to: {systems}.* It stays so when you close. Give it back first (*Re-enable*, or *Undo* of the quarantine), unless it shall stay off.',
  'modal.close.nothing': ':warning: *No step has changed anything on these accounts.*',

  'timeline.closed_open': ':warning: Open when it was closed: {what}',
  'closed_open.failed': '{count} need a human',
  'closed_open.manual': '{count} manual steps',
  'closed_open.unproven': '{count} not proven',
  'closed_open.running': '{count} under way',
  'closed_open.waiting': '*not done:* {what}, which {who} signed alone',
  'closed_open.review': 'the review of what {who} did by break-glass',
  'closed_open.off': '*still off:* {systems}',
  'closed_open.tasks': '{count} tasks of the runbook',
} as const;
