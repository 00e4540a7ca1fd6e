/** One-time codes, recovery codes and locks: what is told about them. */
export const codesTexts = {
  'announce.locked':
    ':no_entry: Five wrong codes were entered as {who}: their codes are locked until {until}. If that was not them, somebody else is using their Slack. Ask them in person or by phone, and lift the lock when it was a mistake.',
  'announce.locked.you':
    ':no_entry: Five wrong codes were entered as you: your codes are locked until {until}.\n*It was you:* ask another approver to press *Lift the lock* in the security channel, and check that the clock of your phone is set automatically.\n*It was not you:* somebody else is using your Slack. Tell the security team by phone, and sign out of all Slack sessions.',
  'announce.ended':
    ':no_entry: A hundred wrong codes in a row were entered as {who}: their codes are shut off. Somebody may be using their Slack. They can decide again only after a new enrolment on the host: notme enroll',
  'announce.ended.you':
    ':no_entry: A hundred wrong codes in a row were entered as you: your codes are shut off. Somebody may be using your Slack: tell the security team by phone. An administrator enrols you anew on the host: notme enroll',
  'announce.recovery':
    ':key: {who} used a recovery code in place of the authenticator app; {left} are left. If that was not them, somebody else has their codes.',
  'announce.recovery.you':
    ':key: One of your recovery codes was used; {left} are left. If that was not you, tell the security team at once and ask for a new enrolment.',
  'announce.lifted': ':unlock: {who} lifted the lock of {whom}. The wrong codes still count towards the next one.',
  'announce.lifted.you': ':unlock: {who} lifted your lock: you can decide again with a code.',
  'announce.enrolled':
    ':key: {who} was enrolled for one-time codes on the host of Notme. Was that agreed? If not, somebody else has the host.',
  'announce.enrolled.you':
    ':key: You were enrolled for one-time codes on the host of Notme. If you did not scan a code just now, somebody else did as you: tell the security team at once.',
  'announce.enrolled_again':
    ':key: {who} was enrolled *anew* on the host of Notme: the earlier codes and recovery codes stopped working. Was that agreed? If not, somebody else has the host.',
  'announce.enrolled_again.you':
    ':key: You were enrolled *anew* on the host of Notme: your earlier codes and recovery codes stopped working. If you did not scan a code just now, somebody else did as you: tell the security team at once.',
  'announce.removed':
    ':key: The codes of {who} were taken back on the host of Notme. They decide nothing that needs one.',
  'announce.removed.you': ':key: Your codes were taken back on the host of Notme: you decide nothing that needs one.',
  'lock.lift': 'Lift the lock',
  'modal.lift.title': 'Lift the lock',
  'modal.lift.intro':
    'Do this only when you have spoken with {who}, in person or by phone, and they say that *they* mistyped, or that somebody else is guessing and the Slack sessions were ended. The wrong codes keep counting: the next lock is twice as long, and after a hundred only a new enrolment helps.',
  'modal.lift.submit': 'Lift it',
  'problem.lift.own': 'Your own lock is lifted by another approver.',
  'announce.roles':
    ':busts_in_silhouette: *Who may do what has changed* (user groups in Slack, or notme.yml):\n{lines}\nIf none of you did this, somebody else has that user group or the host.',
  'announce.roles.in': '   ▸ {who} is now one of the {role}',
  'announce.roles.out': '   ▸ {who} is no longer one of the {role}',
  'problem.lift.none': 'There is no lock any more: it has run out, or somebody has lifted it.',
  'problem.lift.ended':
    'After a hundred wrong codes no lock is lifted: an administrator enrols this person anew on the host, with notme enroll.',
  'problem.code.not_enrolled':
    'You have no one-time code yet. Press *Enrol an authenticator app* on my Home tab, and another administrator approves it; or an administrator enrols you on the host with: notme enroll @you',
  'problem.code.unreadable':
    'Your one-time code cannot be checked: its seed cannot be opened with the present key. An administrator restores the right NOTME_SECRET_KEY, or enrols you anew with: notme enroll @you',
  'problem.code.malformed': 'A code has six digits; a recovery code looks like 3-7kq2m-x9d4t.',
  'problem.code.wrong':
    'Wrong code; {count} more and your codes are locked. Wait for the next one in your app and try again.',
  'problem.code.clock':
    "Wrong code, but it was right some minutes ago: your phone's clock seems slow. Set it automatically, then try again; {count} more wrong ones and your codes are locked.",
  'problem.code.replayed': 'This code was already used. Wait for the next one (at most 30 seconds).',
  'problem.code.used': 'This recovery code was already used. Each counts once: take another one.',
  'problem.code.locked':
    'Too many wrong codes: your codes are locked until {until}. The channel has been told; another approver can lift the lock there.',
  'problem.code.ended':
    'Too many wrong codes in a row: your codes are shut off. An administrator enrols you anew on the host with: notme enroll @you',
} as const;
