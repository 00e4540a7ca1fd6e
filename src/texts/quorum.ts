/** Two people where it is grave: the first signature, the second, breaking the glass, and the review after it. */
export const quorumTexts = {
  'quorum.because.action': '*{action}* takes two approvers',
  'quorum.because.ordinary': 'every decision takes two approvers',
  'quorum.because.vip': 'decisions about a VIP take two approvers',
  'quorum.because.administrator': 'decisions about an administrator take two approvers',
  'quorum.because.service_account': 'decisions about a service account take two approvers',
  'quorum.because.approver': 'decisions about an approver take two others',
  'quorum.because.links': 'it names the account of somebody else',
  'quorum.changed': 'this is different now:\n{lines}',
  'quorum.changed.new': '   ▸ new: *{system}* {action} ({login})',
  'quorum.changed.gone': '   ▸ no longer: *{system}* {action} ({login})',
  'quorum.changed.else': 'what it acts on is different now.',
  'quorum.state.waiting':
    ':hourglass_flowing_sand: Signed by {who}, {when}. A second approver is missing, until {until}.',
  'quorum.state.decided': ':white_check_mark: Signed by two approvers; see below.',
  'quorum.state.expired': ':no_entry: Nobody signed second in time: nothing was done.',
  'quorum.state.outdated': ':no_entry: It was signed for another plan than there is now: nothing was done.',
  'quorum.state.closed': ':no_entry: The incident was closed: nothing was done.',
  'quorum.button': 'Sign as second approver',
  'card.waiting': ':hourglass_flowing_sand: *Waits for a second approver:* {action}, signed by {who}, until {until}.',
  'timeline.waiting':
    '{line}\n:busts_in_silhouette: *Nothing runs yet: this takes two approvers* ({why}). One of these is missing: {who}. It waits until {until}.',
  'timeline.waiting_reminded':
    ':bell: {who}: what {first} signed still waits for a second approver, until {until}. Press *Sign as second approver* above.',
  'timeline.waiting_escalated':
    ':bell: Nobody has signed as second approver yet: each approver who may has been sent a direct message.',
  'timeline.waiting_nobody':
    ':bell: Nobody has signed as second approver yet, and there is no other approver whom I could tell.',
  'timeline.waiting_expired':
    ':no_entry: What {who} signed waited for a second approver in vain and was not done. If it is still wanted, decide it again.',
  'timeline.waiting_outdated': ':no_entry: *Not done.* {what}',
  'timeline.waiting_replaced':
    ':no_entry: *Not done.* What {who} signed waits no longer: {by} has decided it anew, and that waits in its place.',
  'timeline.decided_by_two': '{line}\n:busts_in_silhouette: Second approver: {who}',
  'timeline.break_glass':
    '{line}\n:rotating_light: *Break-glass: this ran with one approver where it takes two.* Why it could not wait: {why}',
  'timeline.break_glass_told':
    ':rotating_light: Because of the break-glass, everybody else in the roles was sent a direct message ({count}).',
  'timeline.break_glass_nobody':
    ':rotating_light: *Nobody else is in the roles*, so nobody was told of this break-glass, and nobody can sign its review. Add somebody to workspace.roles.approver or workspace.roles.auditor.',
  'timeline.review_nobody':
    ':rotating_light: The break-glass of {who}, {when}, is still not reviewed, and *nobody can*: add somebody to workspace.roles.approver or workspace.roles.auditor. It is asked for again every day.',
  'timeline.review':
    ':mag: *Open review.* {who} broke the glass, {when}. Somebody else in the roles looks at what was done and why, and signs it here.',
  'timeline.review_open':
    ':rotating_light: {onCall}: nobody has reviewed the break-glass of {who}, {when}, yet. It is asked for again every day.',
  'timeline.reviewed': ':white_check_mark: {who} reviewed and signed the break-glass of {whom}.',
  'review.button': 'Sign the review',
  'review.state.signed': ':white_check_mark: Reviewed and signed by {who}, {when}.',
  'tell.waiting':
    ':bell: In incident *{reference}* ({name}), {first} has signed a decision that takes two approvers. Please look at the thread and sign it there, or speak with {first}. It waits until {until}.',
  'tell.break_glass':
    ':rotating_light: *Break-glass* in incident *{reference}* ({name}), {when}: {who} ran a decision alone that takes two approvers. Why: {why}\nIf that looks wrong, speak with {who} on another channel now. A review is open in the thread.',
  'tell.review_open':
    ':rotating_light: The break-glass of {who} in incident *{reference}* ({name}), {when}, is still not reviewed. Why it was done: {why}\nLook at the thread and sign the review there.',
  'modal.quorum.first':
    ':busts_in_silhouette: *This takes two approvers* ({why}). When you submit, nothing runs yet: it waits for the signature of a second one, for {hours} hours at most.',
  'modal.quorum.nobody':
    ':warning: *Nobody else can sign now.* That takes another approver with a code or a passkey, about whom no incident is open: have one enrol on their App Home, or add somebody to workspace.roles.approver. Until then it runs by break-glass only.',
  'modal.quorum.no_review':
    ':warning: *Nobody could review a break-glass either*: that takes somebody else in workspace.roles.approver, administrator or auditor.',
  'modal.break_glass': 'Break-glass: why can it not wait?',
  'modal.break_glass.hint':
    'Leave it empty to wait for the second approver. With a reason it runs at once: everybody in the roles is told, and somebody else has to review it.',
  'modal.countersign.title': 'Second signature',
  'modal.countersign.whom': 'Whom: *{name}*',
  'modal.countersign.override': ':warning: Why before the checklist is done: {override}',
  'modal.countersign.intro':
    '{who} signed this {when}. Reason: {reason}\nYou sign exactly this, and then it runs. Speak with {who} when you are not sure that it was them.',
  'modal.countersign.why': ':busts_in_silhouette: *Why it takes two:* {why}',
  'modal.countersign.plan': '*What will be done*',
  'modal.countersign.line': '   ▸ *{system}* {login}: {action}',
  'modal.countersign.undo_line': '   ▸ *{system}* {login}: undo of {action}',
  'modal.countersign.line_items': '   ▸ *{system}* {login}: {action} ({count})',
  'modal.countersign.undo_items': '   ▸ *{system}* {login}: undo of {action} ({count})',
  'modal.countersign.item': '         • {title} ({where})',
  'modal.countersign.more': '         • and {count} more, chosen in the first window',
  'modal.countersign.ranges': 'Addresses: {ranges}',
  'modal.countersign.submit': 'Sign',
  'modal.review.title': 'Sign the review',
  'modal.review.intro':
    '{who} broke the glass {when}. Why: {why}\nSign when you have looked at what was done, in the thread and in the record, and spoken with {who}. Your signature says that you looked; it undoes nothing.',
  'modal.review.submit': 'Sign',
  'problem.decided.two': '{who} and {second} decided this {when}. Nothing was done twice.',
  'problem.quorum.waiting':
    '{who} has signed this already; it waits for a second approver until {until}. Press *Sign as second approver* in the thread.',
  'problem.quorum.self': 'You are the same person who signed first. It takes somebody else as the second.',
  'problem.quorum.same':
    'You are the same person as {who}, who signed first: by Slack user, address or account. It takes somebody else.',
  'problem.quorum.enrolled':
    'One of you two approved the enrolment of the other less than a day ago, {who} and you: for that long it takes somebody else.',
  'problem.quorum.reporter': 'You reported this yourself: two others decide about it.',
  'problem.quorum.nobody':
    'This takes two approvers, and nobody else can sign now: that takes another approver with a code or a passkey, about whom no incident is open. Only break-glass runs it: enter there why it cannot wait. Or have another approver enrol on their App Home, or somebody be added to workspace.roles.approver.',
  'problem.break_glass.short':
    'Say why it cannot wait in at least {count} characters: everybody in the roles reads it.',
  'problem.quorum.expired': 'Its time is over since {when}, and nothing was done. It has to be decided again.',
  'problem.quorum.outdated': 'This was signed for another plan than there is now. It has to be decided again.',
  'problem.quorum.changed': 'What {who} signed is another plan than there is now, so {who} has to decide again: {what}',
  'problem.quorum.forged':
    ':rotating_light: This was not stored by Notme: somebody wrote it to the database. It is not signed. Tell whoever runs Notme.',
  'problem.review.own': 'You broke the glass yourself: somebody else has to review it.',
  'problem.review.signed': '{who} has reviewed this already, {when}.',
  'failure.one_approver':
    ':rotating_light: *nothing is sent, because this takes two approvers* and {who} decided it alone. The person may have become a VIP, an administrator or an approver since, or somebody wrote it to the database. Decide it again.',
  'approvers.alone.ordinary': 'everything about anybody else',
  'approvers.alone.vip': 'everything about a VIP',
  'approvers.alone.administrator': 'everything about an administrator',
  'approvers.alone.service_account': 'everything about a service account',
  'approvers.alone.approver': 'everything about an approver',
  'approvers.alone':
    'These decisions take two approvers, and only {who} can be one of them: {what}. Until there is another one in workspace.roles.approver, they can be taken by break-glass only.',
} as const;
