/** Why something was not done, or did not work. */
export const problemsTexts = {
  'problem.too_late': 'That took too long for Slack to open the window. Please try again.',
  'problem.task':
    'The task is already in the state that the thread shows: {state}, {who}, {when}. Nothing was changed.',
  'problem.task.unknown': 'This task was not opened in this incident. Press "Runbook" on the card first.',
  'problem.links.running': 'Steps are running on these accounts. Wait for them, then correct the link.',
  'problem.links.same': 'Nothing was changed.',
  'problem.links.stale':
    'The linked accounts have changed since this window was opened. Nothing was kept; open it again.',
  'problem.links.never': 'This login is on the never-touch list (notme.yml): it cannot be linked to anybody.',
  'problem.links.own': 'This is your own account: somebody else has to link it, and to decide about it.',
  'problem.not_approver':
    'Only approvers can decide this. Ask one of the approvers, or have yourself added to the approvers of Notme.',
  'problem.no_approvers':
    'Nobody is configured as an approver, so nobody can decide. Set `workspace.roles.approver` in notme.yml.',
  'problem.approvers_unknown':
    'Slack did not say just now who you are here and who is in which role, so this was refused. Please try again in a moment.',
  'problem.nobody_in_role':
    'Nobody is configured as one of these, so nobody can do this: {roles}. Set `workspace.roles` in notme.yml.',
  'problem.not_in_role':
    'This can be done by: {roles}. Ask one of them, or have yourself added to a role of Notme (`workspace.roles` in notme.yml).',
  'problem.standing.guest':
    'You are a guest of this workspace, and guests act in no role of Notme, even when one names them. Ask a full member who is in the role.',
  'problem.standing.single_channel_guest':
    'You are a single-channel guest of this workspace, and guests act in no role of Notme, even when one names them. Ask a full member who is in the role.',
  'problem.standing.deactivated':
    'This Slack account is deactivated, so nothing can be done in its name. Ask somebody else who is in the role.',
  'problem.standing.stranger':
    'You belong to another organisation, and only members of this workspace act in a role of Notme. Ask one of them.',
  'problem.standing.elsewhere':
    'You belong to another workspace, and only members of this one act in a role of Notme. Ask one of them.',
  'problem.standing.app': 'Apps and bots act in no role of Notme. A person has to do this.',
  'problem.standing.unknown':
    'Slack does not say that you are a member of this workspace, so this was refused. Ask an administrator of Slack, or somebody else who is in the role.',
  'role.responder': 'responders',
  'role.approver': 'approvers',
  'role.administrator': 'administrators',
  'role.auditor': 'auditors',
  'problem.own_unknown':
    'Slack gives no e-mail address for the approver, so their own accounts cannot be told from those of others, and this was refused. An administrator gives the Slack app the scope users:read.email and installs it again, or names them in notme.yml under workspace.people (slack_user and email) and starts Notme again.',
  'problem.own_account': 'This incident is about you: somebody else has to decide.',
  'problem.suspect':
    'There is an open incident about you ({reference}), so you can do nothing in any incident until somebody else has closed it: neither decide nor take it, nor look again, nor tick off the runbook. Who can act instead, as approvers: {who}.',
  'problem.suspect.alone':
    "There is an open incident about you ({reference}), so you can do nothing in any incident until somebody else has closed it, and there is no other approver. An administrator adds one to the approvers' user group in Slack, or to `workspace.roles.approver` in notme.yml and starts Notme again.",
  'approver.name': '{who}',
  'problem.own_login': '{login} in {system} is your own account: somebody else has to decide about it.',
  'problem.somebody_elses':
    '{login} in {system} was linked here by hand, and it is the account of {name}. Correct the accounts, have another approver confirm it there, or decide about it in an incident about {name} (/lockdown).',
  'problem.links.nobody':
    'This is the account of somebody else, which takes a second approver, and there is no other one in the roles. Decide about it in an incident about them (/lockdown), or have somebody added to workspace.roles.approver.',
  'problem.never_touch': 'This account is on the never-touch list (notme.yml): it must be handled by hand.',
  'problem.closed': 'This incident is already closed.',
  'problem.unknown_incident': 'This card is from an incident that is not known here. Nothing was changed.',
  'problem.old_card':
    'This card is from an older version of Notme. Nothing was changed; use the newest card in the channel.',
  'problem.decided': '{who} decided the same {when}. Nothing was done twice; see the thread.',
  'problem.plan_changed':
    'The accounts, or what was found in them, changed since this window was opened. Nothing was done; open it again.',
  'problem.running': 'The same step is already running. See the thread.',
  'problem.no_accounts': 'The linked accounts are still being looked up. Please try again in a few seconds.',
  'problem.nothing_to_do': 'None of the linked systems can do this. Nothing was changed.',
  'problem.reason': 'Please give a reason of at least 3 characters.',
  'problem.ranges': '{range}: {why}',
  'problem.ranges.empty': 'Please enter at least one range.',
  'problem.ranges.syntax': 'is not a CIDR such as 203.0.113.0/24 or 2001:db8::/48.',
  'problem.ranges.host_bits': 'has bits set behind the prefix; did you mean {meant}?',
  'problem.ranges.mapped': 'is an IPv4 address in IPv6 spelling; please write it as {meant}.',
  'problem.ranges.everything': 'covers every address, which limits nothing.',
  'problem.ranges.count': 'Those are {count} ranges; at most 50 are allowed.',
  'problem.ranges.both': 'Choose a prepared set or enter ranges, not both.',
  'problem.ranges.blocks_office':
    '{range} is a prepared login range, so people of yours sign in from there. Nobody could any more; tick "Block anyway" if you want that.',
  'problem.ranges.blocks_you':
    'You signed in from {ip} {when} yourself: neither you nor anybody else there could any more. Tick "Block anyway" if you want that.',
  'problem.ranges.outside':
    '{name} signed in from {ip} {when}, which is outside. Add its range, or tick "Limit anyway".',
  'problem.lockdown.how':
    'Use it like this: `/lockdown @person reason`. For somebody without Slack, their e-mail address or the login that a linked system knows: `/lockdown finn@example.com lost laptop`. You see the whole plan first; nothing is changed before you submit it.',
  'problem.lockdown.usage': 'Use it like this: /lockdown @person reason. {why}',
  'problem.lockdown.who': '{who}',
  'problem.lockdown.several':
    'Nothing was done: {count} people are named ({people}), and each of them needs a plan of their own. Send /lockdown once for each. Anyone who is only part of the reason can be named in the window, under Reason.',
  'problem.lockdown.group': '{text} is not one person. Name one person with @, by e-mail address or by login.',
  'problem.lockdown.ambiguous':
    'A linked system has several accounts for "{text}". Nothing was guessed: give the exact e-mail address or login.',
  'problem.lockdown.unread':
    'Slack does not know "{text}", and not every linked system could be asked ({systems}). Please try again in a moment.',
  'problem.lockdown.nobody': 'I found no person in "{text}".',
  'problem.lockdown.unknown':
    'I do not know the person "{text}", and no linked system does. Mention them with @, or give their exact e-mail address or login.',
  'problem.lockdown.no_reason': 'Please add the reason after the person.',
  'problem.lockdown.bot': 'That is an app, not a person.',
  'problem.lockdown.no_email': 'Slack gave me no e-mail address for that person, so their accounts cannot be found.',
  'problem.internal':
    'Something went wrong on our side (reference {reference}). Please try again: nothing happens twice. If you cannot wait, call the security team.',
  'problem.answered': 'You have already answered this notice.',
  'problem.recovery':
    'Not done yet:\n{tasks}\nFinish it under Runbook on the card, or say here why they come back before that.',
  'problem.items': 'Please choose at least one.',
  'problem.undo.superseded':
    'Nothing is left of *{action}* to put back: {who} decided *{later}* {when}, and that applies now.',
  'problem.undo.nothing': 'There is nothing to put back.',
  'problem.tick': 'This step is not waiting to be ticked off.',
  'problem.look.early': 'The accounts are being read for the first time right now. Please try again in a minute.',
  'problem.retry': 'This step is not waiting for another try.',
  'problem.retry.unlinked': 'This step was for an account that is no longer linked. Decide again for the one that is.',
  'problem.retry.unproven':
    'This step does not carry the proof of a decision, or had ended already, so it is not tried again. Decide again.',
  'problem.retry.anew':
    'This lets somebody in, was decided more than a day ago, or is not yours to try again. Decide again.',
  'failure.auth': 'the credentials of Notme were refused ({detail}). Renew them, then press Retry.',
  'failure.permission': 'Notme lacks a permission ({detail}). Grant it, then press Retry.',
  'failure.protected_account': 'the account is protected ({detail}). Do it by hand in the console.',
  'failure.not_found': 'the account was not found ({detail}).',
  'failure.ambiguous': 'several accounts match ({detail}). Nothing was guessed.',
  'failure.conflict': 'the system refused it in its present state ({detail}).',
  'failure.invalid_input': 'the system refused the input ({detail}).',
  'failure.licence': 'the licence does not include this ({detail}).',
  'failure.unsupported': 'the system cannot do this ({detail}).',
  'failure.throttled': 'the system is throttling ({detail}).',
  'failure.transient': 'the system did not answer properly ({detail}).',
  'failure.unknown_outcome': 'the answer was lost; it is read back before anything is repeated ({detail}).',
  'failure.not_held': 'it was accepted, but the read-back shows otherwise: {observed}',
  'failure.changed':
    'somebody changed it meanwhile, so nothing was overwritten. Look at it in the console, then decide.\n{differences}',
  'failure.not_restored':
    'it was sent, but the read-back shows otherwise: somebody changed it meanwhile, or the system shows it only later. Look at it in the console, then decide.\n{differences}',
  'failure.changed.line': '   ▸ {name}: expected {expected}, found {found}',
  'failure.not_authentic':
    ':rotating_light: *nothing more is sent, because this step does not carry the proof of a decision.* It names {who}: ask them on another channel. Somebody else may have written it to the database, or it is from before Notme kept such proofs, or the account has changed since. Retry lets you decide again.',
  'failure.put_back':
    ':rotating_light: *nothing more is sent, because this had ended before.* Somebody set it to run again in the database. Retry lets you decide again.',
  'failure.stale':
    'it was decided more than a day ago and has not ended. If it is still wanted, Retry lets you decide again.',
  'failure.closed':
    'the incident was closed before this began, so it was not begun. If it is still wanted, report again and decide it there.',
  'failure.approver': 'the person who decided may no longer decide this.',
} as const;
